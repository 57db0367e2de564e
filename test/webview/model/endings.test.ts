import assert from 'node:assert/strict';
import type { TransferState } from '../../../src/contract/transfer.ts';
import { endedSince } from '../../../webview/model/endings.ts';
import { transferOf } from '../support/conversation.ts';

const running = { kind: 'running', bytes: 1, bytesPerSecond: 1, attempt: 1 } as const;
const done = { kind: 'done', at: 0, sha256: '' } as const;
const at = (...states: TransferState[]) =>
  Object.fromEntries(states.map((state, index) => [String(index), transferOf({ id: String(index), state })]));

describe('the transfers that have ended', () => {
  it('are those that were going on a moment ago', () => {
    const ended = endedSince(
      at(running, { kind: 'offered' }, running),
      at(done, { kind: 'rejected' }, running),
    );
    assert.deepEqual(
      ended.map(({ id, state }) => [id, state.kind]),
      [
        ['0', 'done'],
        ['1', 'rejected'],
      ],
    );
  });

  it('are none of those that had ended before, or were not known', () => {
    assert.deepEqual(endedSince(at(done), at(done, done)), []);
  });
});
