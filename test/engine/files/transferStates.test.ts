// Where a transfer stands after what either side says, and whom that is told.

import assert from 'node:assert/strict';
import { type FailureCode, failure } from '../../../src/contract/failure.ts';
import type { Fingerprint } from '../../../src/contract/fingerprint.ts';
import type { Transfer, TransferState } from '../../../src/contract/transfer.ts';
import { TransferStates } from '../../../src/engine/files/transferStates.ts';
import {
  atRest,
  type OfferBody,
  offeredBy,
  stateAfter,
  type TransferWord,
} from '../../../src/engine/files/transferWords.ts';
import type { StoredTransfer } from '../../../src/engine/store/transfers.ts';
import type { EntryBody } from '../../../src/wire/linkFrames.ts';

const PEER = 'b'.repeat(64) as Fingerprint;
const transferId = 'a'.repeat(32);
const SHA256 = 'c'.repeat(64);

const RUNNING: TransferState = { kind: 'running', bytes: 1, bytesPerSecond: 1, attempt: 1 };
const REJECTED: TransferState = { kind: 'rejected' };
const CANCELLED: TransferState = { kind: 'cancelled', by: 'me' };
const DONE: TransferState = { kind: 'done', at: 1, sha256: SHA256 };
const FAILED: TransferState = { kind: 'failed', failure: failure('peerFailed', { name: 'a', code: 'x' }) };
const OPEN: readonly TransferState[] = [
  { kind: 'offered' },
  { kind: 'waiting' },
  RUNNING,
  { kind: 'checking' },
];
const FINAL = [REJECTED, CANCELLED, DONE, FAILED];

const YES: TransferWord = { kind: 'answer', transferId, accepted: true };
const NO: TransferWord = { kind: 'answer', transferId, accepted: false };
const CANCEL: TransferWord = { kind: 'cancel', transferId };
const COMPLETE: TransferWord = { kind: 'complete', transferId, sha256: SHA256 };
const FAILURE: TransferWord = { kind: 'failed', transferId, code: 'diskFull' satisfies FailureCode };
const ANSWERS: readonly TransferWord[] = [YES, NO];
const ENDS: readonly TransferWord[] = [CANCEL, FAILURE];

function transferOf(direction: Transfer['direction'], state: TransferState): StoredTransfer {
  return {
    ...{ id: transferId, peer: PEER, direction, name: 'a.bin', mediaType: 'a/b', sizeBytes: 9, state },
    ...(direction === 'send' ? { path: '/a.bin' } : {}),
  };
}

const made = (direction: Transfer['direction'], state: TransferState, word: TransferWord): unknown =>
  stateAfter(transferOf(direction, state), word, 7);

describe('the word of the other side about a transfer', () => {
  it('is a yes or a no to an offer of mine, once', () => {
    assert.deepEqual(made('send', { kind: 'offered' }, YES), { kind: 'waiting' });
    assert.deepEqual(made('send', { kind: 'offered' }, NO), REJECTED);
    for (const state of [...OPEN.slice(1), ...FINAL])
      for (const word of ANSWERS) assert.equal(made('send', state, word), undefined, state.kind);
  });

  it('is no answer to an offer of theirs: that is mine to give', () => {
    for (const state of [...OPEN, ...FINAL])
      for (const word of ANSWERS) assert.equal(made('receive', state, word), undefined, state.kind);
  });

  it('ends what is not over, from either side', () => {
    for (const direction of ['send', 'receive'] as const)
      for (const state of OPEN) {
        assert.deepEqual(made(direction, state, CANCEL), { kind: 'cancelled', by: 'peer' });
        const why = failure('peerFailed', { name: 'a.bin', code: 'diskFull' });
        assert.deepEqual(made(direction, state, FAILURE), { kind: 'failed', failure: why });
      }
  });

  it('changes nothing that is over', () => {
    for (const direction of ['send', 'receive'] as const)
      for (const state of FINAL)
        for (const word of ENDS) assert.equal(made(direction, state, word), undefined);
  });

  it('that the file is there is the truth, whatever I have decided meanwhile, and of a file of mine alone', () => {
    for (const state of [...OPEN, REJECTED, CANCELLED, FAILED]) {
      const done = made('send', state, COMPLETE);
      assert.deepEqual(done, { kind: 'done', at: 7, sha256: SHA256 }, state.kind);
    }
    assert.equal(made('send', DONE, COMPLETE), undefined);
    for (const state of [...OPEN, ...FINAL]) assert.equal(made('receive', state, COMPLETE), undefined);
  });
});

describe('an offer of theirs', () => {
  const offer = {
    kind: 'offer',
    transferId,
    name: '../a\u0000.bin',
    mediaType: 'a/b',
    sizeBytes: 9,
  } as const;
  const offered = (more: Partial<OfferBody>) => offeredBy(PEER, { ...offer, ...more }, { kind: 'offered' });

  it('has a name that is safe for a disk, and says which item it is where it is one', () => {
    assert.equal(/[/\0]/.test(offered({}).name), false);
    assert.equal('itemId' in offered({}), false);
    assert.equal(offered({ itemId: transferId }).itemId, transferId);
  });

  it('has a size in pixels where both sides are said, and a placeholder where there is one', () => {
    const lookOf = ({ width, height, placeholder }: StoredTransfer) => [width, height, placeholder];
    assert.deepEqual(lookOf(offered({ width: 3, height: 4, placeholder: 'AAAA' })), [3, 4, 'AAAA']);
    for (const half of [{ width: 3 }, { height: 4 }, {}])
      assert.deepEqual(lookOf(offered(half)), [undefined, undefined, undefined]);
  });
});

describe('a transfer that an engine before has left', () => {
  it('waits for a link, unless it waits for an answer', () => {
    assert.deepEqual(
      OPEN.map((state) => atRest(transferOf('send', state)).state.kind),
      ['offered', 'waiting', 'waiting', 'waiting'],
    );
  });
});

describe('the states of transfers', () => {
  let stored: StoredTransfer | undefined;
  let standing: string;
  let said: string[];
  let shown: string[];
  let over: string[];
  let states: TransferStates;

  beforeEach(() => {
    [standing, said, shown, over] = ['accepted', [], [], []];
    stored = transferOf('send', { kind: 'waiting' });
    const parts = {
      store: {
        transfers: {
          get: () => stored,
          update: (transfer: StoredTransfer) => {
            stored = transfer;
          },
        },
      },
      people: { contact: () => ({ standing }) },
      conversations: {
        write: (_peer: Fingerprint, body: EntryBody, store: () => () => void) => {
          said.push(body.kind);
          store()();
        },
      },
      published: { publish: (event: { transfer: Transfer }) => shown.push(event.transfer.state.kind) },
      log: {},
    } as unknown as ConstructorParameters<typeof TransferStates>[0];
    states = new TransferStates(parts, ({ state }) => over.push(state.kind));
  });

  it('do not change any more once it is over, whatever comes late of what moved its bytes', () => {
    states.set(transferId, RUNNING);
    states.update(transferOf('send', CANCELLED));
    states.set(transferId, { kind: 'waiting' });
    assert.deepEqual(
      [stored?.state.kind, shown, over],
      ['cancelled', ['running', 'cancelled'], ['cancelled']],
    );
  });

  it('change without a word to whoever is not accepted any more', () => {
    states.say(transferOf('send', { kind: 'waiting' }), CANCEL, CANCELLED);
    standing = 'blocked';
    states.say(transferOf('send', { kind: 'waiting' }), CANCEL, CANCELLED);
    assert.deepEqual([said, shown], [['cancel'], ['cancelled', 'cancelled']]);
  });

  it('are unknown of what is not stored', () => {
    stored = undefined;
    assert.throws(() => states.known(transferId), { failure: { code: 'transferUnknown', details: {} } });
  });
});
