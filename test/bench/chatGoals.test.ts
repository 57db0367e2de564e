import assert from 'node:assert/strict';
import { idleChatGoals } from '../../bench/chatGoals.ts';
import { editorGoals } from '../../bench/editor/editorGoals.ts';
import type { Felt, Seen } from '../../bench/editor/orders.ts';

const trips = { p50: 1, p99: 2 };
const calm: Seen = { loopDelay: { p50: 0, p99: 4, max: 9 }, roundTrips: [5], leftOut: 0, memory: [] };
const picture: Felt = {
  what: 'a picture',
  isPicture: true,
  sizeBytes: 1,
  seconds: 1,
  sender: calm,
  receiver: calm,
};

describe('the goals of a chat', () => {
  it('are a ratio to raw TLS while nothing else happens', () => {
    const row = { messages: 1, hamta: trips, rawTls: trips, floor: trips, ratioToFloor: 1, ratioP50: 3 };
    const goals = idleChatGoals(row);
    assert.deepEqual(
      goals.map(({ value, good, target, moonshot, standing }) => [value, good, target, moonshot, standing]),
      [[3, 4, 2.5, 1.5, 'good, short of the target']],
    );
  });

  it('beside a picture are those of the threads, of a message, and of a message beside a picture', () => {
    assert.deepEqual(
      editorGoals([picture]).map(({ text, value, target, standing }) => [text, value, target, standing]),
      [
        ['sender’s thread late p99, a picture', 4, 10, 'target reached'],
        ['receiver’s thread late p99, a picture', 4, 10, 'target reached'],
        ['message p99, a picture', 5, 30, 'target reached'],
        ['message p99 beside a picture', 5, 10, 'target reached'],
      ],
    );
  });

  it('are short where a thread or a message is late', () => {
    const slow = { ...calm, loopDelay: { p50: 0, p99: 11, max: 99 }, roundTrips: [31] };
    const file = { ...picture, what: 'a file', isPicture: false, sender: slow };
    assert.deepEqual(
      editorGoals([file]).map(({ standing }) => standing),
      ['short of the target', 'target reached', 'short of the target'],
    );
  });

  it('are not judged by the messages that got through while others were left out', () => {
    const full = { ...picture, sender: { ...calm, leftOut: 3 } };
    const standings = editorGoals([full]).map(({ standing }) => standing);
    assert.deepEqual(standings.slice(2), ['not measured', 'not measured']);
  });

  it('are none while nothing else happens beside the editor', () => {
    assert.deepEqual(editorGoals([{ ...picture, sizeBytes: 0 }]), []);
  });
});
