import assert from 'node:assert/strict';
import path from 'node:path';
import { desktopDirOf } from '../../scripts/starting/places.ts';

const SHORT = '/Users/sara/hamta/.vscode-test/start';
const LONG = '/Users/sara.sarvari/Documents/University/Computer Networks/Project/hamta/.vscode-test/start';
const home = () => '/Users/sara.sarvari';

describe('the folder of the desktop editor that npm start opens', () => {
  it('is in the checkout', () => {
    assert.equal(desktopDirOf(SHORT, 'darwin', {}, home), path.join(SHORT, 'desktop'));
  });

  it('is in the home folder where the editor could not make its socket, another one for each checkout', () => {
    const own = desktopDirOf(LONG, 'darwin', {}, home);
    assert.match(own, /^[\\/]Users[\\/]sara\.sarvari[\\/]\.hamta[\\/]desktop-[0-9a-f]{8}$/);
    assert.ok(`${own}/1.12-main.sock`.length <= 103);
    assert.notEqual(desktopDirOf(`${LONG}2`, 'darwin', {}, home), own);
    assert.equal(desktopDirOf(LONG, 'linux', {}, home), own);
  });

  it('is in the checkout, however long its path is, where the socket is not in it', () => {
    const env = { XDG_RUNTIME_DIR: '/run/user/1000' };
    assert.equal(desktopDirOf(LONG, 'linux', env, home), path.join(LONG, 'desktop'));
    assert.equal(desktopDirOf(LONG, 'win32', {}, home), path.join(LONG, 'desktop'));
    // macOS has no such folder, and an editor there does not look at the variable.
    assert.notEqual(desktopDirOf(LONG, 'darwin', env, home), path.join(LONG, 'desktop'));
  });
});
