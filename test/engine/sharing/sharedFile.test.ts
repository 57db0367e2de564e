// What is seen of a file that is shared.

import assert from 'node:assert/strict';
import { lookOf } from '../../../src/engine/sharing/sharedFile.ts';

describe('a look at a shared file', () => {
  it('gives its time of change within what can be told and shown, whatever its disk has noted', () => {
    const modifiedAt = (mtimeMs: number) => lookOf({ size: 1, mtimeMs }).modifiedAt;
    assert.equal(modifiedAt(1_700_000_000_000.6), 1_700_000_000_000);
    assert.equal(modifiedAt(-1), 0);
    assert.equal(modifiedAt(9e15), 8.64e15);
  });
});
