import assert from 'node:assert/strict';
import { digestOfBlock, FileDigest } from '../../../src/engine/io/fileDigest.ts';
import { fileDigestOf } from '../../support/fileDigestOf.ts';

// Computed with sha256sum: the digests of the parts in binary, one behind the other, and the digest of that.
const VECTORS: readonly (readonly [Buffer, string])[] = [
  [Buffer.from('abc'), '4f8b42c22dd3729b519ba6f68d2da7cc5b2d606d05daed5ad5128cc03e6c6358'],
  [
    Buffer.concat([Buffer.alloc(65_536), Buffer.from([1])]),
    '9a893c612c97f94a6e9c74a2c33073cca9ad040d4bd41a95dcd86b7d684313f1',
  ],
];

describe('the digest of a file', () => {
  it('is the SHA-256 over the SHA-256s of its blocks of 64 KiB', () => {
    for (const [bytes, expected] of VECTORS) {
      const digest = new FileDigest();
      for (let at = 0; at < bytes.length; at += 65_536)
        digest.add(digestOfBlock(bytes.subarray(at, at + 65_536)));
      assert.equal(digest.end(), expected);
      assert.equal(fileDigestOf(bytes), expected);
    }
  });
});
