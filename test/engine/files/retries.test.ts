// Offers that are made once more: one at a time of each that is over.

import assert from 'node:assert/strict';
import type { Abort } from '../../../src/contract/rpc.ts';
import type { Transfer } from '../../../src/contract/transfer.ts';
import { Retries } from '../../../src/engine/files/retries.ts';

const OVER = 'over';

describe('an offer that is made once more', () => {
  let open: Set<string>;
  let retries: Retries;
  let makings: PromiseWithResolvers<Transfer>[];

  beforeEach(() => {
    [open, makings] = [new Set(), []];
    retries = new Retries((id) => (open.has(id) ? transferOf(id) : undefined));
  });

  const transferOf = (id: string) => ({ id }) as Transfer;
  const ask = (abort?: Abort) =>
    retries.once(
      OVER,
      (own) => {
        const making = Promise.withResolvers<Transfer>();
        makings.push(making);
        own.addEventListener('abort', () => making.reject(new Error('called off')));
        return making.promise;
      },
      abort,
    );

  it('is the one that is being made, also behind one that was called off', async () => {
    const abort = new AbortController();
    const gone = ask(abort.signal);
    abort.abort();
    const [second, third] = [ask(), ask()];
    await assert.rejects(gone, /called off/);
    const fourth = ask();
    makings.at(-1)?.resolve(transferOf('made'));
    const made = await Promise.all([second, third, fourth]);
    assert.deepEqual([made.map(({ id }) => id), makings.length], [['made', 'made', 'made'], 2]);
  });

  it('is the one that was made as long as that is open, and another one then', async () => {
    for (const [id, made] of [
      ['first', 1],
      ['second', 2],
    ] as const) {
      const asked = ask();
      makings.at(-1)?.resolve(transferOf(id));
      await asked;
      open.add(id);
      assert.deepEqual([(await ask()).id, makings.length], [id, made]);
      open.clear();
    }
  });

  it('is asked for anew where it could not be made', async () => {
    const asked = ask();
    makings[0]?.reject(new Error('its file is gone'));
    await assert.rejects(asked, /gone/);
    void ask();
    assert.equal(makings.length, 2);
  });
});
