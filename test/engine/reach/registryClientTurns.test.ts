// Claims on one name, at a registry that takes its time.

import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import type { SignOffBody } from '../../../src/contract/registry.ts';
import type { HttpAnswer, HttpRequest } from '../../../src/engine/reach/httpEdge.ts';
import type { RegistryClient } from '../../../src/engine/reach/registryClient.ts';
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
