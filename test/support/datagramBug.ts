// Imported by an engine's process before the engine: the thread of its datagrams has a bug, which shows with the first one that comes.

import { Socket } from 'node:dgram';
import { isMainThread } from 'node:worker_threads';

if (!isMainThread) {
  const emit = Socket.prototype.emit as (name: string, ...args: unknown[]) => boolean;
  Socket.prototype.emit = function (this: Socket, name: string, ...args: unknown[]) {
    // Nobody catches it, as nobody waits for most of what a thread does.
    if (name === 'message') void Promise.reject(new Error('a bug of the datagrams'));
    return emit.call(this, name, ...args);
  };
}
