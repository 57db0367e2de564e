// The registry as a program of its own: what it prints, how it fails to start, how it ends, and what is left of it.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { makeKeyAndCertificate } from '../../src/engine/identity/certificate.ts';
import { startRedis } from '../support/redis.ts';
import { until } from '../support/until.ts';
import { signedPeer } from './signedPeer.ts';

const MAIN = fileURLToPath(new URL('../../registry-server/main.ts', import.meta.url));

interface Program {
  readonly child: ChildProcess;
  readonly output: { out: string; err: string };
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  /** Resolves with the URL of the ready line. */
  readonly ready: Promise<string>;
}

/** Believes in one certificate only. It names nobody, so that no name is compared. */
function secureGet(
  url: string,
  ca: string,
): Promise<{ status: number | undefined; hsts: string | undefined }> {
  return new Promise((resolve, reject) => {
    const options = { ca, agent: false, checkServerIdentity: () => undefined };
    const request = get(url, options, (response) => {
      response.resume();
      resolve({ status: response.statusCode, hsts: response.headers['strict-transport-security'] });
    });
    request.on('error', reject);
  });
}

async function endNow(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

describe('the registry as a program', function () {
  // Each test starts a process or two.
  this.timeout(60_000);

  const sara = signedPeer();
  let folder: string;
  let running: ChildProcess[];

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'hamta-registry-'));
    running = [];
  });

  afterEach(async () => {
    const left = running.filter((child) => child.exitCode === null && child.signalCode === null);
    await Promise.all(left.map(endNow));
    rmSync(folder, { recursive: true });
  });

  function start(args: string[], env: Record<string, string> = {}): Program {
    const child = spawn(process.execPath, [MAIN, ...args], { env: { ...process.env, ...env } });
    running.push(child);
    const output = { out: '', err: '' };
    const ended = once(child, 'close').then(([code, signal]) => code ?? signal);
    child.stderr?.on('data', (text) => {
      output.err += text;
    });
    const ready = new Promise<string>((resolve, reject) => {
      child.stdout?.on('data', (text) => {
        output.out += text;
        const url = /^hamta registry listening on (\S+) /.exec(output.out)?.[1];
        if (url !== undefined && output.out.endsWith('\n')) resolve(url);
      });
      void ended.then((how) => reject(new Error(`ended with ${how}: ${output.err}`)));
    });
    ready.catch(() => undefined);
    return { child, output, ended, ready };
  }

  function embedded(...more: string[]): string[] {
    return ['--port', '0', '--host', '127.0.0.1', '--data', path.join(folder, 'sub', 'r.db'), ...more];
  }

  async function register(url: string, name: string, time = Date.now()): Promise<number> {
    const { status } = await fetch(`${url}/v1/peers/${name}`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(sara.registration(name, time)),
    });
    return status;
  }

  it('says on one line where it listens and what it stores in, and nothing else', async () => {
    const { ready, output, child, ended } = start(embedded());
    const url = await ready;
    const file = path.join(folder, 'sub', 'r.db');
    assert.equal(output.out, `hamta registry listening on ${url} (store: embedded ${file})\n`);
    assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.match(
      output.err,
      /^(hamta registry: (STUN|configuration: port 0, host 127\.0\.0\.1, store embedded ).*\n)+$/,
    );
    child.kill('SIGTERM');
    assert.equal(await ended, 0);
    assert.match(output.err, /\nhamta registry: stopping: SIGTERM\n$/);
  });

  it('says in its log which variables it does not know, and starts', async () => {
    const { ready, output } = start(embedded(), { HAMTA_REGISTRY_PROT: '80', HAMTA_REGISTRY_LOG: 'warn' });
    await ready;
    assert.match(output.err, /^hamta registry: .*HAMTA_REGISTRY_PROT\b.*--help.*\n$/);
  });

  it('starts where the system keeps its addresses from it, as the sandbox of a service can', async () => {
    const hide = `import os from 'node:os'; import { syncBuiltinESMExports } from 'node:module';
      os.networkInterfaces = () => { throw new Error('not for you'); }; syncBuiltinESMExports();`;
    const url = `data:text/javascript,${encodeURIComponent(hide)}`;
    const { ready, child, ended, output } = start(embedded('--host', '0.0.0.0'), {
      NODE_OPTIONS: `--import=${url}`,
    });
    assert.match(await ready, /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.doesNotMatch(output.err, /not for you/);
    child.kill('SIGTERM');
    assert.equal(await ended, 0);
  });

  it('stops within its deadline though a caller holds a connection and a half-sent request', async () => {
    const { ready, child, ended } = start(embedded());
    const { port } = new URL(await ready);
    const socket = connect(Number(port), '127.0.0.1').on('error', () => undefined);
    await once(socket, 'connect');
    socket.write(
      'PUT /v1/peers/a HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{',
    );
    assert.equal(await register(await ready, 'Sara'), 201);
    child.kill('SIGINT');
    assert.equal(await ended, 0);
    socket.destroy();
  });

  it('finishes what runs though it is told again to stop: Ctrl+C comes from the terminal and from npm', async () => {
    const { ready, child, ended, output } = start(embedded());
    const { port } = new URL(await ready);
    const socket = connect(Number(port), '127.0.0.1').setEncoding('utf8');
    socket.write(
      'PUT /v1/peers/a HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{',
    );
    assert.equal(await register(await ready, 'Sara'), 201);
    child.kill('SIGINT');
    await until('it stops', 10_000, async () => output.err.includes('stopping: SIGINT'));
    child.kill('SIGINT');
    socket.write('}');
    const [answer] = await once(socket, 'data');
    assert.match(answer, /^HTTP\/1\.1 400 /);
    assert.equal(await ended, 0);
  });

  it('has every name after it was killed', async () => {
    const first = start(embedded());
    assert.equal(await register(await first.ready, 'Sara'), 201);
    first.child.kill('SIGKILL');
    assert.equal(await first.ended, 'SIGKILL');
    const second = start(embedded());
    const answer = await fetch(`${await second.ready}/v1/peers/Sara`);
    assert.equal(answer.status, 200);
    assert.equal(await register(await second.ready, 'Sara', Date.now() + 1), 200);
  });

  it('may run twice on one file, started at the same moment', async () => {
    const [one, other] = [start(embedded()), start(embedded())];
    const urls = await Promise.all([one.ready, other.ready]);
    assert.equal(await register(urls[0], 'Sara'), 201);
    assert.equal((await fetch(`${urls[1]}/v1/peers/Sara`)).status, 200);
  });

  it('stops as it should when its terminal is closed', async () => {
    const { ready, child, ended, output } = start(embedded('--no-stun'));
    await ready;
    child.kill('SIGHUP');
    assert.equal(await ended, 0);
    assert.match(output.err, /stopping: SIGHUP/);
  });

  it('stops when whoever started it is gone', async () => {
    const { ready, child, ended, output } = start(embedded('--stop-with-parent'));
    await ready;
    child.stdin?.end();
    assert.equal(await ended, 0);
    assert.match(output.err, /whoever started it is gone/);
  });

  it('stays when standard input closes and nobody asked it to follow', async () => {
    const { ready, child } = start(embedded());
    const url = await ready;
    child.stdin?.end();
    await once(child.stdin as NodeJS.WritableStream, 'close');
    assert.equal((await fetch(`${url}/healthz`)).status, 200);
    assert.equal(child.exitCode, null);
  });

  it('ends with code 2 and one line of advice when the port is in use', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    const { ended, output } = start([
      '--port',
      String(port),
      '--host',
      '127.0.0.1',
      '--data',
      path.join(folder, 'r.db'),
    ]);
    assert.equal(await ended, 2);
    assert.match(output.err, new RegExp(`^hamta registry: port ${port} is in use\\. .*--port \\d+ .*\\n$`));
    assert.equal(output.out, '');
    taken.close();
  });

  it('ends with code 1 and one line of advice when it cannot start otherwise', async () => {
    const wrong: [string[], RegExp][] = [
      [['--port', 'many'], /--port is a whole number/],
      [
        ['--port', '0', '--host', '203.0.113.1', '--data', path.join(folder, 'r.db')],
        /no address 203\.0\.113\.1.*--host/,
      ],
      [['--port', '0', '--data', folder], /data file .* cannot be used .*--data/],
      [['--tls-cert', folder, '--tls-key', folder], /certificate .* cannot be used .*--tls-cert/],
      [
        ['--port', '0', '--redis', 'redis://u:secret@127.0.0.1:1'],
        /no Redis can be used at 127\.0\.0\.1:1\/0.*--redis/,
      ],
    ];
    const programs = wrong.map(([args, advice]) => ({ args, advice, ...start(args) }));
    for (const { args, advice, ended, output } of programs) {
      assert.equal(await ended, 1, args.join(' '));
      assert.match(output.err, advice);
      assert.match(output.err, /^hamta registry: [^\n]*\n$/);
      assert.doesNotMatch(output.err, /secret/);
      assert.equal(output.out, '');
    }
  });

  it('speaks HTTPS with a certificate from files, and shows a renewed one after SIGHUP', async () => {
    const [cert, key] = ['cert.pem', 'key.pem'].map((file) => path.join(folder, file)) as [string, string];
    const renew = async () => {
      const { certPem, keyPem } = await makeKeyAndCertificate();
      writeFileSync(cert, certPem);
      writeFileSync(key, keyPem);
      return certPem;
    };
    const first = await renew();
    const { ready, output, child } = start(embedded('--tls-cert', cert, '--tls-key', key));
    const url = await ready;
    assert.match(url, /^https:\/\/127\.0\.0\.1:\d+$/);
    const told = await secureGet(`${url}/healthz`, first);
    assert.deepEqual([told.status, told.hsts], [200, 'max-age=31536000']);
    await assert.rejects(fetch(url.replace('https', 'http')));
    const { host } = new URL(url);
    // False: nothing is wrong with the name.
    const trusting = { ca: first, checkServerIdentity: () => false };
    const socket = new WebSocket(`wss://${host}/v1/signal`, trusting);
    const [challenge] = (await once(socket, 'message')) as [Buffer];
    assert.equal(JSON.parse(challenge.toString()).host, host);
    socket.terminate();
    const second = await renew();
    child.kill('SIGHUP');
    await until('the renewed certificate', 10_000, async () => output.err.includes('was read again'));
    await assert.rejects(secureGet(`${url}/healthz`, first));
    assert.equal((await secureGet(`${url}/healthz`, second)).status, 200);
    writeFileSync(key, 'no key');
    child.kill('SIGHUP');
    await until('the refusal', 10_000, async () => output.err.includes('cannot be used'));
    assert.equal((await secureGet(`${url}/healthz`, second)).status, 200);
  });

  it('prints its help and nothing more', async () => {
    const { ended, output } = start(['--help']);
    assert.equal(await ended, 0);
    assert.match(output.out, /^Hamta registry.*\n\nUsage:/);
  });

  it('loses no name when one of two instances is killed under load: peers go on at the other', async () => {
    const redis = await startRedis();
    try {
      const args = ['--port', '0', '--host', '127.0.0.1', '--no-stun', '--redis', redis.url];
      const [doomed, other] = [start(args), start(args)];
      const [first, second] = await Promise.all([doomed.ready, other.ready]);
      const names = Array.from({ length: 20 }, (_, i) => `peer${i}`);
      const taken = await Promise.all(names.map((name) => register(first, name)));
      assert.deepEqual(new Set(taken), new Set([201]));
      const underWay = Promise.allSettled(names.map((name, i) => register(first, name, Date.now() + 1 + i)));
      doomed.child.kill('SIGKILL');
      await underWay;
      const again = await Promise.all(names.map((name) => register(second, name, Date.now() + 1_000)));
      assert.deepEqual(new Set(again), new Set([200]));
    } finally {
      await redis.stop();
    }
  });

  it('works on a real Redis, alone or as one of several', async () => {
    const redis = await startRedis();
    try {
      const args = ['--port', '0', '--host', '127.0.0.1'];
      const one = start([...args, '--redis', redis.url]);
      const other = start(args, { HAMTA_REGISTRY_REDIS: redis.url });
      const urls = await Promise.all([one.ready, other.ready]);
      assert.match(one.output.out, new RegExp(`\\(store: redis 127\\.0\\.0\\.1:${redis.port}/0\\)\\n$`));
      assert.equal(await register(urls[0], 'Sara'), 201);
      assert.equal((await fetch(`${urls[1]}/v1/peers/Sara`)).status, 200);
      await redis.stop();
      const away = await fetch(`${urls[1]}/v1/peers/Sara`);
      assert.deepEqual([away.status, away.headers.get('retry-after')], [503, '2']);
      one.child.kill('SIGTERM');
      assert.equal(await one.ended, 0);
    } finally {
      await redis.stop();
    }
  });
});
