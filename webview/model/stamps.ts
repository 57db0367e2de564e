// Stamps on what is written and sent: by them the extension sees whether what the editor has kept of a page is older than what
// the page has told since. The editor may keep it seconds late.

import type { Stamp } from '../../src/contract/panel.ts';

/** What comes after `last`. `page`: the name of a page that has had none yet. `now` in ms since the epoch. */
export function stampAfter(last: Stamp | undefined, page: string, now: number): Stamp {
  return last === undefined ? { page, at: now } : { page: last.page, at: Math.max(now, last.at + 1) };
}
