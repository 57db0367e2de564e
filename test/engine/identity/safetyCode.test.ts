import assert from 'node:assert/strict';
import { safetyGroups, safetyLines } from '../../../src/contract/safetyCode.ts';
import { safetyCodeOf } from '../../../src/engine/identity/safetyCode.ts';
import { ALI, BABAK, fingerprintOf } from '../store/support.ts';

describe('the safety code of two people', () => {
  // Made by a few lines of Python: half(k) = d[0..30] of sha256^5200, each of 5 bytes mod 100000; the lower fingerprint first.
  for (const [one, other, code] of [
    [ALI, BABAK, '663787137714544538219850979797292778360951025169221862951892'],
    [fingerprintOf('0'), fingerprintOf('f'), '147633126701825608828137990888797518191551573871468239623443'],
  ] as const) {
    it(`of ${one.slice(0, 4)}… and ${other.slice(0, 4)}… is ${code.slice(0, 5)}…, whoever asks`, () => {
      assert.equal(safetyCodeOf(one, other), code);
      assert.equal(safetyCodeOf(other, one), code);
    });
  }

  it('differs in its half wherever one of the keys differs in a single bit', () => {
    const almost = `${ALI.slice(0, -1)}b` as typeof ALI;
    const [code, other] = [safetyCodeOf(ALI, BABAK), safetyCodeOf(almost, BABAK)];
    assert.equal(code.slice(30), other.slice(30), 'the other person’s half is theirs alone');
    const same = safetyGroups(code).filter((group, i) => group === safetyGroups(other)[i]);
    assert.equal(same.length, 6);
  });

  it('is read in twelve groups of five, four in a line', () => {
    const code = safetyCodeOf(ALI, BABAK);
    assert.equal(safetyGroups(code).join(''), code);
    assert.deepEqual(
      safetyGroups(code).map(({ length }) => length),
      Array(12).fill(5),
    );
    assert.deepEqual(safetyLines(code), [
      '66378 71377 14544 53821',
      '98509 79797 29277 83609',
      '51025 16922 18629 51892',
    ]);
  });
});
