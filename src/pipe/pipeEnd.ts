// The two ends of the pipe between a window and its engine, as JSON-RPC sees them.

import { createConnection, type Socket } from 'node:net';
import type { MessageReader, MessageWriter } from 'vscode-jsonrpc';
import { PromptReader } from './promptReader.ts';
import { PromptWriter } from './promptWriter.ts';

/**
 * A bound on what is kept for a window that does not read, as its extension host stands still: it is let go of, comes back when it
 * goes on, and takes a new snapshot. UTF-16 units; a window that reads is never behind by a part of it.
 */
const MOST_UNTAKEN = 32 * 1024 * 1024;

export type PipeEnd = readonly [reader: MessageReader, writer: MessageWriter];

/** The window's end. Where nobody listens at `address` the reader tells of an error and then that it is closed. */
export function connectPipe(address: string): PipeEnd {
  return pipeEndOf(createConnection(address));
}

/** Whose writer is disposed of, ends the connection: the other end learns of it by that alone. */
export function pipeEndOf(socket: Socket): PipeEnd {
  return [new PromptReader(socket), new SocketWriter(socket)];
}

class SocketWriter extends PromptWriter {
  readonly #socket: Socket;

  constructor(socket: Socket) {
    super(socket, MOST_UNTAKEN);
    this.#socket = socket;
  }

  override dispose(): void {
    super.dispose();
    this.#socket.destroy();
  }
}
