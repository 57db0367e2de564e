// Where windows attach: a socket file (or a Windows pipe) of one engine at a time.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmod, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createConnection, Server, type Socket } from 'node:net';
import path from 'node:path';
import type { MessageReader, MessageWriter } from 'vscode-jsonrpc';
import { PipeListener } from '../../../src/engine/io/pipe.ts';
import type { StartTimer } from '../../../src/engine/io/startTimer.ts';
import { asAnotherAccount } from '../../support/asAnotherAccount.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const isWindows = process.platform === 'win32';

/** Until disposed, whoever listens is counted, and `meanwhile` goes first. */
function listened(meanwhile: () => void = () => {}): Disposable & { readonly servers: readonly Server[] } {
  const { listen } = Server.prototype;
  const servers: Server[] = [];
  Server.prototype.listen = function (this: Server, ...where: unknown[]) {
    servers.push(this);
    meanwhile();
    return listen.apply(this, where as Parameters<typeof listen>);
  } as typeof listen;
  return {
    servers,
    [Symbol.dispose]: () => {
      Server.prototype.listen = listen;
    },
  };
}

/** Until disposed, whoever listens is told so often that the address is taken, as Windows says while an old client has its end open. */
function takenFor(times: number): Disposable & { readonly left: number } {
  const { listen } = Server.prototype;
  let left = times;
  Server.prototype.listen = function (this: Server, ...where: unknown[]) {
    if (left-- <= 0) return listen.apply(this, where as Parameters<typeof listen>);
    const error = Object.assign(new Error('EADDRINUSE'), { code: 'EADDRINUSE' });
    setImmediate(() => this.emit('error', error));
    return this;
  } as typeof listen;
  return {
    get left() {
      return left;
    },
    [Symbol.dispose]: () => {
      Server.prototype.listen = listen;
    },
  };
}

describe('the pipe', () => {
  const folder = temporaryFolder();
  let listener: PipeListener | undefined;
  afterEach(() => listener?.dispose());

  const address = () =>
    isWindows ? `\\\\.\\pipe\\${path.basename(folder.path)}` : path.join(folder.path, 'below', 'engine.sock');

  async function open(startTimer?: StartTimer): Promise<void> {
    const echo = (reader: MessageReader, writer: MessageWriter) => {
      reader.listen((message) => void writer.write(message));
    };
    listener = await PipeListener.open(address(), echo, startTimer);
  }

  async function connected() {
    const socket = createConnection(address()).on('error', () => {});
    await once(socket, 'connect');
    return socket;
  }

  /** Says `method` and hears it again. */
  async function isServed(socket: Socket, method = 'x'): Promise<void> {
    const body = JSON.stringify({ jsonrpc: '2.0', method });
    socket.write(`Content-Length: ${body.length}\r\n\r\n${body}`);
    const [answer] = await once(socket, 'data');
    assert.ok(`${answer}`.endsWith(body));
  }

  it('gives each window a reader and a writer of its own', async () => {
    await open();
    const sockets = await Promise.all([connected(), connected()]);
    for (const [i, socket] of sockets.entries()) {
      await isServed(socket, `${i}`);
      socket.destroy();
    }
  });

  it('ends the connection of a seat that is given up', async () => {
    listener = await PipeListener.open(address(), (reader: MessageReader, writer: MessageWriter) => {
      reader.listen(() => writer.dispose());
    });
    const socket = await connected();
    const closed = once(socket.resume(), 'close');
    const body = JSON.stringify({ jsonrpc: '2.0', method: 'x' });
    socket.write(`Content-Length: ${body.length}\r\n\r\n${body}`);
    await closed;
  });

  it('lets go of its windows at once', async () => {
    await open();
    const socket = await connected();
    const closed = once(socket.resume(), 'close');
    listener?.dispose();
    await closed;
  });

  it('is for this user only', async () => {
    await open();
    const { mode } = isWindows ? { mode: 0o600 } : await stat(address());
    assert.equal(mode & 0o777, 0o600);
  });

  if (!isWindows)
    it('opens in no folder that others could put a socket of theirs into', async () => {
      const below = path.dirname(address());
      await mkdir(below);
      await chmod(below, 0o770);
      await writeFile(address(), '');
      await assert.rejects(open(), { code: 'openToOthers' });
      assert.deepEqual(await readdir(below), ['engine.sock']);
    });

  it('waits on Windows until the windows of an engine before have let go of theirs', async () => {
    using taken = takenFor(3);
    await open();
    assert.equal(taken.left, -1);
    (await connected()).destroy();
  });

  it('takes the place of one whose engine was killed', async () => {
    await open();
    listener?.dispose();
    // On Windows a pipe goes with its process.
    if (!isWindows) await writeFile(address(), '');
    await open();
    (await connected()).destroy();
  });

  describe('whose folder is taken away', () => {
    let look: PromiseWithResolvers<() => unknown>;
    const startTimer: StartTimer = (_ms, onTime) => {
      look.resolve(onTime);
      return { dispose: () => {} };
    };
    beforeEach(() => {
      look = Promise.withResolvers();
    });

    /** Resolves when it has looked, be it for the last time. */
    async function looksOnce(): Promise<void> {
      const now = await look.promise;
      look = Promise.withResolvers();
      await now();
    }

    /** Resolves when it has looked and waits for its next look. */
    async function looks(): Promise<void> {
      await looksOnce();
      await look.promise;
    }

    // A pipe of Windows is no file.
    const onPosix = isWindows ? () => {} : it;

    onPosix('is there again after its next look, and who is attached stays so', async () => {
      await open(startTimer);
      const attached = await connected();
      await rm(path.dirname(address()), { recursive: true });
      await looks();
      await isServed(await connected());
      await isServed(attached);
      const { mode } = await stat(address());
      assert.equal(mode & 0o777, 0o600);
      attached.destroy();
    });

    onPosix('is not there again while another account has made its folder', async () => {
      await open(startTimer);
      await rm(path.dirname(address()), { recursive: true });
      await asAnotherAccount(looks);
      await assert.rejects(connected());
      await looks();
      (await connected()).destroy();
    });

    onPosix('has one server at a time', async () => {
      using seen = listened();
      await open(startTimer);
      await rm(path.dirname(address()), { recursive: true });
      await looks();
      assert.deepEqual(
        seen.servers.map(({ listening }) => listening),
        [false, true],
      );
    });

    onPosix('is tried again where it cannot be made', async () => {
      await open(startTimer);
      const below = path.dirname(address());
      await rm(below, { recursive: true });
      await writeFile(below, 'in the way');
      await looks();
      await rm(below);
      await looks();
      await isServed(await connected());
    });

    const looksNoMore = async () => (await Promise.race([look.promise, undefined])) === undefined;

    onPosix('stays away once it was let go of', async () => {
      await open(startTimer);
      listener?.dispose();
      using seen = listened();
      await looksOnce();
      assert.deepEqual(seen.servers, []);
      await assert.rejects(stat(address()));
      assert.ok(await looksNoMore());
    });

    onPosix('stays away where it is let go of while it is made anew', async () => {
      await open(startTimer);
      await rm(path.dirname(address()), { recursive: true });
      using seen = listened(() => listener?.dispose());
      await looksOnce();
      assert.equal(seen.servers.length, 1);
      await assert.rejects(stat(address()));
      assert.ok(await looksNoMore());
    });
  });
});
