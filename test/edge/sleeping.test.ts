// Computers that sleep: real processes that stand still with their connections open, so that nobody is told.

import assert from 'node:assert/strict';
import { truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { LOOK_MS, SLEPT_MS } from '../../src/engine/reach/wakeMachine.ts';
import { Town } from '../support/engines.ts';
import { HeadlessEngine } from '../support/headlessEngine.ts';

/** Far from the 45 s after which silence alone is taken for an end. */
const SOON_MS = 15_000;
/** Takes a second and more. */
const LONG = 512 * 1024 * 1024;

describe('a computer that sleeps', function () {
  this.timeout(180_000);
  let town: Town;
  let sara: HeadlessEngine;
  let bob: HeadlessEngine;

  beforeEach(async () => {
    town = await Town.open();
    [sara, bob] = (await Promise.all(['sara', 'bob'].map(start))) as [HeadlessEngine, HeadlessEngine];
    await sara.window.befriend(bob.window);
  });
  afterEach(async () => {
    for (const engine of [sara, bob]) engine.goOn();
    await Promise.all([sara.stop(), bob.stop()]);
    await town.close();
  });

  const start = (name: string) =>
    HeadlessEngine.start(path.join(town.folder, name), '--name', name, '--registry', town.registryUrl);
  const idOf = ({ window }: HeadlessEngine) => window.state.me.fingerprint;
  const passed = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

  it('notices within seconds of waking that a link died meanwhile, and has it again as soon as the other wakes, too', async () => {
    bob.freeze();
    sara.freeze();
    await passed(LOOK_MS + SLEPT_MS + 500);
    const woke = performance.now();
    sara.goOn();
    await sara.window.peer(idOf(bob), ({ link }) => link !== 'connected');
    assert.ok(performance.now() - woke < SOON_MS);
    await sara.window.request('sendText', { peer: idOf(bob), text: 'good morning' });
    const both = performance.now();
    bob.goOn();
    await sara.window.peer(idOf(bob), ({ link, undelivered }) => link === 'connected' && undelivered === 0);
    assert.ok(performance.now() - both < SOON_MS);
    assert.match(sara.log.join(''), /this computer slept for \d+ s/);
  });

  /** A file on its way over TLS, of which something has come. */
  async function longOne(): Promise<string> {
    const place = path.join(town.folder, 'long.bin');
    await writeFile(place, '');
    await truncate(place, LONG);
    const { id } = await sara.window.request('offerFile', { peer: idOf(bob), path: place, asPicture: false });
    await bob.window.transfer(id, 'offered');
    await bob.window.request('answerTransfer', { id, accept: true });
    await sara.window.until(({ transfers }) => {
      const { state } = transfers[id] ?? {};
      return state?.kind === 'running' && state.bytes > 0;
    });
    return id;
  }

  for (const what of ['sending', 'taking'] as const)
    it(`leaves what it was ${what} waiting, and goes on with it when it wakes`, async () => {
      const id = await longOne();
      const [sleeper, other] = what === 'sending' ? [sara, bob] : [bob, sara];
      sleeper.freeze();
      await other.window.transfer(id, 'waiting', 2 * SOON_MS);
      sleeper.goOn();
      await Promise.all([sara, bob].map(({ window }) => window.transfer(id, 'done', 60_000)));
    });

  it('keeps a link that lives', async () => {
    sara.tell({ setClockMs: 3_600_000 });
    await bob.window.request('sendText', { peer: idOf(sara), text: 'an hour later' });
    await passed(2 * LOOK_MS);
    await bob.window.peer(idOf(sara), ({ undelivered }) => undelivered === 0);
    assert.match(sara.log.join(''), /this computer slept for 36\d\d s/);
    assert.doesNotMatch(sara.log.join(''), /link with bob ended/);
  });
});
