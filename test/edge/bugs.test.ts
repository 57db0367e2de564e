// Engines with bugs: real processes, which end rather than go on with half of what they are.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { asPicture } from '../support/asPicture.ts';
import { Town } from '../support/engines.ts';
import { HeadlessEngine } from '../support/headlessEngine.ts';

const BUG = new URL('../support/datagramBug.ts', import.meta.url).href;

describe('an engine with a bug in the thread of its datagrams', function () {
  this.timeout(20_000);
  let town: Town;
  beforeEach(async () => {
    town = await Town.open();
  });
  afterEach(() => town.close());

  it('ends when it shows, and says what it was', async () => {
    const [sara] = await town.friends('sara', 'bob');
    const engine = await HeadlessEngine.startWith(
      { preloads: [BUG] },
      path.join(town.folder, 'eve'),
      ...['--name', 'eve', '--registry', town.registryUrl, '--auto-accept'],
    );
    const peer = await sara.window.befriend(engine.window);
    const place = path.join(town.folder, 'a.webp');
    await writeFile(place, asPicture(Buffer.alloc(500_000, 1)));
    await sara.request('offerFile', { peer, path: place, asPicture: false });
    assert.equal(await engine.exitCode, 1);
    assert.match(engine.log.join(''), /error engine: bug.*a bug of the datagrams/s);
  });
});
