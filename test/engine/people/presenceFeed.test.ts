// What the engine makes of what a registry pushes, over a real signal socket.

import assert from 'node:assert/strict';
import type { Fingerprint } from '../../../src/contract/fingerprint.ts';
import { PresenceFeed } from '../../../src/engine/people/presenceFeed.ts';
import { eventually } from '../../registry-server/signal/instance.ts';
import { roomForEach } from '../../registry-server/signal/room.ts';
import { signedPeer } from '../../registry-server/signedPeer.ts';
import { Somebody } from '../reach/support.ts';
import { listed, PeopleTrial } from './peopleTrial.ts';

describe('the presence feed', function () {
  this.timeout(30_000);

  const room = roomForEach();
  const sara = signedPeer();
  const key = sara.fingerprint as Fingerprint;
  let trial: PeopleTrial;
  let feed: PresenceFeed;
  let told: number;
  let isLive: boolean;

  beforeEach(() => {
    trial = new PeopleTrial();
    trial.befriend(key, 'Sara');
    told = 0;
    isLive = false;
    const { people, published } = trial;
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    feed = new PresenceFeed({
      ...{ me: new Somebody(), people, published, log },
      ...{ onWelcome() {}, onMore() {}, onDirectory: () => told++ },
      onLive: (now) => {
        isLive = now;
      },
    });
  });
  afterEach(() => {
    feed.dispose();
    trial.remove();
  });

  const where = () => trial.people.whereToDial(key);

  it('says another word for where a friend is once they have moved, and the same while they stay', async () => {
    feed.setDirectory([]);
    feed.start(room.instance.url);
    await room.instance.register(sara, 'Sara');
    await eventually(() => where() !== undefined);
    const [before, toldBefore] = [where(), told];
    await room.instance.register(sara, 'Sara');
    await room.instance.register(sara, 'Sara', { addresses: ['192.0.2.8'] });
    await eventually(() => where() !== before);
    assert.ok(told > toldBefore, 'whoever dials is told');
    const after = where();
    await room.instance.signOff(sara, 'Sara');
    await eventually(() => where() === undefined);
    await room.instance.register(sara, 'Sara', { addresses: ['192.0.2.8'] });
    await eventually(() => where() !== undefined);
    assert.equal(where(), after);
  });

  it('says the same word for where a friend is while nothing is pushed', async () => {
    feed.setDirectory([]);
    feed.start(room.instance.url);
    await room.instance.register(sara, 'Sara');
    await eventually(() => isLive && where() !== undefined);
    const before = where();
    await room.instance.registry.close();
    await eventually(() => !isLive);
    feed.setDirectory([listed(key, 'Sara')]);
    assert.equal(where(), before);
  });

  it('takes what it was told of a name for newer than that it was taken, which is told later', async () => {
    const bob = signedPeer();
    feed.setDirectory([]);
    feed.start(room.instance.url);
    await eventually(() => isLive);
    await room.instance.register(sara, 'Sara');
    await eventually(() => where() !== undefined);
    await room.instance.signOff(sara, 'Sara');
    await eventually(() => where() === undefined);
    await room.instance.register(bob, 'Bob');
    await eventually(() => trial.shown(bob.fingerprint as Fingerprint) !== undefined);
    assert.equal(where(), undefined);
  });
});
