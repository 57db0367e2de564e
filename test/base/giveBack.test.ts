// Memory that is given back is gone for whoever still holds it.

import assert from 'node:assert/strict';
import { giveBack } from '../../src/base/giveBack.ts';

describe('giveBack', () => {
  it('takes the memory away from bytes that have it for themselves', () => {
    const bytes = Buffer.from(new ArrayBuffer(1452));
    giveBack(bytes);
    assert.equal(bytes.length, 0);
  });

  it('leaves alone what shares its memory with others', () => {
    const whole = Buffer.from(new ArrayBuffer(100)).fill(7);
    giveBack(whole.subarray(0, 50));
    const [pooled, shared] = [Buffer.from('a small one'), Buffer.from(new SharedArrayBuffer(8))];
    giveBack(pooled);
    giveBack(shared);
    assert.deepEqual(whole, Buffer.alloc(100, 7));
    assert.equal(pooled.toString(), 'a small one');
    assert.equal(shared.length, 8);
  });

  it('may be asked twice', () => {
    const bytes = new Uint8Array(10);
    giveBack(bytes);
    giveBack(bytes);
    assert.equal(bytes.byteLength, 0);
  });
});
