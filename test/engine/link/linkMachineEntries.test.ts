// A link machine and the numbered entries of both sides.

import assert from 'node:assert/strict';
import type { LinkOut } from '../../../src/engine/link/linkMessages.ts';
import { closed, closing, entries, entry, kinds, send, ToldMachine, theirHello } from './toldMachine.ts';

const sentEntries = (outs: LinkOut[]): number[] =>
  outs.flatMap((out) => (out.kind === 'send' && out.frame.kind === 'entry' ? [out.frame.number] : []));

describe('my entries', () => {
  it('are asked of the store from the number after the last one they have', () => {
    const link = new ToldMachine({ written: 9 });
    assert.deepEqual(link.meet({ received: 6 }).slice(1), [{ kind: 'needEntries', after: 6, limit: 64 }]);
    assert.deepEqual(link.tell({ kind: 'entries', entries: entries(6, 9) }), [
      ...entries(6, 9).map((each) => send({ kind: 'entry', ...each })),
      { kind: 'sent', upTo: 9 },
    ]);
  });

  it('are asked for again as they are written, one question at a time', () => {
    const link = new ToldMachine();
    link.meet();
    assert.deepEqual(link.tell({ kind: 'grown', upTo: 1 }), [{ kind: 'needEntries', after: 0, limit: 64 }]);
    assert.deepEqual(link.tell({ kind: 'grown', upTo: 2 }), []);
    assert.deepEqual(kinds(link.tell({ kind: 'entries', entries: [entry(1)] })), [
      'entry',
      'sent',
      'needEntries',
    ]);
    assert.deepEqual(kinds(link.tell({ kind: 'entries', entries: [entry(2)] })), ['entry', 'sent']);
    assert.deepEqual(link.tell({ kind: 'entries', entries: [entry(3)] }), [], 'nobody asked for it');
  });

  it('are not asked for without end when the store has none', () => {
    const link = new ToldMachine({ written: 3 });
    link.meet();
    assert.deepEqual(link.tell({ kind: 'entries', entries: [] }), []);
    assert.deepEqual(kinds(link.tell({ kind: 'grown', upTo: 3 })), ['needEntries']);
  });

  it('are sent until 256 are not acknowledged, then as room is made', () => {
    const link = new ToldMachine({ written: 1_000 });
    link.meet();
    for (let after = 0; after < 192; after += 64) {
      const outs = link.tell({ kind: 'entries', entries: entries(after, after + 64) });
      assert.deepEqual(outs.at(-1), { kind: 'needEntries', after: after + 64, limit: 64 });
    }
    assert.deepEqual(link.tell({ kind: 'entries', entries: entries(192, 256) }).at(-1), {
      kind: 'sent',
      upTo: 256,
    });
    assert.deepEqual(link.hear({ kind: 'received', upTo: 10 }), [
      { kind: 'delivered', upTo: 10 },
      { kind: 'needEntries', after: 256, limit: 10 },
    ]);
  });

  it('wait while the connection takes no more', () => {
    const link = new ToldMachine({ written: 2 });
    link.meet();
    link.tell({ kind: 'flow', isWritable: false });
    assert.deepEqual(link.tell({ kind: 'entries', entries: entries(0, 2) }), []);
    assert.deepEqual(sentEntries(link.tell({ kind: 'flow', isWritable: true })), [1, 2]);
  });

  it('are called delivered and read when they say so, once', () => {
    const link = upWithSent(5);
    assert.deepEqual(link.hear({ kind: 'received', upTo: 4 }), [{ kind: 'delivered', upTo: 4 }]);
    assert.deepEqual(link.hear({ kind: 'received', upTo: 4 }), []);
    assert.deepEqual(link.hear({ kind: 'received', upTo: 3 }), []);
    assert.deepEqual(link.hear({ kind: 'read', upTo: 2 }), [{ kind: 'read', upTo: 2 }]);
    for (const upTo of [2, 1, 2]) assert.deepEqual(link.hear({ kind: 'read', upTo }), []);
    assert.deepEqual(link.hear({ kind: 'read', upTo: 4 }), [{ kind: 'read', upTo: 4 }]);
  });

  for (const kind of ['received', 'read'] as const)
    it(`end the link when they claim to have ${kind} more than is possible`, () => {
      const link = upWithSent(5);
      link.hear({ kind: 'received', upTo: 3 });
      const upTo = kind === 'received' ? 6 : 4;
      assert.deepEqual(kinds(link.hear({ kind, upTo })), ['close', 'closed']);
    });

  for (const [hole, numbers] of [
    ['in front', [2]],
    ['in the middle', [1, 3]],
    ['behind them, as they go back', [1, 1]],
  ] as const)
    it(`with a hole ${hole} end the link for now, and none of them is sent`, () => {
      const link = new ToldMachine({ written: 3 });
      link.meet();
      assert.deepEqual(link.tell({ kind: 'entries', entries: numbers.map(entry) }), [
        closing('stopping'),
        closed({ kind: 'local', reason: 'stopping' }),
      ]);
      assert.deepEqual(link.tell({ kind: 'grown', upTo: 4 }), []);
    });
});

describe('their entries', () => {
  it('are given on in order and acknowledged when they are stored, several at once', () => {
    const link = new ToldMachine();
    link.meet();
    assert.deepEqual(link.hear({ kind: 'entry', ...entry(1) }), [{ kind: 'entry', entry: entry(1) }]);
    link.hear({ kind: 'entry', ...entry(2) });
    assert.deepEqual(link.tell({ kind: 'stored', upTo: 2 }), [send({ kind: 'received', upTo: 2 })]);
    assert.deepEqual(link.tell({ kind: 'stored', upTo: 2 }), []);
  });

  it('that came before are dropped', () => {
    const link = new ToldMachine({ received: 5 });
    link.meet();
    assert.deepEqual(link.hear({ kind: 'entry', ...entry(5) }), []);
    assert.deepEqual(kinds(link.hear({ kind: 'entry', ...entry(6) })), ['entry']);
  });

  it('after a missing one end the link, since a new one begins at the missing one', () => {
    const link = new ToldMachine({ received: 5 });
    link.meet();
    assert.deepEqual(link.hear({ kind: 'entry', ...entry(7) }), [closing('gap'), closed({ kind: 'gap' })]);
  });

  it('are acknowledged only as far as they came over this link', () => {
    const link = new ToldMachine();
    link.meet();
    link.hear({ kind: 'entry', ...entry(1) });
    assert.deepEqual(link.tell({ kind: 'stored', upTo: 9 }), [send({ kind: 'received', upTo: 1 })]);
  });

  it('are acknowledged once, by the newest number, after the connection took no more', () => {
    const link = new ToldMachine();
    link.meet();
    link.tell({ kind: 'flow', isWritable: false });
    for (let number = 1; number <= 3; number++) {
      link.hear({ kind: 'entry', ...entry(number) });
      assert.deepEqual(link.tell({ kind: 'stored', upTo: number }), []);
    }
    assert.deepEqual(link.tell({ kind: 'flow', isWritable: true }), [send({ kind: 'received', upTo: 3 })]);
  });

  it('are said to be seen only after they are said to be stored', () => {
    const link = new ToldMachine();
    link.meet();
    link.hear({ kind: 'entry', ...entry(1) });
    assert.deepEqual(link.tell({ kind: 'shown', upTo: 1 }), []);
    assert.deepEqual(link.tell({ kind: 'stored', upTo: 1 }), [
      send({ kind: 'received', upTo: 1 }),
      send({ kind: 'read', upTo: 1 }),
    ]);
    assert.deepEqual(link.tell({ kind: 'shown', upTo: 1 }), [], 'once');
  });

  it('that were seen while the link came up are said to be seen', () => {
    const link = new ToldMachine({ received: 3, read: 1 });
    link.tell({ kind: 'start' });
    link.tell({ kind: 'shown', upTo: 3 });
    assert.deepEqual(link.hear(theirHello).slice(1), [send({ kind: 'read', upTo: 3 })]);
  });

  it('more than 256 without an acknowledgement end the link', () => {
    const link = new ToldMachine();
    link.meet();
    for (let number = 1; number <= 256; number++) link.hear({ kind: 'entry', ...entry(number) });
    assert.deepEqual(kinds(link.hear({ kind: 'entry', ...entry(257) })), ['close', 'closed']);
  });
});

function upWithSent(count: number): ToldMachine {
  const link = new ToldMachine({ written: count });
  link.meet();
  link.tell({ kind: 'entries', entries: entries(0, count) });
  return link;
}
