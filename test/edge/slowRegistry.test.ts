// Wishes that cross each other at a registry that takes its time: the last one holds, and each is told what came of it.

import assert from 'node:assert/strict';
import { type Person, Town } from '../support/engines.ts';
import { SlowFront } from '../support/slowFront.ts';

describe('at a slow registry', function () {
  this.timeout(60_000);
  let town: Town;
  let front: SlowFront;
  let sara: Person;

  beforeEach(async () => {
    town = await Town.open();
    front = await SlowFront.open(town.registryUrl);
    sara = await town.person('sara');
  });
  afterEach(async () => {
    front.close();
    await town.close();
  });

  async function bobAtFront(): Promise<Person> {
    const bob = await town.newcomer('bob');
    await bob.request('signUp', { name: 'bob', registryUrl: front.url });
    return bob;
  }

  /** A heartbeat that the front keeps back. */
  async function heldHeartbeat(bob: Person) {
    const held = front.hold('PUT /v1/peers/bob');
    await bob.request('signUp', { name: 'bob', registryUrl: front.url });
    await held.arrived;
    return held;
  }

  /** What is said at once has come by then. */
  async function aRoundTrip(): Promise<void> {
    await fetch(`${front.url}/v1/peers`).then((answer) => answer.text());
    await sara.request('refreshPeers', null);
  }

  async function peersAtRegistry(): Promise<[string, boolean][]> {
    const answer = await fetch(`${town.registryUrl}/v1/peers`);
    const { peers } = (await answer.json()) as { peers: { name: string; online: boolean }[] };
    return peers.map(({ name, online }) => [name, online]);
  }

  async function untilRegistryShows(...peers: [string, boolean][]): Promise<void> {
    const deadline = performance.now() + 10_000;
    while (JSON.stringify(await peersAtRegistry()) !== JSON.stringify(peers))
      if (performance.now() > deadline) assert.deepEqual(await peersAtRegistry(), peers);
  }

  it('a name that is given back stays free, though a heartbeat was under way', async () => {
    const bob = await bobAtFront();
    const heartbeat = await heldHeartbeat(bob);
    const release = bob.request('releaseName', null);
    await bob.window.until(({ registry }) => registry.kind === 'off');
    await aRoundTrip();
    assert.deepEqual(front.claims, ['PUT /v1/peers/bob', 'PUT /v1/peers/bob']);
    heartbeat.go();
    await release;
    assert.deepEqual(await peersAtRegistry(), [['sara', true]]);
    assert.equal(front.claims.at(-1), 'DELETE /v1/peers/bob?release=1');
  });

  it('a name that is given back is asked for once, and its owner is signed off where that fails', async () => {
    const bob = await bobAtFront();
    const held = front.hold('DELETE /v1/peers/bob?release=1');
    const release = bob.failure('releaseName', null);
    await held.arrived;
    assert.deepEqual(front.claims.slice(1), ['DELETE /v1/peers/bob?release=1']);
    held.refuse();
    assert.equal(await release, 'registryUnreachable');
    await bob.window.until(({ registry }) => registry.kind === 'joined');
    assert.deepEqual(front.claims.slice(2), ['DELETE /v1/peers/bob', 'PUT /v1/peers/bob']);
    assert.equal(bob.state.me.name, 'bob');
  });

  it('an engine that stops while a name is given back signs off', async () => {
    const bob = await bobAtFront();
    const held = front.hold('DELETE /v1/peers/bob?release=1');
    const release = bob.request('releaseName', null).catch(() => undefined);
    await held.arrived;
    await bob.stop();
    await release;
    await untilRegistryShows(['bob', false], ['sara', true]);
  });

  it('whoever signs out is away, though a heartbeat was under way', async () => {
    const bob = await bobAtFront();
    const heartbeat = await heldHeartbeat(bob);
    await bob.request('signOut', null);
    await aRoundTrip();
    assert.deepEqual(front.claims, ['PUT /v1/peers/bob', 'PUT /v1/peers/bob']);
    heartbeat.go();
    await untilRegistryShows(['bob', false], ['sara', true]);
    assert.deepEqual(front.claims.slice(2), ['DELETE /v1/peers/bob']);
  });

  it('an engine that stops signs off at once, though a heartbeat is under way', async () => {
    const bob = await bobAtFront();
    await heldHeartbeat(bob);
    await bob.stop();
    assert.deepEqual(front.claims.slice(2), ['DELETE /v1/peers/bob']);
    await untilRegistryShows(['bob', false], ['sara', true]);
  });

  it('whoever signs out while signing up is away, and told so', async () => {
    const bob = await town.newcomer('bob');
    const held = front.hold('PUT /v1/peers/bob');
    const signUp = bob.failure('signUp', { name: 'bob', registryUrl: front.url });
    await held.arrived;
    await bob.request('signOut', null);
    assert.equal(await signUp, 'notSignedUp');
    await aRoundTrip();
    held.go();
    await untilRegistryShows(['bob', false], ['sara', true]);
    assert.deepEqual([bob.state.me.name, bob.state.registry.kind], [undefined, 'off']);
  });

  it('a sign-out ends the sign-ups that wait for their turn, too', async () => {
    const bob = await town.newcomer('bob');
    const held = front.hold('PUT /v1/peers/bob');
    const first = bob.failure('signUp', { name: 'bob', registryUrl: front.url });
    const second = bob.failure('signUp', { name: 'robert', registryUrl: front.url });
    await held.arrived;
    await bob.request('signOut', null);
    held.go();
    assert.deepEqual([await first, await second], ['notSignedUp', 'notSignedUp']);
    await untilRegistryShows(['bob', false], ['sara', true]);
    assert.deepEqual([bob.state.me.name, bob.state.registry.kind], [undefined, 'off']);
  });

  it('asking who is there does not undo a sign-up that waits', async () => {
    const bob = await town.person('bob');
    const held = front.hold('PUT /v1/peers/robert');
    const signUp = bob.failure('signUp', { name: 'robert', registryUrl: front.url });
    await held.arrived;
    const refresh = bob.request('refreshPeers', null);
    await aRoundTrip();
    held.refuse();
    assert.equal(await signUp, 'registryUnreachable');
    await refresh;
    await bob.window.until(({ registry }) => registry.kind === 'joined');
    assert.equal(bob.state.me.name, 'bob');
    const { registry } = bob.state;
    assert.equal(registry.kind === 'joined' && registry.url, town.registryUrl);
  });

  it('asking who is there does not take a name again that is being given back', async () => {
    const bob = await bobAtFront();
    const held = front.hold('DELETE /v1/peers/bob?release=1', 'answer');
    const release = bob.request('releaseName', null);
    await held.arrived;
    const refresh = bob.failure('refreshPeers', null);
    await aRoundTrip();
    held.go();
    await release;
    assert.equal(await refresh, 'notSignedUp');
    assert.deepEqual(await peersAtRegistry(), [['sara', true]]);
  });

  it('whoever signs out stays signed out when giving the name back then fails', async () => {
    const bob = await bobAtFront();
    const held = front.hold('DELETE /v1/peers/bob?release=1');
    const release = bob.failure('releaseName', null);
    await held.arrived;
    await bob.request('signOut', null);
    held.refuse();
    assert.equal(await release, 'registryUnreachable');
    await aRoundTrip();
    assert.deepEqual([bob.state.me.name, bob.state.registry.kind], [undefined, 'off']);
    assert.deepEqual(await peersAtRegistry(), [
      ['bob', false],
      ['sara', true],
    ]);
  });

  it('a name that is chosen in another window while one is given back is mine', async () => {
    const bob = await bobAtFront();
    const second = await bob.openWindow();
    const release = bob.request('releaseName', null);
    const signUp = second.request('signUp', { name: 'robert', registryUrl: front.url });
    await release;
    assert.equal((await signUp).name, 'robert');
    await aRoundTrip();
    assert.deepEqual([bob.state.me.name, bob.state.registry.kind], ['robert', 'joined']);
    assert.deepEqual(await peersAtRegistry(), [
      ['robert', true],
      ['sara', true],
    ]);
    second.close();
  });

  it('whoever signs out while somebody is looked up is told so', async () => {
    const bob = await bobAtFront();
    const held = front.hold('GET /v1/peers/sara');
    const lookUp = bob.failure('lookUp', { name: 'sara' });
    await held.arrived;
    await bob.request('signOut', null);
    held.go();
    assert.equal(await lookUp, 'notSignedUp');
  });
});
