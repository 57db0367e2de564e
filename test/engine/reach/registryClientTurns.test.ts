// Claims on one name, at a registry that takes its time.

import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import type { SignOffBody } from '../../../src/contract/registry.ts';
import { requestHttp } from '../../../src/engine/io/http.ts';
import type { HttpAnswer, HttpRequest } from '../../../src/engine/reach/httpEdge.ts';
import type { RegistryClient } from '../../../src/engine/reach/registryClient.ts';
import { type TestRegistry, testRegistry } from '../../registry-server/testRegistry.ts';
import { clientOf, NOW, ok, problem, Somebody } from './support.ts';

const me = new Somebody();
const WHERE = { addresses: ['192.168.1.5'], tcpPort: 4000, udpPort: 4001 };
const REGISTERED = ok({ observedAddress: '10.0.0.5', leaseMs: 90_000 }, 201);

describe('the registry client says one claim after the other', () => {
  const DONE: HttpAnswer = { status: 204, body: '' };
  let asked: HttpRequest[];
  let answers: ((answer: HttpAnswer) => void)[];
  let mine: RegistryClient;

  beforeEach(() => {
    asked = [];
    answers = [];
    const slow = (request: HttpRequest) => {
      asked.push(request);
      return new Promise<HttpAnswer>((resolve, reject) => {
        answers.push(resolve);
        request.signal.addEventListener('abort', () => reject(request.signal.reason));
      });
    };
    mine = clientOf(slow, me);
  });

  /** To the call that was made last. */
  async function answer(told: HttpAnswer): Promise<void> {
    answers.at(-1)?.(told);
    await setImmediate();
  }
  const methods = () => asked.map(({ method }) => method);
  const timeOf = (request: HttpRequest | undefined) => (request?.body as SignOffBody).record.time;

  it('so that a release is signed after a registration that had to be signed once more', async () => {
    const registered = mine.register({ name: 'Sara', ...WHERE });
    await setImmediate();
    const released = mine.release('Sara');
    await setImmediate();
    assert.deepEqual(methods(), ['PUT']);
    await answer(problem('stale-record', 409, { newerThan: NOW + 7_000 }));
    assert.deepEqual(methods(), ['PUT', 'PUT']);
    await answer(REGISTERED);
    await registered;
    assert.deepEqual(methods(), ['PUT', 'PUT', 'DELETE']);
    assert.equal(timeOf(asked[2]), NOW + 7_002);
    await answer(DONE);
    await released;
  });

  it('and not a registration that another claim follows before its turn', async () => {
    const first = mine.signOff('Sara');
    const overtaken = mine.register({ name: 'Sara', ...WHERE });
    const last = mine.signOff('Sara');
    const end = assert.rejects(overtaken);
    await setImmediate();
    await answer(DONE);
    await answer(DONE);
    await Promise.all([first, last, end]);
    assert.deepEqual(methods(), ['DELETE', 'DELETE']);
  });

  it('and the next at once when one is ended', async () => {
    const ends = new AbortController();
    const registered = mine.register({ name: 'Sara', ...WHERE }, ends.signal);
    const end = assert.rejects(registered, { name: 'AbortError' });
    await setImmediate();
    const left = mine.signOff('Sara');
    ends.abort();
    await end;
    await setImmediate();
    assert.deepEqual(methods(), ['PUT', 'DELETE']);
    await answer(DONE);
    await left;
  });
});

describe('the registry client whose registration was not answered in time', () => {
  let registry: TestRegistry;
  /** Those that came through, in order. */
  let said: string[];
  let late: HttpRequest[];
  let isSilent: boolean;
  /** What happens before the registry hears a registration that comes through. */
  let beforePut: () => Promise<unknown>;
  let why: Error;
  let mine: RegistryClient;

  beforeEach(async () => {
    registry = await testRegistry();
    [said, late, isSilent] = [[], [], true];
    beforePut = async () => {};
    why = new DOMException('too late', 'TimeoutError');
    const request = async (asked: HttpRequest) => {
      if (isSilent) {
        late.push(asked);
        throw why;
      }
      said.push(`${asked.method} ${asked.url.slice(registry.url.length)}`);
      if (asked.method === 'PUT') await beforePut();
      return requestHttp(asked);
    };
    const clock = { now: () => registry.clock.time };
    mine = clientOf(request, me, { url: registry.url, clock });
  });
  afterEach(() => registry.close());

  /** The registry hears what it was told before, and does not answer it any more. */
  async function hearsTheRest(): Promise<void> {
    for (const asked of late) await requestHttp({ ...asked, signal: AbortSignal.timeout(5_000) });
  }

  const isListed = async () => (await registry.ask('GET', '/v1/peers/Sara')).status === 200;

  for (const leave of ['signOff', 'release'] as const)
    it(`has no name after a ${leave}, when the registry hears it after that`, async () => {
      await assert.rejects(mine.register({ name: 'Sara', ...WHERE }));
      isSilent = false;
      await mine[leave]('Sara');
      await hearsTheRest();
      assert.equal(await isListed(), false);
    });

  it('has no name after a release that follows a sign-off without an answer', async () => {
    await assert.rejects(mine.register({ name: 'Sara', ...WHERE }));
    await assert.rejects(mine.signOff('Sara'));
    isSilent = false;
    await mine.release('Sara');
    await hearsTheRest();
    assert.equal(await isListed(), false);
  });

  it('has given its name back where somebody else takes it meanwhile', async () => {
    await assert.rejects(mine.register({ name: 'Sara', ...WHERE }));
    isSilent = false;
    const clock = { now: () => registry.clock.time };
    const theirs = clientOf(requestHttp, new Somebody(), { url: registry.url, clock });
    beforePut = () => theirs.register({ name: 'Sara', ...WHERE });
    await mine.release('Sara');
    await hearsTheRest();
    assert.deepEqual(said, ['DELETE /v1/peers/Sara?release=1', 'PUT /v1/peers/Sara']);
    assert.equal(await isListed(), true);
  });

  it('says no more than a sign-off where the registry has heard it', async () => {
    await assert.rejects(mine.register({ name: 'Sara', ...WHERE }));
    await hearsTheRest();
    isSilent = false;
    registry.clock.time += 1;
    await mine.signOff('Sara');
    assert.deepEqual(said, ['DELETE /v1/peers/Sara']);
  });

  it('says no more than a sign-off where nobody was there to hear it', async () => {
    why = new TypeError('fetch failed');
    await assert.rejects(mine.register({ name: 'Sara', ...WHERE }));
    isSilent = false;
    await mine.signOff('Sara');
    assert.deepEqual(said, ['DELETE /v1/peers/Sara']);
  });

  it('keeps the name where it is registered again and signs off much later', async () => {
    await assert.rejects(mine.register({ name: 'Sara', ...WHERE }));
    isSilent = false;
    registry.clock.time += 1;
    await mine.register({ name: 'Sara', ...WHERE });
    registry.clock.time += 1;
    await mine.signOff('Sara');
    await hearsTheRest();
    assert.deepEqual(said, ['PUT /v1/peers/Sara', 'DELETE /v1/peers/Sara']);
    assert.equal((await registry.ask('GET', '/v1/peers/Sara')).body.online, false);
  });
});
