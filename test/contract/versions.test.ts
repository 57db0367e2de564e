import assert from 'node:assert/strict';
import { isNewerVersion } from '../../src/contract/versions.ts';

const ASCENDING = ['0.1.0-beta.2', '0.1.0-beta.10', '0.1.0', '0.1.1', '0.2.0', '0.10.0', '1.0.0-rc', '1.0.0'];

describe('versions', () => {
  it('are in the order in which they were made', () => {
    for (const [i, version] of ASCENDING.entries())
      for (const [k, other] of ASCENDING.entries())
        assert.equal(isNewerVersion(version, other), i > k, `${version} and ${other}`);
  });

  it('of the same build are not newer than each other, whatever was built when', () => {
    assert.equal(isNewerVersion('0.1.0+20261120', '0.1.0+20261119'), false);
  });

  it('that are none are newer than nothing, and nothing is newer than they are', () => {
    for (const none of ['', 'test', '1.0', '99999999999.0.0', 'v2.0.0']) {
      assert.equal(isNewerVersion(none, '0.1.0'), false);
      assert.equal(isNewerVersion('0.1.0', none), false);
    }
  });
});
