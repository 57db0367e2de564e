// JSON-RPC messages to a stream, each written in the turn in which it is said and in one piece. vscode-jsonrpc's own writers wait
// a turn of the loop for each message, which is milliseconds while a file goes through the engine, and write head and body apart.

import type { Writable } from 'node:stream';
import { AbstractMessageWriter, Message, type MessageWriter } from 'vscode-jsonrpc/node';

export class PromptWriter extends AbstractMessageWriter implements MessageWriter {
  readonly #stream: Writable;
  readonly #mostUntaken: number;
  /** UTF-16 units of the notifications that the stream has not passed on. */
  #untaken = 0;
  #failures = 0;

  /**
   * Whoever has not taken `mostUntaken` UTF-16 units of notifications is given up: the stream is destroyed. Answers do not count,
   * as whoever reads nothing asks nothing.
   */
  constructor(stream: Writable, mostUntaken = Number.POSITIVE_INFINITY) {
    super();
    this.#stream = stream;
    this.#mostUntaken = mostUntaken;
    stream.on('error', (error: Error) => this.fireError(error));
    stream.on('close', () => this.fireClose());
  }

  /** Resolves when the stream has passed it on. */
  write(message: Message): Promise<void> {
    const text = JSON.stringify(message);
    const told = Message.isNotification(message) ? text.length : 0;
    if (told > 0 && this.#untaken > this.#mostUntaken)
      this.#stream.destroy(new Error('the other end does not read what it is told'));
    this.#untaken += told;
    return new Promise((resolve, reject) => {
      this.#stream.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`, (error) => {
        this.#untaken -= told;
        if (error == null) return resolve();
        this.fireError(error, message, ++this.#failures);
        reject(error);
      });
    });
  }

  end(): void {
    this.#stream.end();
  }
}
