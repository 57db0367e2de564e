// The message that another one answers, in a line or two above it; a click leads to it.

import type { Quote } from '../../../src/contract/message.ts';
import { withoutFences } from '../../model/textBlocks.ts';
import { t } from '../../model/words.ts';
import { useSurroundings } from '../controls/surroundings.ts';

interface Props {
  readonly quote: Quote;
  /** The other person's. */
  readonly name: string;
}

export function QuoteButton({ quote: { order, from, excerpt }, name }: Props) {
  const { dispatch } = useSurroundings();
  const isHere = order !== undefined;
  const words =
    excerpt === ''
      ? isHere
        ? t('Message deleted')
        : t('A message that is not here')
      : withoutFences(excerpt);
  const writer = from === 'me' ? t('You') : name;
  return (
    <button
      type="button"
      class={`quote${excerpt === '' ? ' gone' : ''}`}
      disabled={!isHere}
      title={isHere ? t('Go to this message') : undefined}
      onClick={() => isHere && dispatch({ kind: 'goTo', target: { kind: 'message', order, isSought: true } })}
    >
      {from !== undefined && (
        <span class="quote-writer" dir="auto">
          {writer}
        </span>
      )}
      <span class="quote-words" dir="auto">
        {words}
      </span>
    </button>
  );
}
