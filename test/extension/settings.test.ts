import assert from 'node:assert/strict';
import path from 'node:path';
import { personOf, transferOf } from '../../src/extension/commands.ts';
import { downloadFolderOf, settingOf } from '../../src/extension/settings.ts';
import { fingerprintOf } from './people.ts';

const home = path.resolve('/home/sara');
const reading = (value: unknown) => ({ get: () => value });

describe('settings', () => {
  it('are the default where the file holds something of another type', () => {
    assert.equal(settingOf(reading('8000'), 'port'), 0);
    assert.equal(settingOf(reading(undefined), 'registryUrl'), 'http://127.0.0.1:8000');
    assert.equal(settingOf(reading(true), 'autoAccept'), true);
  });

  it('name the download folder in full', () => {
    assert.equal(downloadFolderOf('  ', home), path.join(home, 'Downloads', 'Hamta'));
    assert.equal(downloadFolderOf('~/pics', home), path.join(home, 'pics'));
    assert.equal(downloadFolderOf('pics', home), path.join(home, 'pics'));
    assert.equal(downloadFolderOf(path.resolve('/data'), home), path.resolve('/data'));
  });
});

describe('what a command is given', () => {
  it('is a person as a fingerprint or as a row, and nothing else', () => {
    const bob = fingerprintOf('b');
    assert.equal(personOf(bob), bob);
    assert.equal(personOf({ peer: bob }), bob);
    for (const nonsense of [undefined, null, 7, 'bob', {}, { peer: 'bob' }]) {
      assert.equal(personOf(nonsense), undefined);
    }
  });

  it('is a transfer as a row, and nothing else', () => {
    assert.equal(transferOf({ transfer: 'f'.repeat(32) }), 'f'.repeat(32));
    for (const nonsense of [undefined, 'f'.repeat(32), { transfer: '../x' }, { transfer: 1 }]) {
      assert.equal(transferOf(nonsense), undefined);
    }
  });
});
