// The reactions below a message. A click gives the same one, or takes mine back.

import type { Message } from '../../../src/contract/message.ts';
import { chipsOf } from '../../model/reactions.ts';
import { t } from '../../model/words.ts';
import { useSurroundings } from '../controls/surroundings.ts';

interface Props {
  readonly message: Message;
  readonly name: string;
  readonly canReact: boolean;
}

export function Reactions({ message: { id, reactions = [] }, name, canReact }: Props) {
  const { send, format } = useSurroundings();
  if (reactions.length === 0) return null;
  return (
    <fieldset class="reactions" aria-label={t('Reactions')}>
      {chipsOf(reactions, name).map(({ emoji, count, isMine, words }) => (
        <button
          type="button"
          key={emoji}
          class={`reaction${isMine ? ' mine-too' : ''}`}
          aria-pressed={isMine}
          aria-label={`${emoji} ${words}`}
          title={words}
          disabled={!canReact}
          onClick={() => send({ kind: 'react', id, emoji, on: !isMine })}
        >
          <span>{emoji}</span>
          {count > 1 && <span>{format.count(count)}</span>}
        </button>
      ))}
    </fieldset>
  );
}
