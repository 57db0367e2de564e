import assert from 'node:assert/strict';
import { goalsOf, rowOf } from '../../bench/kills.ts';
import type { Outcome } from '../support/killTrials.ts';

const outcome: Outcome = {
  pointBytes: 9,
  unwrittenBytes: 8,
  lostBytes: 7,
  sent: { piecesAgainBytes: 6, blocksAgainBytes: 5, readAgainBytes: 4 },
  witnessedAgainBytes: 77,
  received: { unfinishedBytes: 3, readAgainBytes: 2, cameAgainBytes: 1 },
  ms: 4,
};
const OTHERS = ['sender killed', 'link cut', 'path cut'] as const;

const of = (value: number, max = value) => ({ median: value, min: value, max });

describe('the table of interrupted files', () => {
  it('says what each end sent, took and read more than once', () => {
    const worse = { ...outcome, received: { ...outcome.received, cameAgainBytes: 90 } };
    const { sender, receiver } = rowOf('udp', 'link cut', [outcome, outcome, worse]);
    const sent = { piecesAgainBytes: of(6), blocksAgainBytes: of(5), readAgainBytes: of(4) };
    assert.deepEqual(sender, { idle: 0, ...sent });
    const received = { unfinishedBytes: of(3), readAgainBytes: of(2), cameAgainBytes: of(1, 90) };
    assert.deepEqual(receiver, received);
  });

  it('takes the word of a witness for what a killed sender had sent', () => {
    const { sender } = rowOf('udp', 'sender killed', [outcome]);
    assert.deepEqual(sender.blocksAgainBytes, of(77));
  });

  it('tells how often a sender that came back had nothing to do', () => {
    const { sender } = rowOf('udp', 'sender killed', [{ ...outcome, sent: undefined }]);
    const sent = { piecesAgainBytes: of(0), blocksAgainBytes: of(77), readAgainBytes: of(0) };
    assert.deepEqual(sender, { idle: 1, ...sent });
  });

  it('says what a killed receiver lost', () => {
    const { killed } = rowOf('udp', 'receiver killed', [outcome, outcome]);
    assert.deepEqual(killed, { lostBytes: of(7), unwrittenBytes: of(8) });
  });

  it('claims nothing of a receiver that went on', () => {
    const rows = OTHERS.map((how) => rowOf('tls', how, [outcome]));
    assert.deepEqual(
      rows.map(({ killed }) => killed),
      [undefined, undefined, undefined],
    );
  });

  it('holds the worst of all interruptions against one block', () => {
    const withAgain = (cameAgainBytes: number): Outcome => ({
      ...{ ...outcome, lostBytes: 0, received: { ...outcome.received, cameAgainBytes } },
    });
    const standingOf = (...bytes: number[]) =>
      goalsOf(bytes.map((each) => rowOf('udp', 'receiver killed', [withAgain(each)]))).map(
        ({ standing, value }) => [standing, value],
      );
    assert.deepEqual(standingOf(0, 65_536), [['target reached', 65_536]]);
    assert.deepEqual(standingOf(0, 65_537)[0]?.[0], 'short of the target');
    assert.deepEqual(standingOf(0, 0), [['moonshot', 0]]);
    const lost = rowOf('udp', 'receiver killed', [{ ...withAgain(65_536), lostBytes: 65_536 }]);
    assert.deepEqual(
      goalsOf([lost]).map(({ value }) => value),
      [131_072],
    );
  });
});
