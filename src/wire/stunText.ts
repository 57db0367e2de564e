// Text in STUN: the value of SOFTWARE and the reason of ERROR-CODE (RFC 8489, sections 14.8 and 14.14). For people, never compared.

import { DecodeError } from './decodeError.ts';

/** Fewer than 128 characters, which UTF-8 writes in at most so many bytes. */
const MAX_TEXT_BYTES = 509;

const decoder = new TextDecoder('utf-8');

/** `text` has fewer than 128 characters. */
export function encodeStunText(text: string): Buffer {
  return Buffer.from(text, 'utf8');
}

/** Throws a DecodeError when it is too long. Bytes that are no UTF-8 are shown as U+FFFD. */
export function decodeStunText(value: Uint8Array): string {
  if (value.length > MAX_TEXT_BYTES) throw new DecodeError('stun.text', MAX_TEXT_BYTES, 'too long');
  return decoder.decode(value);
}
