import assert from 'node:assert/strict';
import type { Fingerprint } from '../../../src/contract/fingerprint.ts';
import { NameProofs } from '../../../src/engine/people/nameProofs.ts';
import { ALI } from '../store/support.ts';

describe('the proof of a name', () => {
  let now = 0;
  let isSigned = false;
  let asked: string[] = [];
  let heard = 0;
  let proofs: NameProofs;

  beforeEach(() => {
    [now, isSigned, asked, heard] = [0, false, [], 0];
    proofs = new NameProofs(ask, { now: () => now }, () => heard++);
  });

  async function ask(_of: Fingerprint, name: string): Promise<boolean> {
    asked.push(name);
    return isSigned;
  }

  const answered = () => new Promise<void>((resolve) => setImmediate(resolve));

  it('is asked for once, and then known', async () => {
    isSigned = true;
    assert.deepEqual([proofs.of(ALI, 'Ali Reza'), proofs.of(ALI, 'Ali Reza')], ['asked', 'asked']);
    await answered();
    assert.deepEqual([proofs.of(ALI, 'Ali Reza'), asked, heard], ['signed', ['Ali Reza'], 1]);
  });

  it('that is missing is asked for again after a while, and is missing until it is there', async () => {
    proofs.of(ALI, 'Ali Reza');
    await answered();
    now = 29_999;
    assert.deepEqual([proofs.of(ALI, 'Ali Reza'), asked.length], ['missing', 1]);
    [now, isSigned] = [30_000, true];
    assert.deepEqual([proofs.of(ALI, 'Ali Reza'), asked.length], ['missing', 2]);
    await answered();
    assert.deepEqual([proofs.of(ALI, 'Ali Reza'), heard], ['signed', 2]);
  });

  it('of one name says nothing of the next', async () => {
    isSigned = true;
    proofs.of(ALI, 'Ali Reza');
    assert.equal(proofs.of(ALI, 'Zahra'), 'asked');
    await answered();
    assert.deepEqual([proofs.of(ALI, 'Zahra'), heard], ['signed', 1]);
  });
});
