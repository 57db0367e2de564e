import assert from 'node:assert/strict';
import {
  isAboutRedis,
  leadsTo,
  ownUrl,
  parseReadyLine,
  registryArguments,
  registryEnvironment,
  urlOnThisMachine,
} from '../../../src/extension/registry/registryLine.ts';

const choice = { port: 8000, redisUrl: '', dataFile: '/data/registry.db', host: undefined };

describe('the registry process', () => {
  it('says where it listens and which store it has', () => {
    const line =
      'hamta registry listening on http://192.168.1.5:8000 (store: embedded (/data/registry.db))\n';
    assert.deepEqual(parseReadyLine(`info starting\n${line}`), {
      url: 'http://192.168.1.5:8000',
      store: 'embedded (/data/registry.db)',
    });
  });

  it('is not ready before the whole line has come', () => {
    assert.equal(parseReadyLine('hamta registry listening on http://127.0.0.1:80'), undefined);
  });

  it('is started with the embedded store, and ends with the window', () => {
    assert.deepEqual(registryArguments(choice), [
      '--port',
      '8000',
      '--data',
      '/data/registry.db',
      '--stop-with-parent',
    ]);
  });

  it('does not show the address of Redis on its command line', () => {
    const redisUrl = 'redis://:secret@127.0.0.1:6379';
    assert.doesNotMatch(registryArguments({ ...choice, redisUrl }).join(' '), /secret|--data/);
    assert.equal(registryEnvironment({}, redisUrl).HAMTA_REGISTRY_REDIS, redisUrl);
  });

  it('runs as plain Node, without what the editor or another registry has in the environment', () => {
    const inherited = { PATH: '/bin', NODE_OPTIONS: '-r x', VSCODE_PID: '1', HAMTA_REGISTRY_PORT: '1' };
    assert.deepEqual(registryEnvironment(inherited, ''), { PATH: '/bin', ELECTRON_RUN_AS_NODE: '1' });
  });

  it('could not start because of the setting of Redis where there is one, and its words are about that', () => {
    const withRedis = { redisUrl: 'redis://127.0.0.1:6379' };
    const away =
      'hamta registry: no Redis can be used at 127.0.0.1:6379/0 (timeout). Start Redis or correct --redis';
    assert.equal(isAboutRedis(away, withRedis), true);
    assert.equal(isAboutRedis('hamta registry: it cannot listen on port 80 (EINVAL).', withRedis), false);
    assert.equal(isAboutRedis('hamta registry: --redis and --data are two stores.', { redisUrl: '' }), false);
  });

  it('is found through its own address and through loopback, at its port only', () => {
    const url = 'http://192.168.1.5:8000';
    assert.equal(leadsTo('http://127.0.0.1:8000', url), true);
    assert.equal(leadsTo('http://192.168.1.5:8000/', url), true);
    assert.equal(leadsTo('http://127.0.0.1:8001', url), false);
    assert.equal(leadsTo('http://192.168.1.9:8000', url), false);
    assert.equal(leadsTo('nonsense', url), false);
    assert.equal(ownUrl(url), 'http://127.0.0.1:8000');
  });

  it('of another window is looked for where this one would listen', () => {
    assert.equal(urlOnThisMachine({ ...choice, port: 8000 }), 'http://127.0.0.1:8000');
    assert.equal(urlOnThisMachine({ ...choice, port: 8000, host: '::1' }), 'http://[::1]:8000');
  });
});
