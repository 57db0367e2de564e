// Signing off and giving a name back, over real sockets, and what hostile callers get.

import assert from 'node:assert/strict';
import { assertProblem, pathOf, registerAt } from './peerCalls.ts';
import { type SignedPeer, signedPeer } from './signedPeer.ts';
import { type Answer, type TestRegistry, testRegistry } from './testRegistry.ts';

describe('leaving the registry', () => {
  const sara = signedPeer();
  const mallory = signedPeer();
  let registry: TestRegistry;

  beforeEach(async () => {
    registry = await testRegistry();
  });

  afterEach(() => registry.close());

  const register = (peer: SignedPeer, name: string, time?: number) => registerAt(registry, peer, name, time);

  async function isOnline(name: string): Promise<boolean> {
    return (await registry.ask('GET', pathOf(name))).body.online;
  }

  describe('DELETE /v1/peers/:name', () => {
    function signOff(peer: SignedPeer, name: string, time: number): Promise<Answer> {
      return registry.ask('DELETE', pathOf(name), peer.signOff(name, time));
    }

    it('ends the lease with 204 and keeps the name for its key', async () => {
      await register(sara, 'Sara');
      const answer = await signOff(sara, 'Sara', registry.clock.time + 1);
      assert.equal(answer.status, 204);
      assert.equal(answer.body, undefined);
      assert.equal(await isOnline('Sara'), false);
      assertProblem(await register(mallory, 'Sara'), 409, 'name-taken');
      assert.equal((await register(sara, 'Sara', registry.clock.time + 2)).status, 200);
    });

    it('answers 404 for an unknown name and 409 to another key', async () => {
      assertProblem(await signOff(sara, 'Sara', registry.clock.time), 404, 'not-found');
      await register(sara, 'Sara');
      assertProblem(await signOff(mallory, 'Sara', registry.clock.time + 1), 409, 'name-taken');
      assert.equal(await isOnline('Sara'), true);
    });

    it('answers 401 to the signature of another key or of a registration', async () => {
      await register(sara, 'Sara');
      const { record } = sara.signOff('Sara', registry.clock.time + 1);
      const foreign = mallory.signOff('Sara', registry.clock.time + 1);
      const registration = sara.registration('Sara', registry.clock.time + 1);
      for (const { signature } of [foreign, registration]) {
        assertProblem(
          await registry.ask('DELETE', pathOf('Sara'), { record, signature }),
          401,
          'bad-signature',
        );
      }
      assert.equal(await isOnline('Sara'), true);
    });

    it('answers 409 to a replay, so that an old sign-off ends no later lease', async () => {
      await register(sara, 'Sara');
      const old = sara.signOff('Sara', registry.clock.time + 1);
      await registry.ask('DELETE', pathOf('Sara'), old);
      await register(sara, 'Sara', registry.clock.time + 2);
      assertProblem(await registry.ask('DELETE', pathOf('Sara'), old), 409, 'stale-record');
      assert.equal(await isOnline('Sara'), true);
    });

    it('answers 412 to a time too far away and 400 to another name', async () => {
      await register(sara, 'Sara');
      assertProblem(await signOff(sara, 'Sara', 1), 412, 'clock-skew');
      const other = sara.signOff('Zoe', registry.clock.time + 1);
      assertProblem(await registry.ask('DELETE', pathOf('Sara'), other), 400, 'bad-request');
    });
  });

  describe('DELETE /v1/peers/:name?release=1', () => {
    function release(peer: SignedPeer, name: string, time: number): Promise<Answer> {
      return registry.ask('DELETE', `${pathOf(name)}?release=1`, peer.release(name, time));
    }

    it('gives the name back with 204: unknown at once, and free for another key', async () => {
      await register(sara, 'Sara');
      registry.clock.time += 1;
      const answer = await release(sara, 'Sara', registry.clock.time);
      assert.deepEqual([answer.status, answer.body], [204, undefined]);
      assertProblem(await registry.ask('GET', pathOf('Sara')), 404, 'not-found');
      registry.clock.time += 1;
      assert.equal((await register(mallory, 'Sara')).status, 201);
    });

    it('answers 409 stale-record to what was signed before it, with the time to pass, and 404 to itself', async () => {
      const old = sara.registration('Sara', registry.clock.time);
      await registry.ask('PUT', pathOf('Sara'), old);
      const end = sara.release('Sara', registry.clock.time + 5);
      await registry.ask('DELETE', `${pathOf('Sara')}?release=1`, end);
      const answer = await registry.ask('PUT', pathOf('Sara'), old);
      assertProblem(answer, 409, 'stale-record');
      assert.equal(answer.body.newerThan, registry.clock.time + 5);
      assertProblem(await registry.ask('DELETE', `${pathOf('Sara')}?release=1`, end), 404, 'not-found');
    });

    it('is no sign-off, nor is a sign-off one: 401 to the signature of the other', async () => {
      await register(sara, 'Sara');
      const [leaving, ending] = [
        sara.signOff('Sara', registry.clock.time + 1),
        sara.release('Sara', registry.clock.time + 1),
      ];
      const query = `${pathOf('Sara')}?release=1`;
      assertProblem(await registry.ask('DELETE', query, leaving), 401, 'bad-signature');
      assertProblem(await registry.ask('DELETE', pathOf('Sara'), ending), 401, 'bad-signature');
      assert.equal(await isOnline('Sara'), true);
    });

    it('answers 409 to another key, 404 for an unknown name, 412 and 400 as any claim does', async () => {
      assertProblem(await release(sara, 'Sara', registry.clock.time), 404, 'not-found');
      await register(sara, 'Sara');
      assertProblem(await release(mallory, 'Sara', registry.clock.time + 1), 409, 'name-taken');
      assertProblem(await release(sara, 'Sara', 1), 412, 'clock-skew');
      for (const value of ['', '0', 'true', '1&release=1']) {
        const path = `${pathOf('Sara')}?release=${value}`;
        assertProblem(
          await registry.ask('DELETE', path, sara.release('Sara', registry.clock.time + 1)),
          400,
          'bad-request',
        );
      }
      assert.equal(await isOnline('Sara'), true);
    });
  });

  it('lets none of many hostile attempts take a name or end a lease', async () => {
    const good = sara.registration('Sara', registry.clock.time);
    await registry.ask('PUT', pathOf('Sara'), good);
    const later = registry.clock.time + 1;
    const theirs = mallory.registration('Sara', later);
    const attempts: [string, string, unknown][] = [
      ['PUT', 'Sara', theirs],
      ['PUT', 'Sara', good],
      [
        'PUT',
        'Sara',
        { record: { ...theirs.record, publicKey: sara.publicKey }, signature: theirs.signature },
      ],
      ['PUT', 'Sara', { record: { ...good.record, time: later }, signature: good.signature }],
      ['PUT', 'Sara', { record: theirs.record, signature: good.signature }],
      ['PUT', 'sara', mallory.registration('sara', later)],
      ['PUT', 'Zoe', good],
      ['PUT', 'Sara', mallory.registration('Zoe', later)],
      ['PUT', 'Sara', { ...theirs, signature: Buffer.alloc(64).toString('base64') }],
      ['PUT', 'Sara', mallory.registration('Sara', later, { publicKey: sara.publicKey })],
      ['DELETE', 'Sara', mallory.signOff('Sara', later)],
      ['DELETE', 'Sara', theirs],
      ['DELETE', 'Sara', good],
      ['DELETE', 'Sara', sara.registration('Sara', later)],
    ];
    for (const [method, name, body] of attempts) {
      const { status } = await registry.ask(method, pathOf(name), body);
      assert.ok(status >= 400 && status < 500, `${method} ${name} ${status}`);
    }
    const { body } = await registry.ask('GET', pathOf('Sara'));
    assert.deepEqual([body.record, body.signature, body.online], [good.record, good.signature, true]);
  });
});
