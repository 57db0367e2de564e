// A registry in a process of its own, as it is started in life, so that it can be killed as in life.

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../registry-server/main.ts', import.meta.url));
const READY = /listening on http:\/\/[^ ]*:(\d+) /;

export class RegistryProcess {
  readonly #process: ChildProcessByStdio<Writable, Readable, Readable>;
  #port = 0;
  #said = '';

  private constructor(child: ChildProcessByStdio<Writable, Readable, Readable>) {
    this.#process = child;
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#said = (this.#said + text).slice(-4_000);
    });
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** What it logged, the latest of it. */
  get said(): string {
    return this.#said;
  }

  /** More arguments as on the command line: `'--redis', url`. */
  static async start(...more: string[]): Promise<RegistryProcess> {
    const args = [MAIN, '--port', '0', '--host', '127.0.0.1', '--stop-with-parent', ...more];
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    const registry = new RegistryProcess(child);
    const line = await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
    registry.#port = Number(READY.exec(String(line[0]))?.[1]);
    if (registry.#port > 0) return registry;
    child.kill('SIGKILL');
    throw new Error(`the registry said ${line} ${registry.said}`);
  }

  /** As when the machine goes down. */
  async kill(): Promise<void> {
    const ended = once(this.#process, 'exit');
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    this.#process.kill('SIGKILL');
    await ended;
  }
}
