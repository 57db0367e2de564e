// A client that comes back even where its library has given up for ever.

import assert from 'node:assert/strict';
import { LastingRedis } from '../../../registry-server/store/lastingRedis.ts';
import { startRedis, type TestRedis } from '../../support/redis.ts';

function next(client: LastingRedis, event: 'ready' | 'end'): Promise<void> {
  return new Promise((resolve) => client.once(event, () => resolve()));
}

describe('a lasting client of Redis', function () {
  this.timeout(30_000);

  let server: TestRedis;
  let client: LastingRedis;
  /** What each question for the next try is answered with: first the library's own, then ours. */
  let answers: (number | undefined)[];

  before(async () => {
    server = await startRedis();
  });

  beforeEach(async () => {
    answers = [];
    const options = { host: '127.0.0.1', port: server.port, lazyConnect: true };
    client = new LastingRedis(options, () => answers.shift());
    client.on('error', () => undefined);
    await client.connect();
  });

  afterEach(() => client.disconnect());

  after(() => server.stop());

  it('connects again after the library has given up', async () => {
    answers = [undefined, 1];
    const [ended, back] = [next(client, 'end'), next(client, 'ready')];
    client.disconnect(true);
    await ended;
    await back;
    assert.equal(await client.ping(), 'PONG');
  });

  it('does not once somebody has ended it', async () => {
    answers = [1, 1];
    const ended = next(client, 'end');
    client.disconnect();
    await ended;
    assert.deepEqual(answers, [1, 1]);
  });
});
