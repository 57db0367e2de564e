// How high a row will probably be, before it is drawn. A wrong guess moves nothing that is in sight; it only makes the
// scroll bar's thumb a little too short or too long. CSS pixels, as styles/conversation.css has them.

import type { Message } from '../../src/contract/message.ts';
import type { Row } from './rows.ts';

const MARK = 46;
const LINE = 19;
const GROUP_GAP = 12;
const ROW_GAP = 2;
const WRITER_LINE = 20;
const BUBBLE_EDGE = 12;
const CARD = 120;
const CHIPS = 26;
const QUOTE = 44;
/** Characters in a line of a bubble at its widest, and as a share of the list's width below that. */
const LINE_LENGTH = 90;
const CHARACTERS_PER_PIXEL = 0.13;

/** `width`: that of the list. */
export function estimatedHeight(row: Row, width: number): number {
  if (row.kind !== 'message') return MARK;
  const { message, startsGroup } = row;
  const gap = startsGroup ? GROUP_GAP + (message.from === 'peer' ? WRITER_LINE : 0) : ROW_GAP;
  return gap + contentHeight(message, width);
}

function contentHeight({ body, reactions, replyTo }: Message, width: number): number {
  const extras = ((reactions?.length ?? 0) > 0 ? CHIPS : 0) + (replyTo === undefined ? 0 : QUOTE);
  if (body.kind === 'transfer') return CARD + extras;
  const lines = body.kind === 'text' ? linesOf(body.text, width) : 1;
  return BUBBLE_EDGE + lines * LINE + extras;
}

/** The time stands beside a single line and below several. */
function linesOf(text: string, width: number): number {
  const length = Math.max(8, Math.min(LINE_LENGTH, Math.floor(width * CHARACTERS_PER_PIXEL)));
  const written = text.split('\n').map((line) => Math.max(1, Math.ceil(line.length / length)));
  const lines = written.reduce((sum, count) => sum + count, 0);
  return written.length > 1 ? lines + 1 : lines;
}
