import assert from 'node:assert/strict';
import { listenError } from '../../registry-server/listenError.ts';

const refused = (code: string) => Object.assign(new Error(`listen ${code}`), { code });

describe('a registry that cannot listen', () => {
  it('says that its port is in use, and names another', () => {
    const error = listenError({ port: 8_000, host: undefined }, refused('EADDRINUSE'));
    assert.match(error.message, /^port 8000 is in use\. .*--port 8001 /);
    assert.equal(error.exitCode, 2);
    assert.match(
      listenError({ port: 65_535, host: undefined }, refused('EADDRINUSE')).message,
      /--port 65534 /,
    );
  });

  it('takes a port that Windows keeps for others for one that is in use, so that another is offered', () => {
    const error = listenError({ port: 8_000, host: undefined }, refused('EACCES'));
    assert.match(
      error.message,
      /^port 8000 is kept for another program\. Choose another with --port .*netsh/,
    );
    assert.equal(error.exitCode, 2);
  });

  it('says that a port below 1024 is not open to everybody', () => {
    const error = listenError({ port: 80, host: undefined }, refused('EACCES'));
    assert.match(error.message, /^port 80 is not open to this user\. Choose one above 1023/);
    assert.equal(error.exitCode, 1);
  });

  it('says which address is not of this machine, and what else the system said', () => {
    const of = (code: string) => listenError({ port: 8_000, host: '10.9.9.9' }, refused(code));
    assert.match(of('EADDRNOTAVAIL').message, /no address 10\.9\.9\.9\. .*--host/);
    assert.match(of('EMFILE').message, /^it cannot listen on port 8000 \(listen EMFILE\)\.$/);
  });
});
