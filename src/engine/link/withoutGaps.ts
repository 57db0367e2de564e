// What the wire is told in the place of entries that my store has lost: a store that was put back goes on above the peer's
// numbers (README.md), and a peer whose own store is new then asks for those between.

import type { Entry } from '../../wire/linkFrames.ts';

/**
 * The numbers `after` + 1 up to `upTo`, at most `limit` of them. `entries` are those that there are from `after` + 1 on, lowest
 * first, up to `limit`. The others are made up, the same each time they are asked for.
 */
export function withoutGaps(entries: readonly Entry[], after: number, upTo: number, limit: number): Entry[] {
  const length = Math.min(limit, Math.max(0, upTo - after));
  if (entries.length === length) return [...entries];
  const byNumber = new Map(entries.map((entry) => [entry.number, entry]));
  const numbers = Array.from({ length }, (_, i) => after + 1 + i);
  return numbers.map((number) => byNumber.get(number) ?? lost(number));
}

function lost(number: number): Entry {
  return { number, id: number.toString(16).padStart(32, '0'), at: 0, body: { kind: 'withdrawn' } };
}
