// A program of this checkout, started from its source, with all that it says.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export class Program {
  readonly #process: ChildProcess;
  /** Its exit code, or null where a signal ended it. */
  readonly ended: Promise<number | null>;
  output = '';

  /** @param stdin `pipe`: the program can tell when this process is gone */
  constructor(path: string, args: readonly string[], stdin: 'ignore' | 'pipe' = 'ignore') {
    this.#process = spawn(process.execPath, [path, ...args], { stdio: [stdin, 'pipe', 'pipe'] });
    this.ended = once(this.#process, 'close').then(([code]) => code);
    for (const stream of [this.#process.stdout, this.#process.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => this.#hear(text));
  }

  /** The first place where the output matches; rejects when the program ends before it does. */
  async said(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.output);
      if (match !== null) return match;
      const news = once(this.#process, 'said');
      if ((await Promise.race([news, this.ended.then(() => 'ended')])) === 'ended')
        throw new Error(this.output);
    }
  }

  /** As when whoever has started it ends without a word. */
  abandon(): void {
    this.#process.stdin?.destroy();
  }

  /** Asks it to end; harmless when it has. */
  async stop(): Promise<number | null> {
    this.#process.kill('SIGTERM');
    return this.ended;
  }

  #hear(text: string): void {
    this.output += text;
    this.#process.emit('said');
  }
}
