import assert from 'node:assert/strict';
import { inEnglish } from '../../src/contract/failure.ts';
import { reasonText } from '../../src/contract/reasonText.ts';

describe('what a system says of a place', () => {
  it('has words where the disk takes no file of that size, as sticks do that every system reads', () => {
    assert.equal(reasonText('EFBIG', inEnglish), 'its disk takes no file as large as that');
  });

  it('has words where Windows says something that Node has no name for, as of a cloud’s file without a network', () => {
    assert.equal(reasonText('UNKNOWN', inEnglish), 'the system gives no reason that is known here');
  });

  it('stays as it was said where nobody here knows it', () => {
    assert.equal(reasonText('ENXIO', inEnglish), 'ENXIO');
  });
});
