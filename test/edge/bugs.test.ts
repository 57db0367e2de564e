// Engines with bugs, or with disks that lose what was written: real processes, which end rather than go on with half of what they are.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { asPicture } from '../support/asPicture.ts';
import { Town } from '../support/engines.ts';
import { HeadlessEngine } from '../support/headlessEngine.ts';

const BUG = new URL('../support/datagramBug.ts', import.meta.url).href;
const LOST_WRITE = new URL('../support/lostWrite.ts', import.meta.url).href;
/** The words of lostWrite.ts. */
const LOST = 'words that the disk loses';
const onLinux = process.platform === 'linux' ? it : () => {};

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
    assert.match(engine.log.join(''), /error engine: this engine ends.*a bug of the datagrams/s);
  });
});

describe('an engine whose disk loses a message', function () {
  this.timeout(20_000);
  let town: Town;
  beforeEach(async () => {
    town = await Town.open();
  });
  afterEach(() => town.close());

  async function friends() {
    const [sara] = await town.friends('sara', 'bob');
    const folder = path.join(town.folder, 'eve');
    const options = ['--name', 'eve', '--registry', town.registryUrl, '--auto-accept'];
    const failing = await HeadlessEngine.startWith({ preloads: [LOST_WRITE] }, folder, ...options);
    const eve = await sara.window.befriend(failing.window);
    const nextEngine = async () => {
      assert.equal(await failing.exitCode, 1);
      assert.match(failing.log.join(''), /the disk may have lost what was written to .*hamta\.db-wal: EIO/);
      return HeadlessEngine.start(folder, ...options);
    };
    return { sara, eve, failing, nextEngine };
  }

  onLinux('that has left ends without an answer, and the next one, asked again, says it once', async () => {
    const { sara, eve, failing, nextEngine } = await friends();
    const said = { peer: sara.fingerprint, id: 'e'.repeat(32), text: LOST };
    assert.equal(await failing.window.failure('sendText', said), 'engineGone');
    const mended = await nextEngine();
    await mended.window.request('sendText', said);
    await mended.window.request('sendText', { peer: sara.fingerprint, text: 'and on' });
    await sara.window.peer(eve, ({ unread }) => unread === 2);
    const heard = await sara.window.messages(eve);
    assert.deepEqual(
      heard.map(({ body }) => body.kind === 'text' && body.text),
      [said.text, 'and on'],
    );
    await mended.stop();
  });

  onLinux('that came says to nobody that it is here, and the next one has it once', async () => {
    const { sara, eve, failing, nextEngine } = await friends();
    await sara.request('sendText', { peer: eve, text: LOST });
    await failing.window.closed;
    assert.equal(failing.window.state.peers[sara.fingerprint]?.unread, 0);
    const { receipts } = await sara.window.peer(eve, ({ link }) => link !== 'connected');
    assert.equal(receipts.delivered, 0);
    const mended = await nextEngine();
    await sara.request('sendText', { peer: eve, text: 'and on' });
    await sara.window.peer(eve, ({ receipts: { delivered } }) => delivered === 2);
    const heard = await mended.window.messages(sara.fingerprint);
    assert.deepEqual(
      heard.map(({ body }) => body.kind === 'text' && body.text),
      [LOST, 'and on'],
    );
    await mended.stop();
  });
});
