// Windows in processes of their own, of which the one with the engine is killed or is not the newest. `npm run bench -- --only
// windows` has more kills, and real editors.

import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Transfer } from '../../src/contract/transfer.ts';
import { slowDisk } from '../support/badDisks.ts';
import { type Person, Town } from '../support/engines.ts';
import { HeadlessEngine } from '../support/headlessEngine.ts';
import { randomBytesOf } from '../support/randomBytes.ts';
import { seededRandom } from '../support/seededRandom.ts';
import { slowness } from '../support/slowness.ts';
import { momentNow } from '../support/soak/testimony.ts';
import { buildEngine } from '../support/windows/builtEngine.ts';
import { befriendBob, SaraProcesses } from '../support/windows/saraProcesses.ts';
import { assertSoon, SOON_MS, type Takeover, TakeoverTrials } from '../support/windows/takeoverTrials.ts';

const KILLS = 3;
/** A process of a window that starts, before it can ask for anything. */
const START_MS = 2_000;
const FILE_BYTES = 64 * 2 ** 20;

describe('a takeover', function () {
  this.timeout(180_000);
  let town: Town;
  let bob: Person;
  let sara: SaraProcesses;
  let later: string;

  beforeEach(async () => {
    town = await Town.open();
    bob = await town.person('bob');
    const script = await buildEngine(path.join(town.folder, 'engine.mjs'));
    later = await buildEngine(path.join(town.folder, 'later.mjs'), { isLater: true });
    sara = new SaraProcesses({ town, script });
  });
  afterEach(async () => {
    await sara.close();
    await town.close();
  });

  it('finds every one of five windows attached again in less than two seconds, and each message arrives once', async () => {
    const windows = [];
    for (const name of ['one', 'two', 'three', 'four', 'five']) windows.push(await sara.killable(name));
    const [first] = windows;
    assert.ok(first !== undefined);
    const saraIs = await befriendBob(first.process, bob);
    const writers = windows.map((window) => () => window.process);
    const trials = new TakeoverTrials(town, bob, saraIs, windows, writers);
    const takeovers: Takeover[] = [];
    for (let i = 0; i < KILLS; i++) takeovers.push(await trials.run());
    assertSoon(takeovers, 4);
    await trials.arrived();
  });

  it('by a newer window happens at once where an older one hosts, and the older ones go on at its engine', async () => {
    const olds = [await sara.open('0.1.0'), await sara.open('0.1.0'), await sara.open('0.0.9')];
    const [host] = olds;
    assert.ok(host?.isHosting);
    const saraIs = await befriendBob(host, bob);
    const asked = momentNow();
    const newer = await sara.open('0.1.1');
    for (const window of olds) {
      assert.ok((await window.attached(asked)) - asked < (SOON_MS + START_MS) * slowness());
    }
    assert.deepEqual(
      [newer, ...olds].map(({ isHosting }) => isHosting),
      [true, false, false, false],
    );
    await host.request('sendText', { peer: bob.fingerprint, text: 'from an older window' });
    await bob.window.peer(saraIs, ({ unread }) => unread === 1);
  });

  it('by a build with a newer database keeps a copy of it, and older windows go on while the newer one is open', async () => {
    const old = await sara.open('0.1.0');
    await befriendBob(old, bob);
    await old.request('sendText', { peer: bob.fingerprint, text: 'before' });
    const asked = momentNow();
    const newer = await sara.open('0.2.0', later);
    await old.attached(asked);
    assert.ok((await readdir(sara.dataDir)).some((name) => name.endsWith('.backup')));
    const { messages } = await old.request('history', { peer: bob.fingerprint, limit: 10 });
    assert.equal(messages.length, 1);

    await newer.close();
    await assert.rejects(
      HeadlessEngine.start(sara.dataDir),
      /Reload the window; if that does not help, update/,
    );
    await sara.open('0.2.0', later);
    await old.request('sendText', { peer: bob.fingerprint, text: 'after' });
  });

  it('goes on with a file that is on its way, from the first block that is missing, without another question', async () => {
    // It takes a second and more, on the fastest machine, too.
    using _ = slowDisk(/\.part$/, 1);
    const [host, other] = [await sara.open(), await sara.open()];
    const saraIs = await befriendBob(host, bob);
    const bytes = randomBytesOf(seededRandom(1), FILE_BYTES);
    await writeFile(path.join(town.folder, 'file.bin'), bytes);
    const offer = { peer: bob.fingerprint, path: path.join(town.folder, 'file.bin'), asPicture: false };
    const { id } = await other.request('offerFile', offer);
    await bob.window.transfer(id, 'offered');
    await bob.request('answerTransfer', { id, accept: true });
    await bob.window.until(({ transfers }) => progressOf(transfers[id]) > FILE_BYTES / 10);
    await host.kill();
    const { path: place = '' } = await bob.window.transfer(id, 'done');
    assert.ok((await readFile(place)).equals(bytes));
    await bob.window.peer(saraIs, ({ link }) => link === 'connected');
  });
});

function progressOf(transfer: Transfer | undefined): number {
  return transfer?.state.kind === 'running' ? transfer.state.bytes : 0;
}
