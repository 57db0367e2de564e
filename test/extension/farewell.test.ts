import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Drafts } from '../../src/extension/chat/drafts.ts';
import { farewell } from '../../src/extension/farewell.ts';
import { fingerprintOf } from './people.ts';

const bob = fingerprintOf('b');
const carol = fingerprintOf('c');
const text = { text: 'on 8000' };
const page = { page: 'd'.repeat(32), at: 0 };
/** Of promises, between an engine that goes and the panel that hears of it: more than there are. */
const STEPS = 50;

describe('a window that goes', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'hamta-farewell-'));
  });
  afterEach(async () => {
    for (const drafts of opened.splice(0)) await drafts.close();
    await rm(folder, { recursive: true, force: true });
  });

  const opened: Drafts[] = [];
  const open = async () => {
    const drafts = new Drafts(folder, assert.ifError);
    opened.push(drafts);
    await drafts.load();
    return drafts;
  };

  it('keeps as a draft what it was asked to send and could not', async () => {
    const drafts = await open();
    const going = Promise.withResolvers<void>();
    const sending = going.promise.then(async () => {
      for (let step = 0; step < STEPS; step += 1) await undefined;
      await drafts.giveBack(bob, text);
    });
    // An engine of another window, which has nothing to finish.
    const close = async () => going.resolve();
    await farewell({ engine: { close }, drafts });
    assert.deepEqual((await open()).take(bob, page, { isNew: true }), [text]);
    await sending;
  });

  it('keeps for somebody whose chat is not open what was to be sent to them, and what stands in a box', async () => {
    const drafts = await open();
    const failed = { text: 'on 8001' };
    drafts.onWillClose(() => void drafts.giveBack(carol, text));
    const close = async () => void drafts.giveBack(carol, failed);
    await farewell({ engine: { close }, drafts });
    const after = await open();
    assert.deepEqual(after.take(carol, page, { isNew: false }), [failed, text]);
  });

  it('ends when the engine that it runs has', async () => {
    const drafts = await open();
    const stopped = Promise.withResolvers<void>();
    const said: string[] = [];
    const gone = farewell({ engine: { close: () => stopped.promise }, drafts }).then(() => said.push('gone'));
    await drafts.close();
    assert.deepEqual(said, []);
    stopped.resolve();
    await gone;
    assert.deepEqual(said, ['gone']);
  });
});
