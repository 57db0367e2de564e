// Who is watched when there are more people than places.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { Fingerprint } from '../../../src/contract/fingerprint.ts';
import { MAX_WATCHED } from '../../../src/contract/signal.ts';
import { watchedNames } from '../../../src/engine/people/watchedNames.ts';
import { listed, PeopleTrial } from './peopleTrial.ts';

/** As many as are watched, and more. */
const CROWD = Array.from({ length: MAX_WATCHED + 10 }, (_, i) => i);
const keyOf = (text: string) => createHash('sha256').update(text).digest('hex') as Fingerprint;

describe('who is watched', () => {
  let trial: PeopleTrial;

  beforeEach(() => {
    trial = new PeopleTrial();
  });
  afterEach(() => trial.remove());

  const watched = (directory = new Map<string, ReturnType<typeof listed>>()) => {
    trial.runTurns();
    return [...watchedNames(trial.people, trial.published.state.peers, directory).values()];
  };

  const meet = (name: string) => trial.people.learn(keyOf(name), { name });

  it('are friends before strangers, wherever their keys stand in the store', () => {
    trial.store.transaction(() => CROWD.map((i) => meet(`stranger ${i}`)));
    trial.befriend('f'.repeat(64) as Fingerprint, 'ali');
    trial.open();
    assert.deepEqual([watched()[0], watched().length], ['ali', MAX_WATCHED]);
  });

  it('are of all friends those whom my person spoke with last', () => {
    const befriend = (i: number) => {
      const name = `friend ${i}`;
      trial.befriend(keyOf(name), name);
      const peer = trial.shown(keyOf(name)) ?? assert.fail();
      trial.published.publish({ kind: 'peerChanged', peer: { ...peer, lastMessageAt: 1_000 + i } });
    };
    trial.store.transaction(() => CROWD.map(befriend));
    const last = CROWD.slice(-MAX_WATCHED).map((i) => `friend ${i}`);
    assert.deepEqual(watched(), last.reverse());
  });

  it('are those with whom nothing was said by when they were seen last', () => {
    for (const name of ['ali', 'babak', 'carla']) trial.befriend(keyOf(name), name);
    trial.people.learn(keyOf('babak'), { lastSeenAt: 2_000 });
    trial.people.learn(keyOf('carla'), { lastSeenAt: 1_000 });
    assert.deepEqual(watched(), ['babak', 'carla', 'ali']);
  });

  it('are behind all contacts those of the directory, in its order', () => {
    meet('dora');
    const crowd = CROWD.map((i) => listed(keyOf(`${i}`), `listed ${i}`));
    const names = watched(new Map(crowd.map((each) => [each.name, each])));
    assert.deepEqual([names.slice(0, 3), names.length], [['dora', 'listed 0', 'listed 1'], MAX_WATCHED]);
  });
});
