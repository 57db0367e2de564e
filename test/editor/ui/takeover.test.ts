// Five windows of one person, two of them real editors: whichever has the engine, killing it costs nobody more than a moment.
// `npm run bench -- --only windows` kills more of them.

import assert from 'node:assert/strict';
import { momentNow } from '../../support/soak/testimony.ts';
import { type FiveWindows, openFiveWindows } from '../../support/windows/fiveWindows.ts';
import { assertSoon, type Takeover } from '../../support/windows/takeoverTrials.ts';

const KILLS = 3;

describe('Five windows', function () {
  this.timeout(300_000);
  let five: FiveWindows;
  before(async () => {
    five = await openFiveWindows();
  });
  after(() => five.close());

  it('are attached again in less than two seconds each time the one with the engine is killed, and no message is lost or doubled', async () => {
    const takeovers: Takeover[] = [];
    for (let i = 0; i < KILLS; i++) takeovers.push(await five.trials.run());
    assertSoon(takeovers, 4);
    await five.trials.arrived();
  });

  it('go on at the engine of a newer version as soon as there is one, and without it when it is gone', async () => {
    const opened = momentNow();
    const newer = await five.processes.open('99.0.0');
    assert.ok(newer.isHosting);
    for (const editor of five.editors) await editor.attached(opened);
    const closed = momentNow();
    await newer.close();
    for (const editor of five.editors) await editor.attached(closed);
    await five.trials.run();
    await five.trials.arrived();
  });

  it('take in a real editor again whose extension host was killed', async () => {
    const [editor] = five.editors;
    assert.ok(editor !== undefined);
    await editor.kill();
    await editor.reopen();
    await five.trials.run();
    await five.trials.arrived();
  });
});
