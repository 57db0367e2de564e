// Six reactions at hand, and more behind a button. One that is mine already is taken back.

import type { Ref } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Message } from '../../../src/contract/message.ts';
import { type Emoji, moreEmoji, quickEmoji } from '../../model/reactions.ts';
import { t } from '../../model/words.ts';
import { Icon } from '../controls/Icon.tsx';
import { useSurroundings } from '../controls/surroundings.ts';

interface Props {
  readonly message: Message;
  readonly onChosen: () => void;
  /** It has become larger. */
  readonly onGrown: () => void;
}

export function EmojiPicker({ message, onChosen, onGrown }: Props) {
  const { send } = useSurroundings();
  const [isOpen, setOpen] = useState(false);
  const added = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    if (!isOpen) return;
    onGrown();
    // Instead of the button that has gone.
    added.current?.focus();
  }, [isOpen]);
  const isMine = ({ emoji }: Emoji) =>
    message.reactions?.some((reaction) => reaction.from === 'me' && reaction.emoji === emoji) ?? false;
  const button = (each: Emoji, ref: Ref<HTMLButtonElement> | null = null) => (
    <button
      ref={ref}
      type="button"
      role="menuitemcheckbox"
      tabIndex={-1}
      key={each.emoji}
      class="emoji"
      aria-checked={isMine(each)}
      aria-label={each.name}
      title={each.name}
      onClick={() => {
        send({ kind: 'react', id: message.id, emoji: each.emoji, on: !isMine(each) });
        onChosen();
      }}
    >
      {each.emoji}
    </button>
  );
  return (
    <fieldset class="emoji-picker" aria-label={t('React')}>
      {quickEmoji().map((each) => button(each))}
      {isOpen ? (
        moreEmoji().map((each, at) => button(each, at === 0 ? added : null))
      ) : (
        <button
          type="button"
          role="menuitem"
          tabIndex={-1}
          class="emoji"
          aria-label={t('More reactions')}
          title={t('More reactions')}
          onClick={() => setOpen(true)}
        >
          <Icon name="ellipsis" />
        </button>
      )}
    </fieldset>
  );
}
