// The last suite of the lane unit-edge (files run in the order of their names): nothing that windows and engine say was left out.

import assert from 'node:assert/strict';
import { type CommandName, commands } from '../../src/contract/commands.ts';
import type { Event } from '../../src/contract/state.ts';
import { crossedCommands, crossedEvents } from '../support/crossings.ts';

/** Whether an event of this kind comes over the pipe; the compiler refuses this table while a kind is missing. */
const CROSSES: { readonly [Kind in Event['kind']]: boolean } = {
  meChanged: true,
  registryChanged: true,
  peerChanged: true,
  peerGone: true,
  peersChanged: true,
  messageAdded: true,
  transferChanged: true,
  messageChanged: true,
  sharedChanged: true,
  sharedByChanged: true,
  // Each window makes it of the answer to its own `history`.
  historyLoaded: false,
};

describe('over real pipes, in the suites of this lane', () => {
  it('every command was answered', () => {
    const left = (Object.keys(commands) as CommandName[]).filter((name) => !crossedCommands.has(name));
    assert.deepEqual(left, [], 'run the whole lane unit-edge');
  });

  it('every kind of event was heard', () => {
    const expected = Object.entries(CROSSES).filter(([, crosses]) => crosses);
    assert.deepEqual(
      [...crossedEvents].sort(),
      expected.map(([kind]) => kind).sort(),
      'run the whole lane unit-edge',
    );
  });
});
