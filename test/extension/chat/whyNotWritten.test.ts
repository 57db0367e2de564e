import assert from 'node:assert/strict';
import { isDiskFull, whyNotWritten } from '../../../src/extension/chat/whyNotWritten.ts';

describe('why a file was not saved elsewhere', () => {
  it('is what the system has said, in front of the words of the editor', () => {
    const refused = "EACCES: permission denied, copyfile '/home/sara/a.png' -> '/root/a.png'";
    assert.equal(whyNotWritten(new Error(refused)), 'EACCES');
    assert.equal(whyNotWritten(new Error(`Unable to copy (Error: ${refused})`)), 'EACCES');
  });

  it('is what another file system says, where there is no code', () => {
    assert.equal(
      whyNotWritten(new Error('NoPermissions (FileSystemError): ask IT')),
      'NoPermissions (FileSystemError): ask IT',
    );
  });

  it('is known to be a full disk, or a full share of it', () => {
    const full = ['ENOSPC: no space left on device, copyfile', 'EDQUOT: disk quota exceeded, copyfile'];
    assert.deepEqual(
      full.map((message) => isDiskFull(whyNotWritten(new Error(message)))),
      [true, true],
    );
    assert.equal(isDiskFull(whyNotWritten(new Error('EROFS: read-only file system, copyfile'))), false);
  });
});
