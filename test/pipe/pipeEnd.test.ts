// The ends of a real pipe.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Message } from 'vscode-jsonrpc';
import { connectPipe, pipeEndOf } from '../../src/pipe/pipeEnd.ts';

const message = (method: string) => ({ jsonrpc: '2.0', method }) as Message;

describe('the ends of a pipe', () => {
  let folder: string;
  let address: string;
  let listener: Server;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hamta-pipe-'));
    address = process.platform === 'win32' ? `\\\\.\\pipe\\${folder.slice(-16)}` : join(folder, 'pipe');
    listener = createServer();
    listener.listen(address);
    await once(listener, 'listening');
  });
  afterEach(async () => {
    listener.close();
    await rm(folder, { recursive: true });
  });

  async function ends() {
    const connected = once(listener, 'connection') as Promise<[Socket]>;
    const window = connectPipe(address);
    const [socket] = await connected;
    return { window, seat: pipeEndOf(socket) };
  }

  it('carry messages both ways', async () => {
    const { window, seat } = await ends();
    const heard = [window, seat].map(([reader]) => new Promise<Message>((resolve) => reader.listen(resolve)));
    await Promise.all([window[1].write(message('asked')), seat[1].write(message('told'))]);
    assert.deepEqual(await Promise.all(heard), [message('told'), message('asked')]);
    window[1].dispose();
  });

  it('are both closed when one is given up', async () => {
    const { window, seat } = await ends();
    const closed = [window, seat].map(([reader]) => new Promise<void>((resolve) => reader.onClose(resolve)));
    seat[0].listen(() => undefined);
    window[0].listen(() => undefined);
    window[1].dispose();
    await Promise.all(closed);
  });

  it('are closed when the window does not read: what it is told is not kept without end', async () => {
    const { window, seat } = await ends();
    const closed = new Promise<void>((resolve) => seat[0].onClose(resolve));
    const told = message('x'.repeat(1024 * 1024));
    const outcomes = await Promise.allSettled(Array.from({ length: 64 }, () => seat[1].write(told)));
    assert.ok(outcomes.at(-1)?.status === 'rejected');
    await closed;
    window[1].dispose();
  });

  it('say that nobody listens', async () => {
    const [reader] = connectPipe(`${address}-not-there`);
    const told: string[] = [];
    reader.onError((error) => told.push((error as NodeJS.ErrnoException).code ?? ''));
    await new Promise<void>((resolve) => reader.onClose(resolve));
    assert.deepEqual(told, ['ENOENT']);
  });
});
