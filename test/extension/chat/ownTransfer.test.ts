import assert from 'node:assert/strict';
import { FailureError } from '../../../src/contract/failure.ts';
import { ownTransfer } from '../../../src/extension/chat/ownTransfer.ts';
import { fingerprintOf, stateWith, transfer } from '../people.ts';

describe('the transfers that a page may act on', () => {
  const theirs = transfer('1', { peer: fingerprintOf('b') });
  const state = stateWith({ transfers: [theirs] });
  const isUnknown = (error: unknown) =>
    error instanceof FailureError && error.failure.code === 'transferUnknown';

  it('are those with its person', () => {
    assert.equal(ownTransfer(theirs.id, fingerprintOf('b'), state), theirs);
  });

  it('are not those with somebody else, nor any that is not there', () => {
    assert.throws(() => ownTransfer(theirs.id, fingerprintOf('c'), state), isUnknown);
    assert.throws(() => ownTransfer('2'.repeat(32), fingerprintOf('b'), state), isUnknown);
    assert.throws(() => ownTransfer(theirs.id, fingerprintOf('b'), undefined), isUnknown);
  });
});
