// A file of mine whose session has begun before the disk has opened it.

import assert from 'node:assert/strict';
import type { Source } from '../../../src/engine/carriers/carrier.ts';
import { openingSource } from '../../../src/engine/files/openingSource.ts';

describe('a file that is still being opened', () => {
  let opening: PromiseWithResolvers<Source>;
  let source: Source;
  let told: unknown[];

  beforeEach(() => {
    [opening, told] = [Promise.withResolvers(), []];
    source = openingSource(opening.promise);
  });

  const opened: Source = {
    read: async (...what) => {
      told.push(['read', ...what]);
      return Buffer.from('bytes');
    },
    recycle: (buffer) => void told.push(['recycle', buffer]),
    digest: async (onRead = () => undefined) => {
      onRead();
      return 'digest';
    },
    close: async () => void told.push(['close']),
  };

  it('is read once it is open, and from then on without a turn in between', async () => {
    const read = source.read(0, 5);
    assert.deepEqual(told, []);
    opening.resolve(opened);
    const bytes = await read;
    assert.deepEqual(told, [['read', 0, 5]]);
    const again = source.read(5, 5);
    assert.deepEqual(told.at(-1), ['read', 5, 5]);
    await again;
    source.recycle(bytes);
    assert.deepEqual(told.at(-1), ['recycle', bytes], 'its buffers are used again');
  });

  it('has its digest made, and tells how far that is', async () => {
    const digest = source.digest(() => told.push('read'));
    opening.resolve(opened);
    assert.deepEqual([await digest, told], ['digest', ['read']]);
  });

  it('is closed as soon as it is open, where nobody waits for it any more', async () => {
    const closing = source.close();
    opening.resolve(opened);
    await closing;
    assert.deepEqual(told, [['close']]);
  });

  it('rejects whoever reads it where it cannot be opened, and nobody else', async () => {
    const unheard: unknown[] = [];
    const hear = (error: unknown) => void unheard.push(error);
    process.on('unhandledRejection', hear);
    opening.reject(new Error('it is gone'));
    await opening.promise.catch(() => undefined);
    await new Promise(setImmediate);
    process.off('unhandledRejection', hear);
    assert.deepEqual(unheard, []);
    await assert.rejects(source.read(0, 5), /gone/);
    await assert.rejects(source.digest(), /gone/);
    await source.close();
  });
});
