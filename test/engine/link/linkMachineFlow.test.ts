// A link machine whose connection takes no more: what is said in passing meanwhile, and what is kept of it.

import assert from 'node:assert/strict';
import type { AsideFrame } from '../../../src/engine/link/linkMessages.ts';
import { entries, entry, kinds, send, ToldMachine } from './toldMachine.ts';

const transferOf = (number: number) => `${number}`.padStart(32, '0');
const itemId = 'a'.repeat(32);
const session = 'd'.repeat(16);

describe('while the connection takes no more', () => {
  let link: ToldMachine;
  beforeEach(() => {
    link = new ToldMachine({ written: 1 });
    link.meet();
    link.tell({ kind: 'flow', isWritable: false });
  });

  const aside = (frame: AsideFrame) => link.tell({ kind: 'aside', frame });
  const drain = () => link.tell({ kind: 'flow', isWritable: true });
  const listOf = (sizeBytes: number): AsideFrame & { kind: 'shared' } => ({
    kind: 'shared',
    items: [{ id: itemId, name: 'a', mediaType: 'x/y', sizeBytes, modifiedAt: 1 }],
  });

  it('nothing is written or kept of answers to a peer that asks and does not read', () => {
    for (let number = 0; number < 1_000; number++) {
      link.hear({ kind: 'fetch', itemId, transferId: transferOf(number) });
      assert.deepEqual(
        aside({ kind: 'fetchRefused', transferId: transferOf(number), code: 'fetchBusy' }),
        [],
      );
    }
    assert.deepEqual(aside({ kind: 'typing', on: true }), []);
    assert.deepEqual(drain(), []);
    const refused = { kind: 'fetchRefused', transferId: transferOf(1), code: 'notShared' } as const;
    assert.deepEqual(aside(refused), [send(refused)], 'as soon as there is room');
  });

  it('that a disk is being read is left out: it is said again soon', () => {
    const frame = { kind: 'reading', transferId: transferOf(1), session } as const;
    assert.deepEqual(link.tell({ kind: 'transfer', frame }), []);
    assert.deepEqual(drain(), []);
    assert.deepEqual(link.tell({ kind: 'transfer', frame }), [send(frame)]);
  });

  it('the newest list of what is shared is kept', () => {
    for (const sizeBytes of [1, 2, 3]) assert.deepEqual(aside(listOf(sizeBytes)), []);
    assert.deepEqual(drain(), [send(listOf(3))]);
    assert.deepEqual(link.tell({ kind: 'flow', isWritable: true }), [], 'once');
  });

  it('of each file the newest word is kept, in the order in which they were said', () => {
    const fetch = { kind: 'fetch', itemId, transferId: transferOf(1) } as const;
    const digest = { kind: 'digest', transferId: transferOf(2), session, sha256: 'e'.repeat(64) } as const;
    const readyAt = (firstBlock: number) =>
      ({ kind: 'ready', transferId: transferOf(2), session, firstBlock }) as const;
    link.tell({ kind: 'transfer', frame: readyAt(0) });
    for (let times = 0; times < 3; times++) aside(fetch);
    link.tell({ kind: 'transfer', frame: digest });
    link.tell({ kind: 'transfer', frame: readyAt(9) });
    assert.deepEqual(drain(), [fetch, digest, readyAt(9)].map(send));
  });

  it('what is kept has a bound: what was said longest ago is left out', () => {
    for (let number = 1; number <= 300; number++)
      aside({ kind: 'fetch', itemId, transferId: transferOf(number) });
    const asked = drain().flatMap((out) =>
      out.kind === 'send' && out.frame.kind === 'fetch' ? [out.frame.transferId] : [],
    );
    assert.deepEqual([asked.length, asked[0], asked.at(-1)], [256, transferOf(45), transferOf(300)]);
  });

  it('entries wait behind it', () => {
    link.tell({ kind: 'entries', entries: entries(0, 1) });
    aside(listOf(1));
    assert.deepEqual(drain(), [
      send(listOf(1)),
      send({ kind: 'entry', ...entry(1) }),
      { kind: 'sent', upTo: 1 },
    ]);
  });

  it('what is kept is forgotten with the link', () => {
    aside(listOf(1));
    assert.deepEqual(kinds(link.tell({ kind: 'lost' })), ['closed']);
    assert.deepEqual(drain(), []);
  });
});
