// Giving a name up, at a real registry.

import assert from 'node:assert/strict';
import { Town } from '../support/engines.ts';

describe('giving up a name', function () {
  this.timeout(60_000);
  let town: Town;

  beforeEach(async () => {
    town = await Town.open();
  });
  afterEach(() => town.close());

  it('signs out and lets somebody else have the name, whom friends do not take for the one before', async () => {
    const [sara, bob] = await town.friends('sara', 'bob');
    await bob.request('releaseName', null);
    assert.deepEqual([bob.state.me.name, bob.state.registry.kind], [undefined, 'off']);
    await sara.peer(bob, ({ link }) => link === 'none');
    assert.equal(await sara.failure('lookUp', { name: 'bob' }), 'unknownUser');
    const other = await town.newcomer('other');
    await other.signUp('bob');
    assert.equal(await sara.failure('lookUp', { name: 'bob' }), 'keyChanged');
    assert.equal(other.state.me.name, 'bob');
  });

  it('is not undone by a heartbeat, and can be undone while the name is free', async () => {
    const bob = await town.person('bob');
    const again = bob.request('refreshPeers', null).catch(() => undefined);
    await Promise.all([bob.request('releaseName', null), again]);
    const eve = await town.person('eve');
    assert.equal(await eve.failure('lookUp', { name: 'bob' }), 'unknownUser');
    await bob.signUp();
    assert.equal((await eve.request('lookUp', { name: 'bob' })).peer, bob.fingerprint);
  });

  it('leaves somebody who has none, or whose registry is away, as they were', async () => {
    const newcomer = await town.newcomer('newcomer');
    assert.equal(await newcomer.failure('releaseName', null), 'notSignedUp');
    const bob = await town.person('bob');
    await town.closeRegistry();
    assert.equal(await bob.failure('releaseName', null), 'registryUnreachable');
    assert.equal(bob.state.me.name, 'bob');
    await town.openRegistry();
    await bob.request('refreshPeers', null);
    await bob.window.until(({ registry }) => registry.kind === 'joined');
  });
});
