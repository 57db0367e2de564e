// AES-128-GCM over one block. The nonce is the block's number: under one session's key a block is sealed once.

import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';
import { giveBack } from '../../base/giveBack.ts';
import { TAG_BYTES } from './params.ts';

const CIPHER = 'aes-128-gcm';
const NONCE_BYTES = 12;

/** Writes ciphertext and tag to the start of `into`. */
export function sealBlock(key: KeyObject, index: number, plain: Uint8Array, into: Buffer): void {
  const cipher = createCipheriv(CIPHER, key, nonceOf(index));
  const sealed = cipher.update(plain);
  into.set(sealed);
  giveBack(sealed);
  cipher.final();
  into.set(cipher.getAuthTag(), plain.length);
}

/** The plaintext in a buffer of its own, or undefined when the tag is wrong. */
export function openBlock(key: KeyObject, index: number, sealed: Buffer): Buffer | undefined {
  const tagAt = sealed.length - TAG_BYTES;
  const decipher = createDecipheriv(CIPHER, key, nonceOf(index), { authTagLength: TAG_BYTES });
  decipher.setAuthTag(sealed.subarray(tagAt));
  const plain = decipher.update(sealed.subarray(0, tagAt));
  try {
    decipher.final();
    return plain;
  } catch {
    return undefined;
  }
}

function nonceOf(index: number): Buffer {
  const nonce = Buffer.alloc(NONCE_BYTES);
  nonce.writeUInt32BE(index, NONCE_BYTES - 4);
  return nonce;
}
