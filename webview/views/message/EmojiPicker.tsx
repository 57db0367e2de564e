// Six reactions at hand, and more behind a button. One that is mine already is taken back.

import { useLayoutEffect, useState } from 'preact/hooks';
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
  useLayoutEffect(() => {
    if (isOpen) onGrown();
  }, [isOpen]);
  const isMine = ({ emoji }: Emoji) =>
    message.reactions?.some((reaction) => reaction.from === 'me' && reaction.emoji === emoji) ?? false;
  const button = (each: Emoji) => (
    <button
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
      {quickEmoji().map(button)}
      {isOpen ? (
        moreEmoji().map(button)
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
