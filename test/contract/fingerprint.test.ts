import assert from 'node:assert/strict';
import { parseFingerprint, shortFingerprint } from '../../src/contract/fingerprint.ts';

const DIGITS = '0123456789abcdef'.repeat(4);

describe('a fingerprint', () => {
  it('is 64 lowercase hexadecimal digits, and nothing else is one', () => {
    assert.equal(parseFingerprint(DIGITS), DIGITS);
    for (const other of [
      ...['', DIGITS.slice(1), `${DIGITS}0`, `${DIGITS}\n`, ` ${DIGITS}`, DIGITS.toUpperCase()],
      ...[`g${DIGITS.slice(1)}`, undefined, null, 7, [DIGITS]],
    ])
      assert.equal(parseFingerprint(other), undefined, JSON.stringify(other));
  });

  it('is shown in short by its beginning, in groups', () => {
    const fingerprint = parseFingerprint(DIGITS);
    assert.ok(fingerprint);
    assert.equal(shortFingerprint(fingerprint), '0123 4567 89ab cdef');
  });
});
