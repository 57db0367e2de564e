import assert from 'node:assert/strict';
import { createCipheriv } from 'node:crypto';
import { openBlock, sealBlock } from '../../../src/engine/transfer/blockSeal.ts';
import { KEYS } from './transferPair.ts';

describe('a sealed block', () => {
  const plain = Buffer.from('some bytes of a picture');
  const seal = (index: number) => {
    const sealed = Buffer.alloc(plain.length + 16);
    sealBlock(KEYS.data, index, plain, sealed);
    return sealed;
  };

  it('is sealed as the page says, with its number as the nonce', () => {
    const nonce = Buffer.from('000000000000000000000003', 'hex');
    const cipher = createCipheriv('aes-128-gcm', KEYS.data, nonce);
    const byHand = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    assert.deepEqual(seal(3), byHand);
  });

  it('opens under its own number and no other', () => {
    assert.deepEqual(openBlock(KEYS.data, 3, seal(3)), plain);
    assert.equal(openBlock(KEYS.data, 4, seal(3)), undefined);
    assert.equal(openBlock(KEYS.ack, 3, seal(3)), undefined);
  });

  it('does not open when a bit of it is flipped', () => {
    for (let at = 0; at < plain.length + 16; at++) {
      const sealed = seal(3);
      sealed[at] = (sealed[at] as number) ^ 4;
      assert.equal(openBlock(KEYS.data, 3, sealed), undefined, `byte ${at}`);
    }
  });

  it('opens into memory of its own, which can be given back without anything else', () => {
    for (const length of [11, 65_536]) {
      const sealed = Buffer.alloc(length + 16);
      sealBlock(KEYS.data, 3, Buffer.alloc(length), sealed);
      assert.equal(openBlock(KEYS.data, 3, sealed)?.buffer.byteLength, length);
    }
  });

  it('leaves nothing behind of what the cipher has made', () => {
    const [block, sealed] = [Buffer.alloc(65_536), Buffer.alloc(65_536 + 16)];
    const before = process.memoryUsage().arrayBuffers;
    for (let index = 0; index < 16; index++) sealBlock(KEYS.data, index, block, sealed);
    const left = process.memoryUsage().arrayBuffers - before;
    assert.ok(left < 65_536, `${left}`);
  });
});
