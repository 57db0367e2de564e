// What a Peers view with many rows costs: each change of the state may make all of them anew, twice a second.

import assert from 'node:assert/strict';
import type { Fingerprint } from '../../../src/contract/fingerprint.ts';
import type { State } from '../../../src/contract/state.ts';
import { peersTree } from '../../../src/extension/peers/peersTree.ts';
import { english, NOW, person, stateWith, transfer } from '../people.ts';

const PEOPLE = 50;
const keyOf = (i: number) => i.toString(16).padStart(64, '0') as Fingerprint;
const idOf = (i: number) => i.toString(16).padStart(32, '0');

/** Half of them away, all of them with a file on its way and two that they share. */
function crowd(): State {
  const people = Array.from({ length: PEOPLE }, (_, i) => {
    const away = { presence: 'away', lastSeenAt: NOW - i * 3_600_000, verifiedAt: NOW - i } as const;
    return person('0', { fingerprint: keyOf(i), name: `person ${i}`, unread: i, ...(i % 2 ? away : {}) });
  });
  const running = { kind: 'running', bytes: 1_000, bytesPerSecond: 10_000, attempt: 1 } as const;
  const transfers = people.map(({ fingerprint }, i) =>
    transfer('0', { id: idOf(i), peer: fingerprint, state: running, itemId: idOf(1) }),
  );
  const items = [1, 2].map((i) => {
    return { id: idOf(i), name: `${i}.txt`, mediaType: 'text/plain', sizeBytes: i, modifiedAt: NOW };
  });
  const sharedBy = Object.fromEntries(people.map(({ fingerprint }) => [fingerprint, items]));
  return stateWith({ people, transfers }, { sharedBy });
}

/** How many formats of numbers and dates `work` makes, each of which takes as long as some hundred uses. */
function formatsMade(work: () => void): number {
  const { NumberFormat, DateTimeFormat } = Intl;
  let made = 0;
  const counted = <Made extends typeof NumberFormat | typeof DateTimeFormat>(real: Made): Made =>
    new Proxy(real, {
      construct(target, args) {
        made += 1;
        return Reflect.construct(target, args);
      },
    });
  try {
    Object.assign(Intl, { NumberFormat: counted(NumberFormat), DateTimeFormat: counted(DateTimeFormat) });
    work();
  } finally {
    Object.assign(Intl, { NumberFormat, DateTimeFormat });
  }
  return made;
}

/** `table`, and a count of how often somebody has gone through all of it. */
function counted<Table extends object>(
  table: Table,
): { readonly table: Table; readonly reads: () => number } {
  let reads = 0;
  const ownKeys = (target: Table) => {
    reads += 1;
    return Reflect.ownKeys(target);
  };
  return { table: new Proxy(table, { ownKeys }), reads: () => reads };
}

describe('a Peers view with many rows', () => {
  it('says numbers and times in formats that it has made once', () => {
    const state = crowd();
    peersTree(state, NOW, english);
    assert.equal(
      formatsMade(() => peersTree(state, NOW, english)),
      0,
    );
  });

  it('goes through the transfers once, however many people there are', () => {
    const state = crowd();
    const { table, reads } = counted(state.transfers);
    const rows = peersTree({ ...state, transfers: table }, NOW, english);
    const below = rows.flatMap(({ children }) => children);
    const fetching = below
      .flatMap(({ children }) => children)
      .filter((row) => /fetching/.test(row.contextValue));
    assert.deepEqual([below.length, fetching.length, reads()], [2 * PEOPLE, PEOPLE, 1]);
  });
});
