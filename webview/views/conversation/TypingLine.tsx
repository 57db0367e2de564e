// Says that the other person is writing. Its room is always there, so that nothing moves when it comes and goes.

import { isolated } from '../../model/isolate.ts';
import { t } from '../../model/words.ts';

interface Props {
  readonly name: string;
  readonly isTyping: boolean;
}

/** Not read out: it would interrupt again and again, and the message itself is. */
export function TypingLine({ name, isTyping }: Props) {
  return (
    <div class="typing-line" aria-live="off">
      {isTyping && (
        <>
          <span class="typing-dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          <span>{t('{0} is writing', isolated(name))}</span>
        </>
      )}
    </div>
  );
}
