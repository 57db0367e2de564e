// The few buttons beside a message that the pointer or the focus is on, in sight wherever the message is.

import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { canReact, type MessageSubject, messageChoices } from '../../model/messageActions.ts';
import { t } from '../../model/words.ts';
import { Button } from '../controls/Button.tsx';
import { useSurroundings } from '../controls/surroundings.ts';
import type { OpenMenu } from './MessageMenu.tsx';

interface Props {
  readonly subject: MessageSubject;
  readonly openMenu: OpenMenu;
}

export function MessageTools({ subject, openMenu }: Props) {
  const { dispatch } = useSurroundings();
  const { message } = subject;
  const place = useRef<HTMLDivElement>(null);
  const [isBelow, setBelow] = useState(false);
  useLayoutEffect(() => setBelow(place.current !== null && isCutAbove(place.current)), []);
  const open = (shows: 'all' | 'reactions') => (event: MouseEvent) => {
    const { left, top, bottom } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    openMenu({ subject, shows, anchor: { x: left, top: top - 2, bottom: bottom + 2 } });
  };
  if (messageChoices(subject).length === 0) return null;
  return (
    <div class={`tools-place${isBelow ? ' below' : ''}`} ref={place}>
      <div class="message-tools" role="toolbar" aria-label={t('Message')}>
        {canReact(subject) && (
          <Button label={t('React')} icon="smiley" look="icon" onPress={open('reactions')} />
        )}
        {subject.canWrite && (
          <Button
            label={t('Reply')}
            icon="reply"
            look="icon"
            onPress={() => dispatch({ kind: 'write', writing: { kind: 'reply', message } })}
          />
        )}
        <Button label={t('More')} icon="ellipsis" look="icon" onPress={open('all')} />
      </div>
    </div>
  );
}

/** By the upper edge of the list, and not by its lower one. */
function isCutAbove(place: HTMLElement): boolean {
  const list = place.closest('.scroller')?.getBoundingClientRect();
  const { top, bottom } = place.getBoundingClientRect();
  return list !== undefined && top < list.top && bottom <= list.bottom;
}
