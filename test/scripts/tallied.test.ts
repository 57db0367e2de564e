import assert from 'node:assert/strict';
import { judge } from '../../scripts/testing/tallied.ts';

describe('A part of npm test', () => {
  it('passes where its program ends well and tells of tests that passed', () => {
    assert.deepEqual(judge(0, { passed: 3, failed: 0, pending: 0 }), { passed: 3, failed: 0 });
  });

  it('fails with the tests that failed', () => {
    assert.deepEqual(judge(2, { passed: 3, failed: 2, pending: 0 }), { passed: 3, failed: 2 });
  });

  it('counts a skipped test as one that failed', () => {
    assert.equal(judge(0, { passed: 3, failed: 0, pending: 2 }).failed, 2);
  });

  it('fails where no test ran', () => {
    assert.equal(judge(0, { passed: 0, failed: 0, pending: 0 }).failed, 1);
  });

  it('fails where its program tells nothing, however it ended', () => {
    assert.deepEqual(judge(0, undefined), {
      passed: 0,
      failed: 1,
      words: 'it ended with code 0 and without a result',
    });
  });

  it('fails where its program ends badly after tests that passed', () => {
    assert.equal(judge(-1, { passed: 3, failed: 0, pending: 0 }).failed, 1);
  });
});
