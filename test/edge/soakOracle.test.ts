// The oracle of the soak against conversations that are right, and wrong in one thing each.

import assert from 'node:assert/strict';
import { problemsOf, Side } from '../support/soak/chatOracle.ts';
import type { StoredRow } from '../support/soak/storedRows.ts';
import type { Testimony } from '../support/soak/testimony.ts';

const RECEIPTS = { sent: 2, delivered: 2, read: 1 };

interface Story {
  sara: Side;
  bob: Side;
}

/** Sara writes two texts, Bob stores both and looks at one. */
function story(): Story {
  const sara = new Side('sara');
  const bob = new Side('bob');
  for (const number of [1, 2])
    sara.attempts.push({ text: `text ${number}`, number, answeredAt: 10 * number + 2 });
  sara.rows = rows('me');
  bob.rows = rows('peer');
  sara.testimonies = [
    ...[1, 2].flatMap((number): Testimony[] => [
      { at: 10 * number, kind: 'stored', from: 'me', number },
      { at: 10 * number + 1, kind: 'shown', from: 'me', number },
    ]),
    ...[1, 2].map((number): Testimony => ({ at: 30 + number, kind: 'written', number })),
    { at: 50, kind: 'receipts', receipts: RECEIPTS },
  ];
  bob.testimonies = [1, 2].flatMap((number): Testimony[] => [
    { at: 40 + number, kind: 'stored', from: 'peer', number },
    { at: 40 + number, kind: 'shown', from: 'peer', number },
  ]);
  bob.looked.push({ upTo: 1, at: 45 });
  return { sara, bob };
}

function rows(from: StoredRow['from']): StoredRow[] {
  return [1, 2].map((number) => ({
    ...{ from, number, id: `id${number}`, at: number, kind: 'text', reactions: [] },
    ...{ text: `text ${number}`, body: `{"kind":"text","text":"text ${number}"}` },
  }));
}

const without = (side: Side, kind: Testimony['kind'], number: number) =>
  side.testimonies.filter((told) => !(told.kind === kind && 'number' in told && told.number === number));

describe('the oracle of the soak', () => {
  it('has nothing to say of what is right', () => {
    const { sara, bob } = story();
    assert.deepEqual(problemsOf(sara, bob), []);
    assert.deepEqual(problemsOf(bob, sara), []);
  });

  it('sees one reaction from both sides, and what an edit that was not confirmed has or has not become', () => {
    const { sara, bob } = story();
    sara.rows = sara.rows.map((row) => ({ ...row, reactions: ['me x', 'peer y'] }));
    bob.rows = bob.rows.map((row) => ({ ...row, reactions: ['me y', 'peer x'] }));
    sara.changes.push({ id: 'id1', text: 'better', isConfirmed: false });
    assert.deepEqual(problemsOf(sara, bob), []);
  });

  it('takes what was being stored at a kill for stored by the next start', () => {
    const { sara, bob } = story();
    bob.testimonies = [
      ...without(bob, 'stored', 2).filter(({ kind }) => kind !== 'shown'),
      { at: 42, kind: 'storing', from: 'peer', number: 2 },
      { at: 49, kind: 'started' },
    ];
    assert.deepEqual(problemsOf(sara, bob), []);
  });

  const wrongs: Record<string, [RegExp, (of: Story) => void]> = {
    'a text that was lost': [/bob has undefined for sara's/, ({ bob }) => (bob.rows = bob.rows.slice(0, 1))],
    'a text that was confirmed and is gone': [
      /"text 2" was confirmed as 2 and is not there/,
      ({ sara }) => (sara.rows = sara.rows.slice(0, 1)),
    ],
    'a text that came twice': [
      /bob has 3 entries of sara's 2/,
      ({ bob }) => (bob.rows = [...bob.rows, { ...(bob.rows[1] as StoredRow), number: 3 }]),
    ],
    'texts in another order': [/text 1" is out of order/, ({ sara }) => sara.attempts.reverse()],
    'another text under the same number': [
      /bob has .*other.* for sara's/,
      ({ bob }) => (bob.rows = bob.rows.map((row) => ({ ...row, body: 'other' }))),
    ],
    'sent before it was written': [
      /sara was told that 2 is sent too early/,
      ({ sara }) => (sara.testimonies = without(sara, 'written', 2)),
    ],
    'delivered before it was stored there': [
      /sara was told that 2 is delivered too early/,
      ({ bob }) => (bob.testimonies = without(bob, 'stored', 2)),
    ],
    'read before anybody looked': [
      /sara was told that 1 is read too early/,
      ({ bob }) => (bob.looked[0] = { upTo: 1, at: 51 }),
    ],
    'shown before it was stored': [
      /sara was shown 1 of me too early/,
      ({ sara }) => (sara.testimonies = without(sara, 'stored', 1)),
    ],
    'confirmed before it was stored': [
      /"text 1" was confirmed before it was stored/,
      ({ sara }) => ((sara.attempts[0] ?? { answeredAt: 0 }).answeredAt = 9),
    ],
    'an edit that was confirmed and is gone': [
      /sara's id2 says "text 2" and not "better"/,
      ({ sara }) => sara.changes.push({ id: 'id2', text: 'better', isConfirmed: true }),
    ],
    'what was taken back and is there': [
      /sara's id1 says "text 1" and not ""/,
      ({ sara }) => sara.changes.push({ id: 'id1', text: undefined, isConfirmed: true }),
    ],
    'an edit that did not arrive': [
      /bob has .* for sara's .*better/,
      ({ sara }) => (sara.rows = sara.rows.map((row) => ({ ...row, editedText: 'better' }))),
    ],
    'a reaction that only one of them sees': [
      /bob has .* for sara's .*peer x/,
      ({ sara }) => (sara.rows = sara.rows.map((row) => ({ ...row, reactions: ['peer x'] }))),
    ],
    'shown a second time': [
      /bob was shown 2 of peer after 2/,
      ({ bob }) => (bob.testimonies = [...bob.testimonies, ...bob.testimonies.slice(-1)]),
    ],
    'delivered taken back': [
      /after \{"sent":2,"delivered":2,"read":1\}/,
      ({ sara }) =>
        (sara.testimonies = [
          ...sara.testimonies,
          { at: 60, kind: 'receipts', receipts: { sent: 2, delivered: 1, read: 1 } },
        ]),
    ],
  };

  for (const [what, [words, make]] of Object.entries(wrongs))
    it(`names ${what}`, () => {
      const told = story();
      make(told);
      assert.match(problemsOf(told.sara, told.bob).join('\n'), words);
    });
});
