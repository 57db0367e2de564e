// From a name to a link: asked and answered, at once from both sides, and with the wrong key at the other end.

import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { loadIdentity } from '../../src/engine/identity/identity.ts';
import { requestHttp } from '../../src/engine/io/http.ts';
import { RegistryClient } from '../../src/engine/reach/registryClient.ts';
import { type Person, Town } from '../support/engines.ts';

describe('connecting', function () {
  this.timeout(60_000);
  let town: Town;
  let sara: Person;
  let bob: Person;

  beforeEach(async () => {
    town = await Town.open();
    [sara, bob] = (await Promise.all([town.person('sara'), town.person('bob')])) as [Person, Person];
    await sara.request('lookUp', { name: 'bob' });
  });
  afterEach(() => town.close());

  const connect = () => sara.window.failure('connect', { peer: bob.fingerprint });
  const asked = () => bob.peer(sara, ({ link }) => link === 'asking');

  it('asks the other person, and messages flow after a yes', async () => {
    await sara.befriend(bob);
    const { path: road, standing } = await sara.peer(bob, ({ link }) => link === 'connected');
    assert.deepEqual([road, standing], ['thisMachine', 'accepted']);
    await bob.say(sara, 'hello');
    await sara.peer(bob, ({ unread }) => unread === 1);
  });

  it('tells of a no, and does not show the next question for a while', async () => {
    const outcome = connect();
    await asked();
    await bob.request('answerConnection', { peer: sara.fingerprint, accept: false });
    assert.equal(await outcome, 'connectionRejected');
    await bob.window.until(({ peers }) => peers[sara.fingerprint]?.link !== 'asking');
    const before = bob.window.events.length;
    assert.equal(await connect(), 'connectionRejected');
    const since = bob.window.events.slice(before);
    assert.equal(
      since.some((event) => event.kind === 'peerChanged' && event.peer.link === 'asking'),
      false,
    );
  });

  it('takes the question back when whoever asked gives up', async () => {
    const outcome = connect();
    await asked();
    await sara.request('cancelConnect', { peer: bob.fingerprint });
    assert.equal(await outcome, 'connectionCancelled');
    await bob.window.until(({ peers }) => peers[sara.fingerprint]?.link !== 'asking');
    await sara.peer(bob, ({ link }) => link === 'none');
  });

  it('can be cancelled and wished for again at once', async () => {
    const first = connect();
    await sara.request('cancelConnect', { peer: bob.fingerprint });
    assert.equal(await first, 'connectionCancelled');
    await sara.befriend(bob);
  });

  it('makes one link when both ask at once', async () => {
    await bob.request('lookUp', { name: 'sara' });
    await Promise.all([
      sara.request('connect', { peer: bob.fingerprint }),
      bob.request('connect', { peer: sara.fingerprint }),
    ]);
    await Promise.all([sara.say(bob, 'me'), bob.say(sara, 'me, too')]);
    await sara.peer(bob, ({ unread, undelivered }) => unread === 1 && undelivered === 0);
    await bob.peer(sara, ({ unread, undelivered }) => unread === 1 && undelivered === 0);
    await sara.request('disconnect', { peer: bob.fingerprint });
    await Promise.all([
      sara.peer(bob, ({ link }) => link === 'none'),
      bob.peer(sara, ({ link }) => link === 'none'),
    ]);
  });

  it('does not ask again who was accepted once, and goes on by itself after an engine was away', async () => {
    await sara.befriend(bob);
    await bob.stop();
    await sara.window.until(({ peers }) => Object.values(peers).every(({ link }) => link === 'none'));
    await bob.start();
    await bob.peer(sara, ({ link }) => link === 'connected');
    assert.equal(
      bob.window.events.some((e) => e.kind === 'peerChanged' && e.peer.link === 'asking'),
      false,
    );
  });

  it('stays apart after a disconnect until somebody writes', async () => {
    await sara.befriend(bob);
    await sara.request('disconnect', { peer: bob.fingerprint });
    await bob.peer(sara, ({ link }) => link === 'none');
    await sara.request('refreshPeers', null);
    assert.equal(sara.state.peers[bob.fingerprint]?.link, 'none');
    await sara.say(bob, 'one more thing');
    await sara.peer(bob, ({ link, undelivered }) => link === 'connected' && undelivered === 0);
  });

  it('finds a friend again without a registry', async () => {
    await sara.befriend(bob);
    await town.closeRegistry();
    assert.equal(await sara.failure('refreshPeers', null), 'registryUnreachable');
    await sara.request('disconnect', { peer: bob.fingerprint });
    await bob.peer(sara, ({ link }) => link === 'none');
    await sara.request('connect', { peer: bob.fingerprint });
    await sara.peer(bob, ({ link }) => link === 'connected');
  });

  it('finds a friend again by itself where no registry has answered since the start', async () => {
    await sara.befriend(bob);
    await town.closeRegistry();
    await sara.stop();
    await sara.start();
    await sara.peer(bob, ({ link }) => link === 'connected');
  });

  it('says that somebody who is not there is away', async () => {
    const { fingerprint } = bob;
    await bob.stop();
    assert.equal(await sara.failure('connect', { peer: fingerprint }), 'peerAway');
  });

  it('refuses messages and files to whoever is not accepted', async () => {
    const peer = bob.fingerprint;
    assert.equal(await sara.failure('sendText', { peer, text: 'x' }), 'notAccepted');
    const file = path.join(sara.dataDir, 'identity.pem');
    assert.equal(await sara.failure('offerFile', { peer, path: file, asPicture: false }), 'notAccepted');
  });

  it("sends nothing when somebody else's key answers at the address", async () => {
    const eve = await identityOf('eve');
    const { port } = bob;
    await register(eve, 'eve', port);
    const { peer } = await sara.request('lookUp', { name: 'eve' });
    assert.equal(await sara.failure('connect', { peer }), 'otherKeyAnswers');
    assert.equal(
      bob.window.events.some((e) => e.kind === 'peerChanged' && e.peer.link !== 'none'),
      false,
    );
  });

  it('sends nothing when the registry gives the name to another key, and marks the friend', async () => {
    await sara.befriend(bob);
    const { fingerprint } = bob;
    await bob.stop();
    await town.closeRegistry();
    town.forgetNames();
    await town.openRegistry();
    const impostor = await town.person('bob 2');
    await impostor.signUp('bob');
    await sara.request('refreshPeers', null);
    const marked = await sara.window.peer(fingerprint, ({ nameConflict }) => nameConflict !== undefined);
    assert.equal(marked.nameConflict, impostor.fingerprint);
    assert.equal(await sara.failure('connect', { peer: fingerprint }), 'keyChanged');
    assert.equal(await sara.failure('lookUp', { name: 'bob' }), 'keyChanged');
    assert.deepEqual(impostor.state.peers[sara.fingerprint]?.link ?? 'none', 'none');
    // Nor does the other one get in as bob.
    await sara.signUp('sara 2');
    const { peer } = await impostor.request('lookUp', { name: 'sara 2' });
    assert.equal(await impostor.failure('connect', { peer }), 'connectionRejected');
  });

  async function identityOf(name: string) {
    const folder = path.join(town.folder, name);
    await mkdir(folder);
    return loadIdentity(folder);
  }

  function register(me: Awaited<ReturnType<typeof identityOf>>, name: string, tcpPort: number) {
    const client = new RegistryClient({
      ...{ url: town.registryUrl, request: requestHttp, me, clock: { now: () => Date.now() } },
      nonce: () => Buffer.alloc(16, 1).toString('base64'),
    });
    return client.register({ name, addresses: ['127.0.0.1'], tcpPort, udpPort: tcpPort });
  }
});
