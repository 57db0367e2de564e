// Where windows attach: a socket file (or a Windows pipe) of one engine at a time.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { stat, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import path from 'node:path';
import type { MessageReader, MessageWriter } from 'vscode-jsonrpc';
import { PipeListener } from '../../../src/engine/io/pipe.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const isWindows = process.platform === 'win32';

describe('the pipe', () => {
  const folder = temporaryFolder();
  let listener: PipeListener | undefined;
  afterEach(() => listener?.dispose());

  const address = () =>
    isWindows ? `\\\\.\\pipe\\${path.basename(folder.path)}` : path.join(folder.path, 'below', 'engine.sock');

  async function open(): Promise<void> {
    listener = await PipeListener.open(address(), (reader: MessageReader, writer: MessageWriter) => {
      reader.listen((message) => void writer.write(message));
    });
  }

  async function connected() {
    const socket = createConnection(address()).on('error', () => {});
    await once(socket, 'connect');
    return socket;
  }

  it('gives each window a reader and a writer of its own', async () => {
    await open();
    const sockets = await Promise.all([connected(), connected()]);
    for (const [i, socket] of sockets.entries()) {
      const body = JSON.stringify({ jsonrpc: '2.0', method: `${i}` });
      socket.write(`Content-Length: ${body.length}\r\n\r\n${body}`);
      const [answer] = await once(socket, 'data');
      assert.ok(`${answer}`.endsWith(body));
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

  it('takes the place of one whose engine was killed', async () => {
    await open();
    listener?.dispose();
    // On Windows a pipe goes with its process.
    if (!isWindows) await writeFile(address(), '');
    await open();
    (await connected()).destroy();
  });
});
