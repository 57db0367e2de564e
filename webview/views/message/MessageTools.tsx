// The few buttons beside a message that the pointer or the focus is on.

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
  const open = (shows: 'all' | 'reactions') => (event: MouseEvent) => {
    const { left, top, bottom } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    openMenu({ subject, shows, anchor: { x: left, top: top - 2, bottom: bottom + 2 } });
  };
  if (messageChoices(subject).length === 0) return null;
  return (
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
  );
}
