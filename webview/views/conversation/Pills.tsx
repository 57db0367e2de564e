// The ways to what is out of sight: up to the mark before what is new, down to it, down to the newest message.

import type { Row } from '../../model/rows.ts';
import { t } from '../../model/words.ts';
import { Pill } from '../controls/Pill.tsx';
import { useSurroundings } from '../controls/surroundings.ts';
import type { MarkSide } from './useMarkSide.ts';

interface Props {
  readonly marking: MarkSide;
  readonly isAtEnd: boolean;
  /** How many of their messages nobody has seen. */
  readonly unseen: number;
  readonly toNewest: () => void;
  readonly toMark: (mark: Row) => void;
  /** A pill goes with its jump, and the focus must not go with it. */
  readonly focusList: () => void;
}

export function Pills({ marking, isAtEnd, unseen, toNewest, toMark, focusList }: Props) {
  const { format } = useSurroundings();
  const { mark, side, isSeen } = marking;
  const words = unseen === 1 ? t('1 new message') : t('{0} new messages', format.count(unseen));
  const jump = (to: Row | undefined) => () => {
    focusList();
    if (to === undefined) toNewest();
    else toMark(to);
  };
  return (
    <>
      {side === 'above' && !isSeen && mark !== undefined && (
        <Pill icon="arrow-up" words={unseen > 0 ? words : t('New messages')} onPress={jump(mark)} />
      )}
      {!isAtEnd && (
        <Pill
          icon="arrow-down"
          label={t('Go to the newest message')}
          words={unseen > 0 ? words : undefined}
          onPress={jump(side === 'below' ? mark : undefined)}
        />
      )}
    </>
  );
}
