import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, stat } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import os, { tmpdir } from 'node:os';
import path from 'node:path';
import { failure } from '../../../src/contract/failure.ts';
import {
  claimSocketFolder,
  pipeAddressOf,
  type Surroundings,
  surroundings,
} from '../../../src/extension/engine/pipeAddress.ts';
import { asAnotherAccount } from '../../support/asAnotherAccount.ts';
import { keptVariables } from '../../support/keptVariables.ts';
import { onPlatform } from '../../support/onPlatform.ts';

const linux: Surroundings = {
  platform: 'linux',
  user: '1000',
  runtimeDir: '/run/user/1000',
  tempDir: '/tmp',
};
const windows: Surroundings = { platform: 'win32', user: 'sara', tempDir: 'C:\\Temp' };

/** What the system says of the account, until disposed. */
function asAccount(userInfo: typeof os.userInfo): Disposable {
  const before = os.userInfo;
  const become = (what: typeof os.userInfo) => {
    os.userInfo = what;
    syncBuiltinESMExports();
  };
  become(userInfo);
  return { [Symbol.dispose]: () => become(before) };
}

describe('the address of the engine', () => {
  it('is the same for all windows of a data folder, however its path is written', () => {
    assert.equal(pipeAddressOf('/home/sara/data', linux), pipeAddressOf('/home/sara/./data/', linux));
    assert.equal(pipeAddressOf('C:\\Users\\Sara', windows), pipeAddressOf('c:\\users\\sara\\', windows));
  });

  it('differs between data folders and between accounts', () => {
    const addresses = [
      pipeAddressOf('/home/sara/data', linux),
      pipeAddressOf('/home/sara/data2', linux),
      pipeAddressOf('/home/sara/data', { ...linux, user: '1001' }),
    ];
    assert.equal(new Set(addresses).size, 3);
  });

  it('is a named pipe on Windows', () => {
    assert.match(pipeAddressOf('C:\\Users\\Sara', windows), /^\\\\\.\\pipe\\hamta-[0-9a-f]{16}$/);
  });

  it('is short enough for a socket, whatever the folders are called', () => {
    const deep = { ...linux, runtimeDir: `/${'run'.repeat(40)}`, tempDir: `/${'tmp'.repeat(40)}` };
    const address = pipeAddressOf(`/home/${'x'.repeat(300)}`, deep);
    assert.match(address, /^\/tmp\/hamta-1000-[0-9a-f]{16}\/engine\.sock$/);
  });

  it('falls back on the temporary folder without a runtime folder', () => {
    const { runtimeDir: _, ...without } = linux;
    assert.match(pipeAddressOf('/home/sara/data', without), /^\/tmp\/hamta-1000-/);
  });

  it('lies in the home folder where there is no runtime folder and sockets can lie there, rather than where anybody could be first', () => {
    const mac: Surroundings = { platform: 'darwin', user: '501', homeDir: '/Users/sara', tempDir: '/tmp' };
    assert.match(pipeAddressOf('/x', mac), /^\/Users\/sara\/\.hamta\/hamta-501-[0-9a-f]{16}\/engine\.sock$/);
    const deep = { ...mac, homeDir: `/Users/${'x'.repeat(60)}` };
    assert.match(pipeAddressOf('/x', deep), /^\/tmp\/hamta-501-/);
  });

  if (process.platform !== 'win32') {
    let folder: string;
    beforeEach(async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'hamta-test-'));
    });
    afterEach(() => rm(folder, { recursive: true, force: true }));

    describe('of a window that was opened from some shell', () => {
      keptVariables('TMPDIR', 'XDG_RUNTIME_DIR', 'HOME');

      it('is the same where that has a temporary folder of its own', () => {
        const { tempDir } = surroundings();
        process.env.TMPDIR = '/tmp/nix-shell.1/own';
        assert.equal(surroundings().tempDir, tempDir);
      });

      it('is the same on macOS where that names another home folder', () => {
        using _ = onPlatform('darwin');
        using __ = asAccount((() => ({ homedir: folder })) as typeof os.userInfo);
        process.env.HOME = '/tmp/nix-shell.1/own';
        assert.equal(surroundings().homeDir, folder);
      });

      it('has no home folder on a Mac whose account has one of somebody else`s, and none elsewhere', async () => {
        using _ = onPlatform('darwin');
        await asAnotherAccount(() => assert.equal(surroundings().homeDir, undefined));
        using __ = onPlatform('linux');
        assert.equal(surroundings().homeDir, undefined);
      });

      it('lies in the runtime folder that is there, and not in one that is not', () => {
        process.env.XDG_RUNTIME_DIR = folder;
        assert.equal(surroundings().runtimeDir, folder);
        process.env.XDG_RUNTIME_DIR = '/run/user/nobody';
        assert.equal(surroundings().runtimeDir, undefined);
      });

      it('does not lie in the runtime folder of another account, though it may write there', async () => {
        process.env.XDG_RUNTIME_DIR = folder;
        await asAnotherAccount(() => assert.equal(surroundings().runtimeDir, undefined));
      });
    });

    it('is known to an account without a name, too, as containers have it', () => {
      using _ = asAccount(() => assert.fail('uv_os_get_passwd returned ENOENT'));
      assert.equal(surroundings().user, String(process.getuid?.()));
    });

    describe('on disk', () => {
      it('lies in a folder that only this account can enter', async () => {
        const address = path.join(folder, 'own', 'engine.sock');
        await claimSocketFolder(address);
        const { mode } = await stat(path.dirname(address));
        assert.equal(mode & 0o777, 0o700);
      });

      it('is refused where others could have put a socket of theirs', async () => {
        await chmod(folder, 0o777);
        await assert.rejects(claimSocketFolder(path.join(folder, 'engine.sock')), {
          failure: failure('pipeUnusable', { path: folder, detail: 'openToOthers' }),
        });
      });

      it('is refused in a folder of another account, which cannot be told to be deleted', async () => {
        await asAnotherAccount(() =>
          assert.rejects(claimSocketFolder(path.join(folder, 'engine.sock')), {
            failure: failure('pipeUnusable', { path: folder, detail: 'notOurs' }),
          }),
        );
      });
    });
  }
});
