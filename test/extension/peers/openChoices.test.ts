import assert from 'node:assert/strict';
import { askingChoices, cancellableChoices, offerChoices } from '../../../src/extension/peers/openChoices.ts';
import { english, fingerprintOf, person, stateWith, transfer } from '../people.ts';

const running = { kind: 'running', bytes: 0, bytesPerSecond: 0, attempt: 1 } as const;
const people = [
  person('b', { name: 'bob', link: 'connected' }),
  person('c', { name: 'carol', link: 'asking' }),
  person('d', { name: 'dara', link: 'asking', standing: 'blocked' }),
];
const transfers = [
  transfer('1', { name: 'offered.png' }),
  transfer('2', { name: 'running.png', state: running }),
  transfer('3', { name: 'mine.png', direction: 'send' }),
  transfer('4', { name: 'over.png', state: { kind: 'cancelled', by: 'me' } }),
];
const state = stateWith({ people, transfers });

describe('what is picked from where a command came without its row', () => {
  it('are those who want to connect, and nobody who is blocked', () => {
    assert.deepEqual(askingChoices(state, english), [
      { label: 'carol', description: 'wants to connect', id: fingerprintOf('c') },
    ]);
  });

  it('are files that wait for an answer, with who sends them', () => {
    assert.deepEqual(offerChoices(state, english), [
      { label: 'offered.png', description: 'bob · wants to send 412 KB', id: '1'.repeat(32) },
    ]);
  });

  it('are transfers that go on, mine that wait included, and no question to me', () => {
    const labels = cancellableChoices(state, english).map(({ label }) => label);
    assert.deepEqual(labels, ['running.png', 'mine.png']);
  });

  it('are none while nothing is open', () => {
    const quiet = stateWith({ people: [person('b')] });
    const open = [askingChoices, offerChoices, cancellableChoices].flatMap((of): readonly unknown[] =>
      of(quiet, english),
    );
    assert.deepEqual(open, []);
  });
});
