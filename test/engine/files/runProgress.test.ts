import assert from 'node:assert/strict';
import type { TransferState } from '../../../src/contract/transfer.ts';
import { RunProgress } from '../../../src/engine/files/runProgress.ts';

describe('the progress of a file over its sessions', () => {
  let now: number;
  let shown: TransferState[];
  let progress: RunProgress;

  beforeEach(() => {
    now = 1_000;
    shown = [];
    progress = new RunProgress((state) => shown.push(state), { now: () => now });
  });

  it('is shown when a session begins, then a few times a second', () => {
    progress.begin(0, 1);
    for (let bytes = 1; bytes <= 1_000; bytes++) {
      now++;
      progress.cameBy('udp');
      progress.advance(bytes);
    }
    assert.deepEqual(shown[0], { kind: 'running', bytes: 0, bytesPerSecond: 0, attempt: 1 });
    assert.equal(shown.length, 7);
    assert.deepEqual(shown.at(-1), {
      ...{ kind: 'running', bytes: 900, bytesPerSecond: 1_000, attempt: 1, carrier: 'udp' },
    });
  });

  it('shows another carrier with the first that it brings, and keeps how fast it was', () => {
    progress.begin(0, 1);
    progress.cameBy('tls');
    progress.advance(500);
    now += 500;
    progress.cameBy('tls');
    progress.advance(1_000);
    progress.begin(1_000, 1);
    progress.cameBy('udp');
    progress.advance(1_001);
    assert.deepEqual(shown.slice(-2), [
      { kind: 'running', bytes: 1_000, bytesPerSecond: 2_000, attempt: 1, carrier: 'tls' },
      { kind: 'running', bytes: 1_000, bytesPerSecond: 2_000, attempt: 1, carrier: 'udp' },
    ]);
  });

  it('forgets with another try how fast it was, and with the link which try and carrier it was', () => {
    progress.begin(0, 1);
    now += 500;
    progress.cameBy('tls');
    progress.advance(1_000);
    progress.begin(1_000, 2);
    assert.equal(progress.attempt, 2);
    progress.leaveLink();
    assert.equal(progress.attempt, 0);
    progress.begin(1_000, 1);
    assert.deepEqual(shown.slice(-2), [
      { kind: 'running', bytes: 1_000, bytesPerSecond: 0, attempt: 2, carrier: 'tls' },
      { kind: 'running', bytes: 1_000, bytesPerSecond: 0, attempt: 1 },
    ]);
  });
});
