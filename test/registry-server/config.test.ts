// What the registry may be started with, and what it says to everything else.

import assert from 'node:assert/strict';
import path from 'node:path';
import {
  type Config,
  configFields,
  defaultDataFile,
  helpText,
  ignoredVariables,
  parseConfig,
  type Surroundings,
} from '../../registry-server/config.ts';
import { DEFAULT_RATE_LIMITS } from '../../registry-server/rateLimit.ts';
import { StartError } from '../../registry-server/startError.ts';

const AROUND: Surroundings = { env: {}, platform: 'linux', homeDir: '/home/sara' };

function configOf(args: string[], env: Surroundings['env'] = {}): Config {
  const config = parseConfig(args, { ...AROUND, env });
  assert.ok(config !== 'help');
  return config;
}

describe('the configuration of the registry', () => {
  it('needs nothing: all addresses, port 8000, the embedded store in the state folder', () => {
    assert.deepEqual(configOf([]), {
      port: 8_000,
      host: undefined,
      store: { kind: 'embedded', file: path.resolve('/home/sara/.local/state/hamta/hamta-registry.db') },
      limits: DEFAULT_RATE_LIMITS,
      logLevel: 'info',
      logFormat: 'text',
      trustedHops: 0,
      tls: undefined,
      metricsReaders: 'local',
      stun: { port: undefined, port2: undefined },
      classic: true,
      stopWithParent: false,
    });
  });

  it('takes every flag', () => {
    const args = [
      '--port',
      '0',
      '--host',
      '127.0.0.1',
      '--data',
      'x.db',
      '--rate',
      '7',
      '--log',
      'debug',
      '--log-format',
      'json',
      '--trust-proxy',
      '2',
      '--tls-cert',
      'c.pem',
      '--tls-key',
      'k.pem',
      '--metrics',
      'all',
      '--no-stun',
      '--no-classic',
      '--stop-with-parent',
    ];
    assert.deepEqual(configOf(args), {
      port: 0,
      host: '127.0.0.1',
      store: { kind: 'embedded', file: path.resolve('x.db') },
      limits: { requestsPerSecond: 7, burst: 28, limitLoopback: true },
      logLevel: 'debug',
      logFormat: 'json',
      trustedHops: 2,
      tls: { cert: path.resolve('c.pem'), key: path.resolve('k.pem') },
      metricsReaders: 'all',
      stun: undefined,
      classic: false,
      stopWithParent: true,
    });
  });

  it('takes the same from the environment, where an empty variable is none', () => {
    const env = {
      HAMTA_REGISTRY_PORT: '9000',
      HAMTA_REGISTRY_REDIS: 'redis://r/2',
      HAMTA_REGISTRY_HOST: '',
      HAMTA_REGISTRY_TRUST_PROXY: '1',
      HAMTA_REGISTRY_LOG_FORMAT: 'json',
    };
    const { port, host, store, trustedHops, logFormat } = configOf([], env);
    assert.deepEqual([port, host, store], [9_000, undefined, { kind: 'redis', url: 'redis://r/2' }]);
    assert.deepEqual([trustedHops, logFormat], [1, 'json']);
  });

  it('lets a flag win over the environment, also when they name different stores', () => {
    const env = { HAMTA_REGISTRY_PORT: '9000', HAMTA_REGISTRY_REDIS: 'redis://r' };
    const { port, store } = configOf(['--port', '9001', '--data', 'x.db'], env);
    assert.deepEqual([port, store.kind], [9_001, 'embedded']);
  });

  it('names the variables that it does not know, so that a wrong letter is seen', () => {
    const env = { HAMTA_REGISTRY_PROT: '80', HAMTA_REGISTRY_STOP_WITH_PARENT: '1', HAMTA_REGISTRY_X: '' };
    assert.deepEqual(ignoredVariables({ ...env, HAMTA_REGISTRY_NO_STUN: '1', HAMTA_PORT: '1', PATH: '/' }), [
      'HAMTA_REGISTRY_PROT',
      'HAMTA_REGISTRY_STOP_WITH_PARENT',
    ]);
  });

  it('takes for no port what Kubernetes sets for a service called hamta-registry', () => {
    const env = {
      HAMTA_REGISTRY_PORT: 'tcp://10.0.0.11:80',
      HAMTA_REGISTRY_PORT_80_TCP_ADDR: '10.0.0.11',
      HAMTA_REGISTRY_SERVICE_HOST: '10.0.0.11',
    };
    assert.equal(configOf([], env).port, 8_000);
    assert.deepEqual(ignoredVariables(env), Object.keys(env));
  });

  it('takes such a value for a mistake where no port is meant: names would go to another store', () => {
    const link = 'tcp://10.0.0.11:6379';
    assert.equal(configOf([], { HAMTA_REGISTRY_STUN_PORT: link }).stun?.port, undefined);
    assert.equal(configOf([], { HAMTA_REGISTRY_HOST: link }).host, link);
    assert.throws(
      () => configOf([], { HAMTA_REGISTRY_REDIS: link }),
      /^StartError: --redis is not an address/,
    );
    assert.throws(() => configOf([], { HAMTA_REGISTRY_NO_STUN: link }), /^StartError: .*NO_STUN is 1 or 0/);
  });

  it('takes the addresses of Redis that there are', () => {
    for (const url of [
      'redis://127.0.0.1',
      'redis://h:6380/3',
      'rediss://u:p@h/0',
      'redis://[::1]:6379/',
      'redis+sentinel://a:26379,b:26379/mymaster/1',
      'rediss+cluster://u:p@a:7000,b:7001',
    ]) {
      assert.deepEqual(configOf(['--redis', url]).store, { kind: 'redis', url });
    }
  });

  it('says which flag is wrong, on one line', () => {
    const wrong: [string[], RegExp][] = [
      [['--port', '65536'], /--port .* 65535, not "65536"/],
      [['--port', '-1'], /--port/],
      [['--port', '80a'], /--port/],
      [['--port='], /--port/],
      [['--rate', '1.5'], /--rate/],
      [['--log', 'loud'], /--log is one of debug, info, warn, error/],
      [['--log-format', 'xml'], /--log-format is one of text, json/],
      [['--metrics', 'me'], /--metrics is one of local, all, off/],
      [['--trust-proxy', '11'], /--trust-proxy .* 10, not "11"/],
      [['--tls-cert', 'c.pem'], /--tls-cert and --tls-key belong together/],
      [['--redis', 'x', '--data', 'y'], /two stores/],
      [['--prot', '80'], /--prot.*--help/],
      [['8000'], /8000.*--help/],
    ];
    for (const [args, text] of wrong) {
      assert.throws(
        () => configOf(args),
        (error: Error) => {
          assert.ok(error instanceof StartError && error.exitCode === 1);
          assert.match(error.message, text);
          assert.doesNotMatch(error.message, /\n/);
          return true;
        },
      );
    }
  });

  it('refuses what is no address of Redis without repeating it, for there may be a password in it', () => {
    for (const url of ['http://u:secret@h', 'secret', 'redis://', 'redis://h/secret', 'redis://h/1/secret']) {
      assert.throws(
        () => configOf(['--redis', url]),
        (error: Error) => {
          assert.match(error.message, /looks like redis:\/\//);
          assert.doesNotMatch(error.message, /secret/);
          return true;
        },
      );
    }
  });

  it('takes 1 and 0 for a switch in the environment, and refuses other words for yes', () => {
    const stunOf = (HAMTA_REGISTRY_NO_STUN: string) => configOf([], { HAMTA_REGISTRY_NO_STUN }).stun;
    assert.equal(stunOf('1'), undefined);
    for (const off of ['0', '']) assert.ok(stunOf(off));
    for (const word of ['true', 'yes', 'on', '2'])
      assert.throws(() => stunOf(word), new StartError(`HAMTA_REGISTRY_NO_STUN is 1 or 0, not "${word}".`));
  });

  it('puts the data where each system keeps such things', () => {
    const windows = { ...AROUND, platform: 'win32' as const, env: { LOCALAPPDATA: 'L' } };
    assert.equal(defaultDataFile(windows), path.join('L', 'hamta', 'hamta-registry.db'));
    const mac = { ...AROUND, platform: 'darwin' as const };
    assert.match(defaultDataFile(mac), /Application Support.hamta.hamta-registry\.db$/);
    const xdg = { ...AROUND, env: { XDG_STATE_HOME: '/state' } };
    assert.equal(defaultDataFile(xdg), path.join('/state', 'hamta', 'hamta-registry.db'));
  });

  it('is told to the log without a user or a password', () => {
    const told = (url: string) => JSON.stringify(configFields(configOf(['--redis', url])));
    for (const url of [
      'redis://sara:secret@h/1',
      'rediss+sentinel://sara:secret@h/m',
      'redis+cluster://:secret@h',
    ]) {
      assert.doesNotMatch(told(url), /sara|secret/);
      assert.match(told(url), /"store":"redis [a-z]/);
    }
    assert.match(told('redis://h'), /"port":8000,"host":"\*".*"trustProxy":0,"tls":"off"/);
  });

  it('has a help that names every flag and where the data goes', () => {
    assert.equal(parseConfig(['--help'], AROUND), 'help');
    for (const word of [
      '--port',
      '--host',
      '--data',
      '--redis',
      '--rate',
      '--log',
      '--log-format',
      '--metrics',
      '--trust-proxy',
      '--tls-cert',
      '--tls-key',
      'redis+sentinel:',
      'redis+cluster:',
      '--stop-with-parent',
      defaultDataFile(AROUND),
    ]) {
      assert.ok(helpText(AROUND).includes(word), word);
    }
  });
});
