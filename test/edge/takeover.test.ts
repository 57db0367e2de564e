// Windows in processes of their own, of which the one with the engine is killed or is not the newest. `npm run bench -- --only
// windows` has more kills, and real editors.

import assert from 'node:assert/strict';
import path from 'node:path';
import { type Person, Town } from '../support/engines.ts';
import { buildEngine } from '../support/windows/builtEngine.ts';
import { befriendBob, SaraProcesses } from '../support/windows/saraProcesses.ts';
import { TakeoverTrials } from '../support/windows/takeoverTrials.ts';

const KILLS = 3;
const WITHIN_MS = 2_000;

describe('a takeover', function () {
  this.timeout(60_000);
  let town: Town;
  let bob: Person;
  let sara: SaraProcesses;
  let _later: string;

  beforeEach(async () => {
    town = await Town.open();
    bob = await town.person('bob');
    const script = await buildEngine(path.join(town.folder, 'engine.mjs'));
    _later = await buildEngine(path.join(town.folder, 'later.mjs'), { isLater: true });
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
    for (let i = 0; i < KILLS; i++) {
      const { backMs } = await trials.run();
      assert.equal(Object.keys(backMs).length, 4);
      for (const [name, ms] of Object.entries(backMs)) assert.ok(ms < WITHIN_MS, `${name}: ${ms} ms`);
    }
    await trials.arrived();
  });
});
