// Files between engines that are killed, sent to sleep, or whose roads break, at random points: real processes, sockets and disks.
// `npm run bench -- --only kills` has many more of them.

import assert from 'node:assert/strict';
import { INTERRUPTIONS, KillTrials, type Trial } from '../support/killTrials.ts';

const MIB = 2 ** 20;
const BLOCK_BYTES = 65_536;
/** Longer than a try. */
const LONG_CUT_MS = 11_000;

describe('what the sender of an interrupted file says', function () {
  this.timeout(90_000);
  let trials: KillTrials;
  before(async () => {
    trials = await KillTrials.openWitnessed();
  });
  after(() => trials.close());

  for (const [interruption, carrier] of [
    ['link cut', 'udp'],
    ['receiver killed', 'tls'],
  ] as const) {
    it(`is, to the block, what has left its process twice: ${interruption} (${carrier})`, async () => {
      const trial: Trial = { interruption, carrier, seed: 2, sizeBytes: 24 * MIB };
      const { sent, witnessedAgainBytes } = await trials.run(trial);
      assert.equal(sent?.blocksAgainBytes, witnessedAgainBytes);
    });
  }
});

describe('a file that is interrupted', function () {
  this.timeout(90_000);
  let trials: KillTrials;
  before(async () => {
    trials = await KillTrials.open();
  });
  after(() => trials.close());

  const random: Trial[] = [
    ...INTERRUPTIONS.map((interruption) => ({ interruption, seed: 1, sizeBytes: 24 * MIB + 5 })),
    { interruption: 'sender killed', seed: 2, sizeBytes: 24 * MIB + 5, moves: true },
    { interruption: 'receiver killed', seed: 2, sizeBytes: 24 * MIB + 5, moves: true },
    ...INTERRUPTIONS.map((interruption) => ({
      ...{ interruption, seed: 4, sizeBytes: 24 * MIB + 5 },
      carrier: 'tls' as const,
    })),
  ];
  const special: Trial[] = [
    { interruption: 'sender stopped', seed: 5, sizeBytes: 24 * MIB },
    { interruption: 'receiver stopped', seed: 5, sizeBytes: 24 * MIB },
    { interruption: 'receiver killed', seed: 8, sizeBytes: 24 * MIB, isLossy: true },
    { interruption: 'receiver killed', seed: 1, sizeBytes: 2 * MIB, atTheEnd: true },
    { interruption: 'sender killed', seed: 1, sizeBytes: 2 * MIB, atTheEnd: true },
    { interruption: 'sender asleep', seed: 3, sizeBytes: 24 * MIB },
    { interruption: 'receiver asleep', seed: 3, sizeBytes: 24 * MIB },
    { interruption: 'receiver asleep', seed: 6, sizeBytes: 24 * MIB, carrier: 'tls' },
    { interruption: 'receiver killed', seed: 6, sizeBytes: 2 * MIB, atTheEnd: true, carrier: 'tls' },
    { interruption: 'path cut', seed: 3, sizeBytes: 24 * MIB, cutMs: LONG_CUT_MS },
    { interruption: 'path cut', seed: 7, sizeBytes: 24 * MIB, cutMs: LONG_CUT_MS, carrier: 'tls' },
  ];

  for (const trial of [...random, ...special]) {
    const { interruption, moves = false, cutMs, atTheEnd, isLossy, seed, carrier = 'udp' } = trial;
    const how = `${interruption}${moves ? ', its ports moved' : ''}${cutMs ? ` for ${cutMs} ms` : ''}${atTheEnd ? ' at the end' : ''}${isLossy ? ', on a lossy path' : ''}`;
    it(`arrives without another question, and at most a block twice: ${how} (${carrier}, seed ${seed})`, async () => {
      const outcome = await trials.run(trial);
      assert.ok(outcome.lostBytes <= BLOCK_BYTES, JSON.stringify(outcome));
      assert.ok(outcome.received.cameAgainBytes <= BLOCK_BYTES, JSON.stringify(outcome));
    });
  }
});
