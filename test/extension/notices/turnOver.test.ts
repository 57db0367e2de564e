import assert from 'node:assert/strict';
import type { Notice } from '../../../src/extension/notices/notice.ts';
import { turnOver } from '../../../src/extension/notices/turnOver.ts';

type End = 'closed' | 'offScreen' | 'settled';

/** Whether the turn is over once these have come, in this order. */
async function isOverAfter(kind: Notice['kind'], ...ends: readonly End[]): Promise<boolean> {
  const [closed, offScreen, settled] = [0, 0, 0].map(() => Promise.withResolvers<void>());
  assert.ok(closed !== undefined && offScreen !== undefined && settled !== undefined);
  const all = { closed, offScreen, settled };
  let isOver = false;
  const over = turnOver(kind, {
    closed: closed.promise,
    offScreen: offScreen.promise,
    settled: settled.promise,
  }).then(() => {
    isOver = true;
  });
  for (const end of ends) all[end].resolve();
  await new Promise((resolve) => setImmediate(resolve));
  const wasOver = isOver;
  for (const { resolve } of Object.values(all)) resolve();
  await over;
  return wasOver;
}

describe('the turn of a notification', () => {
  it('is over for a message or an offer when it is closed, off the screen, or settled', async () => {
    for (const kind of ['message', 'offer'] as const) {
      assert.equal(await isOverAfter(kind), false);
      for (const end of ['closed', 'offScreen', 'settled'] as const)
        assert.equal(await isOverAfter(kind, end), true, `${kind} ${end}`);
    }
  });

  it('lasts, for somebody who wants to connect, until that question is settled', async () => {
    assert.equal(await isOverAfter('connection', 'offScreen'), false);
    assert.equal(await isOverAfter('connection', 'closed', 'offScreen'), false);
    assert.equal(await isOverAfter('connection', 'offScreen', 'settled'), true);
    assert.equal(await isOverAfter('connection', 'closed', 'settled'), true);
  });

  it('lasts, for somebody who was answered in the tree, until the notification has gone from the screen', async () => {
    assert.equal(await isOverAfter('connection', 'settled'), false);
    assert.equal(await isOverAfter('connection', 'settled', 'offScreen'), true);
  });
});
