// JSON-RPC messages from a stream, each handed on in the turn in which its last byte came. vscode-jsonrpc's own readers wait one turn
// of the loop more for each message, which is milliseconds while a file goes through the engine, or while another extension is busy.

import type { Readable } from 'node:stream';
import {
  AbstractMessageReader,
  type DataCallback,
  type Disposable,
  type Message,
  type MessageReader,
} from 'vscode-jsonrpc/node';

const HEAD_END = '\r\n\r\n';
/** Of the lines before a message: "Content-Length: 123", and perhaps a type that is always the same. */
const MOST_HEAD_BYTES = 1_024;
const NOTHING = Buffer.alloc(0);

export class PromptReader extends AbstractMessageReader implements MessageReader {
  readonly #stream: Readable;
  #parts: Buffer[] = [];
  /** In all parts. */
  #bytes = 0;
  /** Of the message whose head was read. */
  #bodyBytes: number | undefined;

  constructor(stream: Readable) {
    super();
    this.#stream = stream;
    stream.on('error', (error: Error) => this.fireError(error));
    stream.on('close', () => this.fireClose());
  }

  /** Once. What is no message, or what `callback` throws, is told as an error, and nothing is read after it. */
  listen(callback: DataCallback): Disposable {
    const onData = (part: Buffer) => {
      this.#parts.push(part);
      this.#bytes += part.length;
      try {
        for (let message = this.#next(); message !== undefined; message = this.#next()) callback(message);
      } catch (error) {
        this.#stream.off('data', onData);
        this.fireError(error);
      }
    };
    this.#stream.on('data', onData);
    return { dispose: () => void this.#stream.off('data', onData) };
  }

  #next(): Message | undefined {
    this.#bodyBytes ??= this.#takeHead();
    if (this.#bodyBytes === undefined || this.#bytes < this.#bodyBytes) return undefined;
    const body = this.#take(this.#bodyBytes);
    this.#bodyBytes = undefined;
    return JSON.parse(body.toString('utf8'));
  }

  /** Bytes of the message that follows, less than 1 GB; undefined while the head is not whole. */
  #takeHead(): number | undefined {
    const start = this.#joined();
    const end = start.subarray(0, MOST_HEAD_BYTES).indexOf(HEAD_END);
    if (end < 0 && this.#bytes < MOST_HEAD_BYTES) return undefined;
    const [, length] = /^content-length: *(\d{1,9})$/im.exec(start.toString('latin1', 0, end)) ?? [];
    if (end < 0 || length === undefined) throw new Error('a message has no Content-Length');
    this.#take(end + HEAD_END.length);
    return Number(length);
  }

  #take(bytes: number): Buffer {
    const all = this.#joined();
    this.#parts = all.length > bytes ? [all.subarray(bytes)] : [];
    this.#bytes -= bytes;
    return all.subarray(0, bytes);
  }

  /** Copies where there are several parts: once for a head, and once for a body that is whole. */
  #joined(): Buffer {
    if (this.#parts.length > 1) this.#parts = [Buffer.concat(this.#parts)];
    return this.#parts[0] ?? NOTHING;
  }
}
