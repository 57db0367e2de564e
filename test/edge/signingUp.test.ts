// A name at a real registry, and registries that are none.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Town } from '../support/engines.ts';

/** Long before a lease is renewed, or the directory is asked for by itself. */
const SOON_MS = 2_000;

describe('signing up', function () {
  this.timeout(60_000);
  let town: Town;

  beforeEach(async () => {
    town = await Town.open();
  });
  afterEach(() => town.close());

  it('gives a person a name and an address that others find', async () => {
    const sara = await town.person('سارا');
    const bob = await town.person('bob');
    assert.equal(sara.state.me.name, 'سارا');
    const { peer, addresses } = await bob.request('lookUp', { name: 'سارا' });
    assert.deepEqual([peer, addresses], [sara.fingerprint, sara.state.me.addresses]);
  });

  it('says that a name is taken, also in other letters, and leaves a newcomer as they were', async () => {
    await town.person('sara');
    const other = await town.newcomer('other');
    for (const name of ['sara', 'SARA', ' Sara ']) {
      const code = await other.failure('signUp', { name, registryUrl: town.registryUrl });
      assert.equal(code, 'nameTaken');
    }
    assert.deepEqual([other.state.me.name, other.state.registry.kind], [undefined, 'off']);
  });

  it('leaves somebody who has a name with that name when another one is taken', async () => {
    const [sara, bob] = await town.friends('sara', 'bob');
    assert.equal(await bob.failure('signUp', { name: 'Sara', registryUrl: town.registryUrl }), 'nameTaken');
    await bob.window.until(({ registry }) => registry.kind === 'joined');
    assert.equal(bob.state.me.name, 'bob');
    assert.equal((await sara.request('lookUp', { name: 'bob' })).peer, bob.fingerprint);
    assert.equal(bob.state.peers[sara.fingerprint]?.link, 'connected');
  });

  it('changes a name, and friends follow', async () => {
    const [sara, bob] = await town.friends('sara', 'bob');
    await bob.signUp('robert');
    assert.equal(bob.state.me.name, 'robert');
    await sara.request('refreshPeers', null);
    await sara.peer(bob, ({ name, presence }) => name === 'robert' && presence === 'here');
    assert.equal((await sara.request('lookUp', { name: 'robert' })).peer, bob.fingerprint);
    await sara.request('disconnect', { peer: bob.fingerprint });
    await sara.request('connect', { peer: bob.fingerprint });
  });

  it('is done when it was done before, and from two windows at once', async () => {
    const sara = await town.newcomer('sara');
    const second = await sara.openWindow();
    const { registryUrl } = town;
    const wishes = [
      sara.signUp(),
      second.request('signUp', { name: 'sara', registryUrl }),
      sara.signUp('sara2'),
    ];
    await Promise.all(wishes);
    await sara.signUp('sara2');
    assert.equal(sara.state.me.name, 'sara2');
    second.close();
  });

  it('refuses a name that is none, and an address that is none, before asking anybody', async () => {
    const other = await town.newcomer('other');
    const { registryUrl } = town;
    for (const name of ['', '...', 'x'.repeat(10_000), 'a\u0007b', 'a\u202eb'])
      assert.equal(await other.failure('signUp', { name, registryUrl }), 'nameInvalid');
    for (const url of ['', 'ftp://x', 'http://'])
      assert.equal(await other.failure('signUp', { name: 'x', registryUrl: url }), 'registryUrlInvalid');
  });

  it('lists the others, not oneself, and knows who is unknown', async () => {
    const [sara] = await Promise.all(['sara', 'bob', 'eve'].map((name) => town.person(name)));
    assert.ok(sara);
    await sara.request('refreshPeers', null);
    await sara.request('lookUp', { name: 'sara' });
    const names = Object.values(sara.state.peers).map(({ name }) => name);
    assert.deepEqual(names.sort(), ['bob', 'eve']);
    assert.equal(await sara.failure('lookUp', { name: 'nobody' }), 'unknownUser');
  });

  it('shows who has left', async () => {
    const sara = await town.person('sara');
    const bob = await town.person('bob');
    const { fingerprint } = bob;
    await sara.request('refreshPeers', null);
    await sara.window.peer(fingerprint, ({ presence }) => presence === 'here');
    await bob.stop();
    await sara.request('refreshPeers', null);
    await sara.window.peer(
      fingerprint,
      ({ presence, lastSeenAt }) => presence === 'away' && lastSeenAt !== undefined,
    );
  });

  it('ends with signing out: nobody is shown, nobody is reached, and the name stays mine', async () => {
    const [sara, bob] = await town.friends('sara', 'bob');
    const eve = await town.person('eve');
    await bob.request('refreshPeers', null);
    await bob.request('signOut', null);
    await bob.window.until(({ peers }) => peers[eve.fingerprint] === undefined);
    await sara.peer(bob, ({ link }) => link === 'none');
    assert.deepEqual([bob.state.me.name, bob.state.registry.kind], [undefined, 'off']);
    assert.equal(await bob.failure('connect', { peer: sara.fingerprint }), 'notSignedUp');
    assert.equal(await bob.failure('lookUp', { name: 'sara' }), 'notSignedUp');
    assert.equal(await bob.failure('refreshPeers', null), 'notSignedUp');
    assert.equal(await eve.failure('signUp', { name: 'bob', registryUrl: town.registryUrl }), 'nameTaken');
  });

  it('remembers the name of whoever is signed out, also in the next engine, until it is given up', async () => {
    const bob = await town.person('bob');
    assert.equal(bob.state.me.keptName, undefined);
    await bob.request('signOut', null);
    assert.deepEqual([bob.state.me.name, bob.state.me.keptName], [undefined, 'bob']);
    await bob.stop();
    await bob.start();
    assert.deepEqual([bob.state.me.name, bob.state.me.keptName], [undefined, 'bob']);
    assert.equal(bob.state.registry.kind, 'off');
    await bob.signUp();
    assert.deepEqual([bob.state.me.name, bob.state.me.keptName], ['bob', undefined]);
    await bob.request('releaseName', null);
    assert.deepEqual([bob.state.me.name, bob.state.me.keptName], [undefined, undefined]);
  });

  it('finds friends again when somebody signs out and in', async () => {
    const [sara, bob] = await town.friends('sara', 'bob');
    await bob.request('signOut', null);
    await sara.peer(bob, ({ link }) => link === 'none');
    await bob.signUp();
    await bob.peer(sara, ({ link }) => link === 'connected');
    await sara.peer(bob, ({ link }) => link === 'connected');
  });

  it('comes back by itself to a registry that was away, and friends stay connected meanwhile', async () => {
    const [sara, bob] = await town.friends('sara', 'bob');
    await town.closeRegistry();
    assert.equal(await sara.failure('refreshPeers', null), 'registryUnreachable');
    await sara.say(bob, 'still here?');
    await sara.peer(bob, ({ undelivered }) => undelivered === 0);
    await town.openRegistry();
    await sara.request('refreshPeers', null);
    await sara.window.until(({ registry }) => registry.kind === 'joined');
  });

  it('shows that a registry is away as soon as anything was asked of it in vain', async () => {
    const [sara, bob] = await Promise.all(['sara', 'bob'].map((name) => town.person(name)));
    assert.ok(sara && bob);
    await town.closeRegistry();
    assert.equal(await sara.failure('refreshPeers', null), 'registryUnreachable');
    await sara.window.until(({ registry }) => registry.kind === 'failing', SOON_MS);
    assert.equal(await bob.failure('lookUp', { name: 'sara' }), 'registryUnreachable');
    await bob.window.until(({ registry }) => registry.kind === 'failing', SOON_MS);
  });

  it('joins at the start when the registry comes later', async () => {
    const sara = await town.person('sara');
    await sara.stop();
    await town.closeRegistry();
    await sara.start();
    await sara.window.until(({ registry }) => registry.kind === 'failing');
    await town.openRegistry();
    await sara.window.until(({ registry }) => registry.kind === 'joined');
    assert.equal(sara.state.me.name, 'sara');
  });

  describe('at something that is no registry', () => {
    const servers: ReturnType<typeof createServer>[] = [];
    afterEach(() => {
      for (const server of servers.splice(0)) {
        server.closeAllConnections();
        server.close();
      }
    });

    async function failureAt(name: string, answer: RequestListener): Promise<string> {
      const server = createServer(answer).listen(0, '127.0.0.1');
      servers.push(server);
      await once(server, 'listening');
      const registryUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const other = await town.newcomer(name);
      const code = await other.failure('signUp', { name: 'x', registryUrl });
      assert.deepEqual([other.state.me.name, other.state.registry.kind], [undefined, 'off']);
      return code;
    }

    it('fails with what is wrong there', async () => {
      const [page, broken, huge, silent] = await Promise.all([
        failureAt('page', (_, response) =>
          response.setHeader('Content-Type', 'text/html').end('<h1>Hello</h1>'),
        ),
        failureAt('broken', (_, response) => response.writeHead(500).end('oops')),
        failureAt('huge', (_, response) => response.end(Buffer.alloc(4_000_000, 'x'))),
        failureAt('silent', () => {}),
      ]);
      assert.deepEqual(
        [page, broken, huge, silent],
        ['registryNonsense', 'registryNonsense', 'registryNonsense', 'registryUnreachable'],
      );
    });

    it('fails where nothing listens', async () => {
      const other = await town.newcomer('other');
      await town.closeRegistry();
      assert.equal(
        await other.failure('signUp', { name: 'x', registryUrl: town.registryUrl }),
        'registryUnreachable',
      );
    });
  });
});
