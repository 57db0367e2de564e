// Stamps on what is written and sent: by them the extension sees whether what the editor has kept of a page is older than what
// the page has told since. The editor may keep it seconds late.

import type { Stamp } from '../../src/contract/panel.ts';

/** What comes after `last`, of the same page. `now` in ms since the epoch. */
export function stampAfter(last: Stamp, now: number): Stamp {
  return { page: last.page, at: Math.max(now, last.at + 1) };
}
