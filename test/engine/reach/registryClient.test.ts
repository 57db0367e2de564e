import assert from 'node:assert/strict';
import { type Failure, type FailureCode, FailureError } from '../../../src/contract/failure.ts';
import { MAX_SKEW_MS, type RegisterBody, type SignOffBody } from '../../../src/contract/registry.ts';
import { AnswerTooLarge, type HttpAnswer } from '../../../src/engine/reach/httpEdge.ts';
import { CALL_TIMEOUT_MS, MAX_PAGES } from '../../../src/engine/reach/registryClient.ts';
import {
  isSignedBy,
  parsePublicKey,
  registrationBytes,
  releaseBytes,
  signOffBytes,
} from '../../../src/wire/signedRecord.ts';
import { clientOf, FakeRegistry, NONCE, NOW, ok, problem, Somebody, URL_ } from './support.ts';

const me = new Somebody();
const ali = new Somebody();
const WHERE = { addresses: ['192.168.1.5'], tcpPort: 4000, udpPort: 4001 };
const REGISTERED = ok({ observedAddress: '10.0.0.5', leaseMs: 90_000 }, 201);
const WEB_PAGE: HttpAnswer = { status: 200, body: '<!doctype html><title>Router</title>' };

const line = (name: string, digit: string) => ({
  name,
  fingerprint: digit.repeat(64),
  online: true,
  lastSeenAt: NOW,
});

/** The failure that `call` ends with. */
async function failureOf(call: Promise<unknown>): Promise<Failure> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof FailureError, String(error));
  return error.failure;
}

const client = (...answers: (HttpAnswer | Error)[]) => clientOf(new FakeRegistry(...answers).request, me);

describe('the registry client', () => {
  describe('registers me', () => {
    it('with a record that is signed by my key', async () => {
      const registry = new FakeRegistry(REGISTERED);
      const answer = await clientOf(registry.request, me).register({ name: '  سارا  ', ...WHERE });
      assert.deepEqual(answer, { observedAddress: '10.0.0.5', leaseMs: 90_000 });
      const [asked] = registry.asked;
      const { record, signature } = asked?.body as RegisterBody;
      assert.deepEqual(
        [asked?.method, asked?.url],
        ['PUT', `${URL_}/v1/peers/${encodeURIComponent('سارا')}`],
      );
      assert.deepEqual(record, { name: 'سارا', publicKey: me.publicKey, time: NOW, nonce: NONCE, ...WHERE });
      const key = parsePublicKey(record.publicKey)?.key;
      assert.ok(key && isSignedBy(key, registrationBytes(record), signature));
    });

    it('each time with a later time, even when the clock was set back', async () => {
      let now = NOW;
      const registry = new FakeRegistry(REGISTERED);
      const mine = clientOf(registry.request, me, { clock: { now: () => now } });
      await mine.register({ name: 'Sara', ...WHERE });
      now -= 60_000;
      await mine.register({ name: 'Sara', ...WHERE });
      const times = registry.asked.map(({ body }) => (body as RegisterBody).record.time);
      assert.deepEqual(times, [NOW, NOW + 1]);
    });

    it('again with a later time, once, when a later word of mine stands', async () => {
      const stale = problem('stale-record', 409, { newerThan: NOW + 7_000 });
      const registry = new FakeRegistry(stale, REGISTERED);
      const mine = clientOf(registry.request, me);
      await mine.register({ name: 'Sara', ...WHERE });
      await mine.register({ name: 'Sara', ...WHERE });
      const bodies = registry.asked.map(({ body }) => body as RegisterBody);
      assert.deepEqual(
        bodies.map(({ record }) => record.time),
        [NOW, NOW + 7_001, NOW + 7_002],
      );
      const key = parsePublicKey(me.publicKey)?.key;
      assert.ok(
        key && bodies.every(({ record, signature }) => isSignedBy(key, registrationBytes(record), signature)),
      );
    });

    it('not a third time, and never for a day that is still far', async () => {
      for (const [newerThan, times] of [
        [NOW + 1, 2],
        [NOW + MAX_SKEW_MS, 1],
        [Number.MAX_VALUE, 1],
      ] as const) {
        const registry = new FakeRegistry(problem('stale-record', 409, { newerThan }));
        const call = clientOf(registry.request, me).register({ name: 'Sara', ...WHERE });
        assert.match((await failureOf(call)).code, /^registry(Refused|Nonsense)$/);
        assert.equal(registry.asked.length, times);
      }
    });

    it('with the time of a clock that was put right after the registry refused it', async () => {
      let now = NOW + 3_600_000;
      const registry = new FakeRegistry(problem('clock-skew', 400, { serverTime: NOW }), REGISTERED);
      const mine = clientOf(registry.request, me, { clock: { now: () => now } });
      const failure = await failureOf(mine.register({ name: 'Sara', ...WHERE }));
      assert.deepEqual(failure, { code: 'clockSkew', details: { url: URL_, skewMs: 3_600_000 } });
      now = NOW;
      await mine.register({ name: 'Sara', ...WHERE });
      assert.equal((registry.asked[1]?.body as RegisterBody).record.time, NOW);
    });

    it('unless the name is taken, and says until when', async () => {
      const taken = new FakeRegistry(problem('name-taken', 409, { freeAt: NOW + 5, newerThan: NOW }));
      const failure = await failureOf(clientOf(taken.request, me).register({ name: 'Ali', ...WHERE }));
      assert.deepEqual(failure, { code: 'nameTaken', details: { name: 'Ali', freeAt: NOW + 5 } });
      assert.equal(taken.asked.length, 1);
    });

    it('not under what is no name, without asking', async () => {
      const registry = new FakeRegistry(REGISTERED);
      const mine = clientOf(registry.request, me);
      for (const name of ['', '\u200b', 'a\u0000b', 'x'.repeat(10_000), '\ud800']) {
        assert.equal((await failureOf(mine.register({ name, ...WHERE }))).code, 'nameInvalid');
      }
      assert.deepEqual(registry.asked, []);
    });
  });

  describe('signs me off', () => {
    it('with a record that is signed by my key', async () => {
      const registry = new FakeRegistry({ status: 204, body: '' });
      await clientOf(registry.request, me).signOff('Sara');
      const [asked] = registry.asked;
      const { record, signature } = asked?.body as SignOffBody;
      assert.deepEqual([asked?.method, asked?.url], ['DELETE', `${URL_}/v1/peers/Sara`]);
      const key = parsePublicKey(record.publicKey)?.key;
      assert.ok(key && isSignedBy(key, signOffBytes(record), signature));
    });

    it('also where I was not listed any more', async () => {
      await assert.doesNotReject(client(problem('not-found', 404)).signOff('Sara'));
    });

    it('before a registration that follows it, by the times of both', async () => {
      const registry = new FakeRegistry({ status: 204, body: '' }, REGISTERED);
      const mine = clientOf(registry.request, me);
      await mine.signOff('Sara');
      await mine.register({ name: 'Sara', ...WHERE });
      const times = registry.asked.map(({ body }) => (body as RegisterBody).record.time);
      assert.deepEqual(times, [NOW, NOW + 1]);
    });

    it('or says why not', async () => {
      assert.equal(
        (await failureOf(client(problem('store-away', 503)).signOff('Sara'))).code,
        'registryRefused',
      );
    });
  });

  it('gives my name back with a record that is signed as a release', async () => {
    const registry = new FakeRegistry({ status: 204, body: '' });
    await clientOf(registry.request, me).release('Sara');
    const [asked] = registry.asked;
    const { record, signature } = asked?.body as SignOffBody;
    assert.deepEqual([asked?.method, asked?.url], ['DELETE', `${URL_}/v1/peers/Sara?release=1`]);
    const key = parsePublicKey(record.publicKey)?.key;
    assert.ok(key && isSignedBy(key, releaseBytes(record), signature));
  });

  describe('looks somebody up', () => {
    it('and gives what they have signed, with the word of the registry', async () => {
      const registry = new FakeRegistry(ok(ali.peerAnswer('Ali')));
      const found = await clientOf(registry.request, me).lookUp('Ali');
      assert.deepEqual(found, {
        name: 'Ali',
        fingerprint: ali.fingerprint,
        signedAt: NOW,
        addresses: ['192.168.1.7', 'fd00::7'],
        tcpPort: 5000,
        udpPort: 5001,
        observedAddress: '10.0.0.7',
        online: true,
        lastSeenAt: NOW - 1000,
      });
      assert.equal(registry.asked[0]?.url, `${URL_}/v1/peers/Ali`);
    });

    it('whose name has characters of which addresses are made', async () => {
      const registry = new FakeRegistry(ok(ali.peerAnswer('a/b?c#d%')));
      await clientOf(registry.request, me).lookUp('a/b?c#d%');
      assert.equal(registry.asked[0]?.url, `${URL_}/v1/peers/a%2Fb%3Fc%23d%25`);
    });

    for (const [typed, name] of [
      ['ALI', 'Ali'],
      ['علي', 'علی'],
      ['كاوه', 'کاوه'],
      ['ali۱', 'Ali1'],
    ] as const) {
      it(`who spells the name otherwise: ${typed} finds ${name}`, async () => {
        assert.equal((await client(ok(ali.peerAnswer(name))).lookUp(typed)).name, name);
      });
    }

    it('or says that nobody is called so', async () => {
      const failure = await failureOf(client(problem('not-found', 404)).lookUp('Nobody'));
      assert.deepEqual(failure, { code: 'unknownUser', details: { name: 'Nobody' } });
    });

    const answer = ali.peerAnswer('Ali');
    const { record } = answer;
    const swapped = { ...answer, record: { ...record, publicKey: me.publicKey } };
    for (const [what, told] of Object.entries<HttpAnswer>({
      "somebody else's record": ok(ali.peerAnswer('Mallory')),
      'a record with another address than was signed': ok({
        ...answer,
        record: { ...record, tcpPort: 6666 },
      }),
      'a record with another key than it was signed with': ok(swapped),
      'a signature of nothing': ok({ ...answer, signature: 'AAAA' }),
      'a key that is none': ok({ ...answer, record: { ...record, publicKey: 'AAAA' } }),
      'a host name instead of an address': ok({ ...answer, record: { ...record, addresses: ['localhost'] } }),
      'a port that is none': ok({ ...answer, record: { ...record, tcpPort: 70_000 } }),
      'a web page': WEB_PAGE,
      nothing: { status: 200, body: '' },
      'half an answer': { status: 200, body: '{"record":' },
      'a number': ok(7),
      null: ok(null),
      'a list': ok([answer]),
      'a page of the directory': ok({ peers: [] }),
      'a redirect': { status: 302, body: '' },
      "a web server's own error": { status: 500, body: '<h1>Internal Server Error</h1>' },
      'an error without words': { status: 404, body: '' },
    })) {
      it(`and does not believe ${what}`, async () => {
        const failure = await failureOf(client(told).lookUp('Ali'));
        assert.equal(failure.code, 'registryNonsense');
      });
    }
  });

  describe('asks who is there', () => {
    it('page by page', async () => {
      const registry = new FakeRegistry(
        ok({ peers: [line('Ali', 'a')], cursor: 'Y3Vyc29y' }),
        ok({ peers: [line('Babak', 'b')] }),
      );
      const { peers, pages } = await clientOf(registry.request, me).directory();
      assert.deepEqual([peers, pages], [[line('Ali', 'a'), line('Babak', 'b')], 2]);
      const queries = registry.asked.map(({ url }) => Object.fromEntries(new URL(url).searchParams));
      assert.deepEqual(queries, [{ limit: '100' }, { cursor: 'Y3Vyc29y', limit: '100' }]);
    });

    it('up to a bound, whatever the registry says', async () => {
      let pages = 0;
      const endless = async () => ok({ peers: [line('Ali', 'a')], cursor: `cursor ${++pages}` });
      const directory = await clientOf(endless, me).directory();
      assert.deepEqual([pages, directory.pages, directory.peers.length], [MAX_PAGES, MAX_PAGES, MAX_PAGES]);
    });

    it('and not in circles', async () => {
      const circle = client(ok({ peers: [], cursor: 'again' }));
      assert.equal((await failureOf(circle.directory())).code, 'registryNonsense');
    });

    it('and believes no line that is none', async () => {
      for (const peers of [
        [line('', 'a')],
        [line('Ali', 'z')],
        [line('Ali', 'a'), 7],
        'Ali',
        Array(101).fill(line('Ali', 'a')),
      ]) {
        const failure = await failureOf(client(ok({ peers })).directory());
        assert.equal(failure.code, 'registryNonsense', JSON.stringify(peers).slice(0, 80));
      }
    });
  });

  describe('says what is wrong when', () => {
    const codeOf = async (told: HttpAnswer | Error): Promise<FailureCode> =>
      (await failureOf(client(told).directory())).code;

    it('nothing answers', async () => {
      const refused = new TypeError('fetch failed', {
        cause: Object.assign(new Error(), { code: 'ECONNREFUSED' }),
      });
      const timeout = new DOMException('timed out', 'TimeoutError');
      assert.equal(await codeOf(refused), 'registryUnreachable');
      assert.equal(await codeOf(timeout), 'registryUnreachable');
    });

    it('only a gateway answers', async () => {
      assert.equal(await codeOf({ status: 502, body: '<h1>Bad Gateway</h1>' }), 'registryUnreachable');
    });

    it('something answers that speaks no HTTP', async () => {
      const cause = Object.assign(new Error('Parse Error'), { code: 'HPE_INVALID_CONSTANT' });
      assert.equal(await codeOf(new TypeError('fetch failed', { cause })), 'registryNonsense');
    });

    it('the answer is huge', async () => {
      assert.equal(await codeOf(new AnswerTooLarge()), 'registryNonsense');
    });

    it('the registry refuses, in its own words but not all of them', async () => {
      const detail = 'Slow down. '.repeat(100);
      const failure = await failureOf(client(problem('too-many-requests', 429, { detail })).directory());
      assert.deepEqual(failure, {
        code: 'registryRefused',
        details: { url: URL_, detail: detail.slice(0, 300) },
      });
    });

    it('the registry refuses for a reason that does not fit what was asked', async () => {
      const skew = (more = {}) => client(problem('clock-skew', 400, more));
      for (const call of [
        client(problem('store-away', 503)).lookUp('Ali'),
        client(problem('not-found', 404)).register({ name: 'Sara', ...WHERE }),
        client(problem('too-many-requests', 429, { serverTime: NOW })).register({ name: 'Sara', ...WHERE }),
        skew().register({ name: 'Sara', ...WHERE }),
        skew({ serverTime: NOW }).lookUp('Ali'),
      ])
        assert.equal((await failureOf(call)).code, 'registryRefused');
    });

    it('something else answers, and what that is', async () => {
      for (const [told, detail] of [
        [WEB_PAGE, 'webPage'],
        [{ status: 200, body: ' ' }, 'emptyAnswer'],
        [{ status: 200, body: 'hello' }, 'noJson'],
        [ok(7), 'otherKind'],
        [ok({ peers: [line('Ali', 'z')] }), 'peers.0.fingerprint'],
        [{ status: 302, body: '' }, 'HTTP 302'],
      ] as const) {
        const failure = await failureOf(client(told).directory());
        assert.deepEqual(failure, { code: 'registryNonsense', details: { url: URL_, detail } });
      }
    });

    it('the registry refuses for a reason of a later version', async () => {
      const failure = await failureOf(client(problem('moon-phase', 400)).directory());
      assert.deepEqual(failure, {
        code: 'registryRefused',
        details: { url: URL_, detail: 'title of moon-phase' },
      });
    });
  });

  /** Never answers by itself. */
  const silent = ({ signal }: { signal: AbortSignal }) =>
    new Promise<HttpAnswer>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });

  it('gives a registry that does not answer a few seconds', async () => {
    const ends = new AbortController();
    const waits: number[] = [];
    const deadline = (ms: number) => {
      waits.push(ms);
      return ends.signal;
    };
    let unanswered = 0;
    const onNoAnswer = () => unanswered++;
    const call = clientOf(silent, me, { deadline, onNoAnswer }).lookUp('Ali');
    ends.abort(new DOMException('timed out', 'TimeoutError'));
    assert.equal((await failureOf(call)).code, 'registryUnreachable');
    assert.deepEqual([waits, unanswered], [[CALL_TIMEOUT_MS], 1]);
  });

  it('ends when it is told to, with that reason', async () => {
    const mine = new AbortController();
    const deadline = () => new AbortController().signal;
    const onNoAnswer = () => assert.fail('nobody waited for an answer');
    const call = clientOf(silent, me, { deadline, onNoAnswer }).lookUp('Ali', mine.signal);
    const reason = new Error('not any more');
    mine.abort(reason);
    await assert.rejects(call, reason);
  });
});
