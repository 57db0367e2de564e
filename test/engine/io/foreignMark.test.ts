import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { markForeign } from '../../../src/engine/io/foreignMark.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

// Elsewhere than on Windows a stream is a file of its own.
describe('a file of somebody else', () => {
  const folder = temporaryFolder();
  const file = () => path.join(folder.path, 'a.exe');
  let marked: string[];
  const write = async (place: string) => void marked.push(place);
  beforeEach(() => {
    marked = [];
  });

  it('is said on Windows to be of the internet, in the words of Windows', async () => {
    await writeFile(file(), '');
    await markForeign(file(), 'win32');
    assert.equal(await readFile(`${file()}:Zone.Identifier`, 'utf8'), '[ZoneTransfer]\r\nZoneId=3\r\n');
    assert.equal(await readFile(file(), 'utf8'), '');
  });

  it('is not marked where a drive has no streams, and comes all the same', async () => {
    await markForeign(path.join(folder.path, 'gone', 'a.exe'), 'win32');
    assert.deepEqual(await readdir(folder.path), []);
  });

  it('is marked on a drive of this machine, however that is spelled', async () => {
    for (const place of ['D:\\a.exe', '\\\\?\\D:\\a.exe']) await markForeign(place, 'win32', write);
    assert.deepEqual(marked, ['D:\\a.exe:Zone.Identifier', '\\\\?\\D:\\a.exe:Zone.Identifier']);
  });

  it('is not marked on a share of the network, nor by other systems', async () => {
    for (const share of ['\\\\server\\share', '\\\\?\\UNC\\server\\share', '\\\\?\\unc\\server\\share'])
      await markForeign(`${share}\\a.exe`, 'win32', write);
    for (const platform of ['linux', 'darwin'] as const) await markForeign('/a.exe', platform, write);
    assert.deepEqual(marked, []);
  });
});
