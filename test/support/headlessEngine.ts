// An engine in a process of its own, as `npm run peer` and people without a display have it; it can be killed at any time.

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { LogLine } from '../../src/base/logger.ts';
import { PromptReader } from '../../src/pipe/promptReader.ts';
import { PromptWriter } from '../../src/pipe/promptWriter.ts';
import type { Memory, RoadOrder } from './roadSwitch.ts';
import { TestWindow } from './testWindow.ts';

const MAIN = fileURLToPath(new URL('../../src/engine/main.ts', import.meta.url));
/** Runs before the engine does, in its process. */
const ROAD_SWITCH = new URL('./roadSwitch.ts', import.meta.url).href;

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

export interface Surroundings {
  /** URLs of modules that run in its process before it does. */
  readonly preloads?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export class HeadlessEngine {
  readonly window: TestWindow;
  /** What it has said on stderr, as it came. */
  readonly log: readonly string[];
  readonly #process: Child;
  readonly #ended: Promise<[number | null]>;

  private constructor(
    window: TestWindow,
    child: Child,
    ended: Promise<[number | null]>,
    log: readonly string[],
  ) {
    this.window = window;
    this.log = log;
    this.#process = child;
    this.#ended = ended;
  }

  /** Rejects with what it said when it ends at once. */
  static start(dataDir: string, ...options: string[]): Promise<HeadlessEngine> {
    return HeadlessEngine.startWith({}, dataDir, ...options);
  }

  static async startWith(
    { preloads = [], env = {} }: Surroundings,
    dataDir: string,
    ...options: string[]
  ): Promise<HeadlessEngine> {
    const imports = [ROAD_SWITCH, ...preloads].flatMap((module) => ['--import', module]);
    const start = ['--stdio', '--data', dataDir, '--host', '127.0.0.1', ...options];
    const child = spawn(process.execPath, [...imports, MAIN, ...start], {
      stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
      env: { ...process.env, ...env },
    }) as Child;
    const said: string[] = [];
    child.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text));
    child.stdin.on('error', () => {});
    const ended = once(child, 'exit') as Promise<[number | null]>;
    const failed = ended.then(([code]) => {
      throw new Error(`the engine ended with ${code}: ${said.join('').slice(-4_000)}`);
    });
    failed.catch(() => {});
    const over = TestWindow.over(new PromptReader(child.stdout), new PromptWriter(child.stdin));
    // Its stream ends before its process does; why is known only then.
    const attached = over.catch(() => failed);
    return new HeadlessEngine(await Promise.race([attached, failed]), child, ended, said);
  }

  /** Resolves when it has ended; null where it was killed. */
  get exitCode(): Promise<number | null> {
    return this.#ended.then(([code]) => code);
  }

  /** What it has logged, where it was started with `--log-format json`. */
  get lines(): LogLine[] {
    const whole = this.log.join('').split('\n').slice(0, -1);
    return whole.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as LogLine);
  }

  /** Tells its roads to break or to mend. */
  tell(order: RoadOrder): void {
    this.#process.send(order);
  }

  /** The most memory that it ever had resident, in bytes. */
  async peakMemory(): Promise<number> {
    this.tell('tellMemory');
    const [{ peakBytes }] = (await once(this.#process, 'message')) as [Memory];
    return peakBytes;
  }

  /** As a computer whose lid is closed, until `goOn`: nothing of it runs, and its connections stay as they are. */
  freeze(): void {
    this.#process.kill('SIGSTOP');
  }

  goOn(): void {
    this.#process.kill('SIGCONT');
  }

  /** As when the power fails. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#ended;
    this.window.close();
  }

  /** Asks it to stop, and waits. Harmless when it has ended. */
  async stop(): Promise<void> {
    this.#process.kill('SIGTERM');
    await this.#ended;
    this.window.close();
  }
}
