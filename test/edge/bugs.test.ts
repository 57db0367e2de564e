// Engines with bugs: real processes, which end rather than go on with half of what they are.

import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { freePort } from '../support/freePort.ts';
import { HeadlessEngine } from '../support/headlessEngine.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

const HOST = '127.0.0.1';
const BUG = new URL('../support/datagramBug.ts', import.meta.url).href;

describe('an engine with a bug in the thread of its datagrams', function () {
  this.timeout(20_000);
  const folder = temporaryFolder();

  it('ends when it shows, and says what it was', async () => {
    const port = await freePort();
    const words = ['--port', `${port}`];
    const engine = await HeadlessEngine.startWith({ preloads: [BUG] }, folder.path, ...words);
    const stranger = createSocket('udp4');
    stranger.send('x', port, HOST, () => stranger.close());
    assert.equal(await engine.exitCode, 1);
    assert.match(engine.log.join(''), /error engine: bug.*a bug of the datagrams/s);
  });
});
