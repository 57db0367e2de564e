// Taking a name, looking it up and listing names, over real sockets: every answer that there is.

import assert from 'node:assert/strict';
import * as v from 'valibot';
import {
  BINDING_MS,
  LEASE_MS,
  MAX_SKEW_MS,
  PageAnswer,
  PeerAnswer,
  RegisterAnswer,
} from '../../src/contract/registry.ts';
import { isSignedBy, parsePublicKey, registrationBytes } from '../../src/wire/signedRecord.ts';
import { assertProblem, pathOf, registerAt } from './peerCalls.ts';
import { type SignedPeer, signedPeer } from './signedPeer.ts';
import { type TestRegistry, testRegistry } from './testRegistry.ts';

describe('the calls of the registry', () => {
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

  describe('PUT /v1/peers/:name', () => {
    it('takes a name with 201 and refreshes it with 200, telling the address it saw and the lease', async () => {
      const first = await register(sara, 'Sara');
      assert.equal(first.status, 201);
      assert.deepEqual(v.parse(RegisterAnswer, first.body), {
        observedAddress: '127.0.0.1',
        leaseMs: LEASE_MS,
      });
      registry.clock.time += 30_000;
      assert.equal((await register(sara, 'Sara')).status, 200);
    });

    it('takes names in any script, with spaces, slashes and signs', async () => {
      for (const name of ['سارا', 'José de la Cruz', 'a/b?c#d%e', '🐟', 'x'.repeat(64), '*', 'constructor']) {
        assert.equal((await register(sara, name)).status, 201, name);
        assert.equal((await registry.ask('GET', pathOf(name))).body.record.name, name);
      }
    });

    it('takes the name in the path in any normal form', async () => {
      const body = sara.registration('José', registry.clock.time);
      assert.equal((await registry.ask('PUT', pathOf('  Jose\u0301 '), body)).status, 201);
    });

    it('answers 409 name-taken to another key, with the moment the binding ends', async () => {
      await register(sara, 'Sara');
      registry.clock.time += 60_000;
      const answer = await register(mallory, 'Sara');
      assertProblem(answer, 409, 'name-taken');
      assert.equal(answer.body.freeAt, registry.clock.time - 60_000 + BINDING_MS);
      assert.match(answer.body.detail, /"Sara"/);
    });

    it('answers 409 name-taken for another case, another script and hidden characters', async () => {
      await register(sara, 'Sara');
      for (const name of [
        'sara',
        'SARA',
        'Ѕаrа',
        'ＳＡＲＡ',
        'Sаra',
        'Sa\u034fra',
        'Sara\ufe0f',
        'Sara\u200d',
      ]) {
        assertProblem(await register(mallory, name), 409, 'name-taken');
      }
    });

    it('gives the name to another key once its owner was away for 30 days', async () => {
      await register(sara, 'Sara');
      registry.clock.time += BINDING_MS;
      assert.equal((await register(mallory, 'Sara')).status, 201);
      assertProblem(await register(sara, 'Sara', registry.clock.time + 1), 409, 'name-taken');
    });

    it('answers 401 bad-signature when another key signed', async () => {
      const { record } = sara.registration('Sara', registry.clock.time);
      const { signature } = mallory.registration('Sara', registry.clock.time);
      const answer = await registry.ask('PUT', pathOf('Sara'), { record, signature });
      assertProblem(answer, 401, 'bad-signature');
      assert.equal(answer.headers.get('www-authenticate'), 'Hamta-Signature');
    });

    it('answers 401 bad-signature when anything was changed after signing', async () => {
      const { record, signature } = sara.registration('Sara', registry.clock.time);
      const changes = [
        { addresses: ['203.0.113.66'] },
        { tcpPort: 666 },
        { udpPort: 666 },
        { time: record.time + 1 },
        { nonce: 'AAAA' },
        { publicKey: mallory.publicKey },
      ];
      for (const change of changes) {
        const body = { record: { ...record, ...change }, signature };
        assertProblem(await registry.ask('PUT', pathOf('Sara'), body), 401, 'bad-signature');
      }
      const other = { record: { ...record, name: 'Zoe' }, signature };
      assertProblem(await registry.ask('PUT', pathOf('Zoe'), other), 401, 'bad-signature');
    });

    it('answers 401 bad-signature to the signature of a sign-off', async () => {
      const { record } = sara.registration('Sara', registry.clock.time);
      const { signature } = sara.signOff('Sara', registry.clock.time);
      assertProblem(await registry.ask('PUT', pathOf('Sara'), { record, signature }), 401, 'bad-signature');
    });

    it('answers 409 stale-record to a replay, with the time that a new record must pass', async () => {
      const body = sara.registration('Sara', registry.clock.time);
      await registry.ask('PUT', pathOf('Sara'), body);
      registry.clock.time += 1_000;
      const answer = await registry.ask('PUT', pathOf('Sara'), body);
      assertProblem(answer, 409, 'stale-record');
      assert.equal(answer.body.newerThan, body.record.time);
    });

    it('answers 409 stale-record to a record signed before the one that stands', async () => {
      await register(sara, 'Sara', registry.clock.time);
      assertProblem(await register(sara, 'Sara', registry.clock.time - 1), 409, 'stale-record');
    });

    it('answers 412 clock-skew to a time too far from its own, with its own', async () => {
      for (const skew of [MAX_SKEW_MS + 1, -MAX_SKEW_MS - 1, -registry.clock.time]) {
        const answer = await register(sara, 'Sara', registry.clock.time + skew);
        assertProblem(answer, 412, 'clock-skew');
        assert.equal(answer.body.serverTime, registry.clock.time);
      }
      assert.equal((await register(sara, 'Sara', registry.clock.time - MAX_SKEW_MS)).status, 201);
    });

    it('answers 400 when the name in the path is not the one that was signed', async () => {
      const body = sara.registration('Sara', registry.clock.time);
      for (const name of ['Zoe', 'sara', 'Sara2', 'Ѕara']) {
        assertProblem(await registry.ask('PUT', pathOf(name), body), 400, 'bad-request');
      }
    });

    it('answers 400 to a signed name that is not tidy', async () => {
      for (const name of [' Sara', 'Sara\u00a0x', 'Jose\u0301']) {
        assertProblem(await register(sara, name), 400, 'bad-request');
      }
    });

    it('answers 400 to names of 10,000 characters, with control characters, and to nothing visible', async () => {
      for (const name of [
        'x'.repeat(10_000),
        'a\u0000b',
        'a\u001b[31m',
        '\u202egnp.exe',
        '\u3164',
        '\u200d',
        'a\nb',
        '\ufdfa'.repeat(64),
      ]) {
        assertProblem(await register(sara, name), 400, 'bad-request');
        assertProblem(await registry.ask('GET', pathOf(name)), 400, 'bad-request');
        assertProblem(await registry.ask('DELETE', pathOf(name), sara.signOff(name, 1)), 400, 'bad-request');
      }
    });

    it('answers 400 to a key that is not P-256 in its one spelling', async () => {
      for (const publicKey of ['AAAA', sara.publicKey.replaceAll('=', ''), `A${sara.publicKey.slice(1)}`]) {
        const body = sara.registration('Sara', registry.clock.time, { publicKey });
        assertProblem(await registry.ask('PUT', pathOf('Sara'), body), 400, 'bad-request');
      }
    });

    it('answers 400 to a body of another shape, naming the place', async () => {
      const good = sara.registration('Sara', registry.clock.time);
      const wrong: [unknown, RegExp][] = [
        [{}, /record/],
        [{ ...good, signature: 5 }, /signature/],
        [{ ...good, record: { ...good.record, tcpPort: 0 } }, /record\.tcpPort/],
        [{ ...good, record: { ...good.record, addresses: ['evil.example'] } }, /record\.addresses\.0/],
        [{ ...good, record: { ...good.record, name: 7 } }, /record\.name/],
        [[], /record/],
      ];
      for (const [body, place] of wrong) {
        const answer = await registry.ask('PUT', pathOf('Sara'), body);
        assertProblem(answer, 400, 'bad-request');
        assert.match(answer.body.detail, place);
      }
    });

    it('answers 400 to what is no JSON object', async () => {
      for (const text of ['{', 'null', '"x"', '7', ' ', '{"record":', '\u0000', 'x'.repeat(1_000)]) {
        assertProblem(await registry.ask('PUT', pathOf('Sara'), text), 400, 'bad-request');
      }
    });

    it('answers 400 to no body at all', async () => {
      assertProblem(await registry.ask('PUT', pathOf('Sara')), 400, 'bad-request');
    });

    it('answers 413 to a body above 16 KiB', async () => {
      const body = { ...sara.registration('Sara', registry.clock.time), padding: 'x'.repeat(16 * 1_024) };
      assertProblem(await registry.ask('PUT', pathOf('Sara'), body), 413, 'too-large');
    });

    it('answers 415 to another content type, no body, and a compressed or foreign encoding', async () => {
      const body = JSON.stringify(sara.registration('Sara', registry.clock.time));
      const kinds = [
        { 'Content-Type': 'text/plain' },
        { 'Content-Type': 'application/x-www-form-urlencoded' },
        { 'Content-Type': 'nonsense' },
        { 'Content-Type': 'application/json; charset=latin1' },
        { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' },
      ];
      for (const headers of kinds) {
        assertProblem(await registry.ask('PUT', pathOf('Sara'), body, headers), 415, 'wrong-content-type');
      }
      assertProblem(await registry.ask('PUT', pathOf('Sara'), undefined, {}), 415, 'wrong-content-type');
    });

    it('takes a body that says that nothing encodes it', async () => {
      for (const encoding of ['', 'identity', 'Identity']) {
        const headers = { 'Content-Type': 'application/json', 'Content-Encoding': encoding };
        const body = sara.registration('Sara', ++registry.clock.time);
        assert.ok((await registry.ask('PUT', pathOf('Sara'), body, headers)).status < 300, encoding);
      }
    });

    it('stores nothing of a refused registration', async () => {
      await register(mallory, 'Sara', registry.clock.time + MAX_SKEW_MS + 1);
      const { record } = sara.registration('Sara', registry.clock.time);
      await registry.ask('PUT', pathOf('Sara'), { record, signature: 'AAAA' });
      assertProblem(await registry.ask('GET', pathOf('Sara')), 404, 'not-found');
      assert.deepEqual((await registry.ask('GET', '/v1/peers')).body, { peers: [] });
    });

    it('keeps nothing of a body but what the contract names', async () => {
      const { record, signature } = sara.registration('Sara', registry.clock.time);
      const text = JSON.stringify({ record: { ...record, admin: true }, signature, role: 'root' });
      const sly = text.replace('"role"', '"__proto__":{"polluted":1},"role"');
      assert.equal((await registry.ask('PUT', pathOf('Sara'), sly)).status, 201);
      assert.deepEqual((await registry.ask('GET', pathOf('Sara'))).body.record, record);
      assert.equal(({} as Record<string, unknown>).polluted, undefined);
    });
  });

  describe('GET /v1/peers/:name', () => {
    it('gives the record as it was signed, so that anybody can check it', async () => {
      const body = sara.registration('سارا', registry.clock.time);
      await registry.ask('PUT', pathOf('سارا'), body);
      const answer = v.parse(PeerAnswer, (await registry.ask('GET', pathOf('سارا'))).body);
      const presence = { online: true, lastSeenAt: registry.clock.time, observedAddress: '127.0.0.1' };
      assert.deepEqual(answer, { ...body, ...presence });
      const key = parsePublicKey(answer.record.publicKey)?.key;
      assert.ok(key && isSignedBy(key, registrationBytes(answer.record), answer.signature));
    });

    it('says away once the lease is over, and never keeps an answer', async () => {
      await register(sara, 'Sara');
      registry.clock.time += LEASE_MS - 1;
      assert.equal(await isOnline('Sara'), true);
      registry.clock.time += 1;
      const answer = await registry.ask('GET', pathOf('Sara'));
      assert.equal(answer.body.online, false);
      assert.equal(answer.headers.get('cache-control'), 'no-store');
    });

    it('answers 404 to an unknown name and to a look-alike of a known one', async () => {
      await register(sara, 'Sara');
      assertProblem(await registry.ask('GET', pathOf('Zoe')), 404, 'not-found');
      assertProblem(await registry.ask('GET', pathOf('Ѕаrа')), 404, 'not-found');
    });

    it('answers 400 to a path that is not UTF-8', async () => {
      for (const name of ['%', '%zz', '%ff', '%c3%28', '%ed%a0%80']) {
        assertProblem(await registry.ask('GET', `/v1/peers/${name}`), 400, 'bad-request');
      }
    });
  });

  describe('GET /v1/peers', () => {
    it('lists names with their key and presence', async () => {
      await register(sara, 'Sara');
      const page = v.parse(PageAnswer, (await registry.ask('GET', '/v1/peers')).body);
      const presence = { online: true, lastSeenAt: registry.clock.time };
      assert.deepEqual(page, { peers: [{ name: 'Sara', fingerprint: sara.fingerprint, ...presence }] });
    });

    it('gives pages by prefix until there is no cursor', async () => {
      for (const name of ['ana', 'sam', 'Sara', 'sarah', 'zoe']) await register(sara, name);
      const first = v.parse(PageAnswer, (await registry.ask('GET', '/v1/peers?prefix=SA&limit=2')).body);
      assert.deepEqual(
        first.peers.map(({ name }) => name),
        ['sam', 'Sara'],
      );
      const second = await registry.ask('GET', `/v1/peers?prefix=SA&limit=2&cursor=${first.cursor}`);
      assert.deepEqual(
        second.body.peers.map(({ name }: { name: string }) => name),
        ['sarah'],
      );
      assert.equal(second.body.cursor, undefined);
    });

    it('answers 400 to a cursor, a limit or a prefix that cannot be', async () => {
      const wrong = [
        'cursor=',
        'cursor=YQ==',
        'cursor=%00',
        `cursor=${'A'.repeat(600)}`,
        'cursor=YQ&cursor=Yg',
        'limit=0',
        'limit=-1',
        'limit=101',
        'limit=1e1',
        'limit=',
        'limit=1&limit=2',
        'prefix=a&prefix=b',
        `prefix=${'%EF%B7%BA'.repeat(60)}`,
      ];
      for (const query of wrong)
        assertProblem(await registry.ask('GET', `/v1/peers?${query}`), 400, 'bad-request');
    });

    it('takes any text as a prefix, and does not mind parameters it does not know', async () => {
      await register(sara, 'Sara');
      for (const query of [
        'prefix=%00',
        'prefix=%ff',
        'prefix=',
        'x=1',
        'prefix[a]=1',
        'prefix=%25&y',
        `prefix=${'z'.repeat(300)}`,
      ]) {
        assert.equal((await registry.ask('GET', `/v1/peers?${query}`)).status, 200, query);
      }
    });
  });
});
