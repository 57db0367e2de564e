// A program that runs beside us until we stop it: a registry, a peer, a VS Code server. It has a process group of its own, so
// that what it started goes with it, and a Ctrl+C in the terminal reaches it through us, in the order we choose.
import { type ChildProcess, spawn } from 'node:child_process';

export interface BackgroundOptions {
  /** How to call it in errors. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly shell?: boolean;
}

/** The output that is kept; the oldest half goes when there is more. */
const KEPT_CHARACTERS = 2_000_000;
const STOP_MS = 5_000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const hasGroups = process.platform !== 'win32';
const running = new Set<Background>();

export class Background {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  readonly #watchers = new Set<() => void>();
  #output = '';
  #hasEnded = false;

  constructor(options: BackgroundOptions) {
    const { name, command, args, ...place } = options;
    this.name = name;
    // Its input stays open as long as we live: a program that follows it ends with us even where we are killed.
    this.#child = spawn(command, [...args], { stdio: 'pipe', detached: hasGroups, ...place });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => this.#hear(text));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => this.#hear(text));
    this.#ended = new Promise((resolve) => {
      this.#child.once('error', (error) => this.#hear(`${error.message}\n`)).once('error', () => resolve());
      this.#child.once('close', () => resolve());
    });
    running.add(this);
    void this.#ended.then(() => this.#afterEnd());
  }

  /** Resolves when the program has ended, for whatever reason, and with it all that writes to the same output. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Null until it has ended, and where a signal ended it. */
  get exitCode(): number | null {
    return this.#child.exitCode;
  }

  /** What it has said so far, stdout and stderr together. */
  get output(): string {
    return this.#output;
  }

  /** The first place where the output matches; rejects when the program ends or the time is over before it does. */
  async said(pattern: RegExp, timeoutMs: number): Promise<RegExpExecArray> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const match = pattern.exec(this.#output);
      if (match) return match;
      const left = deadline - Date.now();
      if (this.#hasEnded) throw this.#failure('ended before it was ready');
      if (left <= 0) throw this.#failure(`was not ready within ${timeoutMs / 1000} s`);
      await this.#newsWithin(left);
    }
  }

  /** Asks its group to end, then makes it; harmless when it has ended. */
  async stop(): Promise<void> {
    if (!this.#hasEnded) {
      this.#signal('SIGTERM');
      const force = setTimeout(() => this.#signal('SIGKILL'), STOP_MS);
      await this.#ended;
      clearTimeout(force);
    }
    this.#signal('SIGKILL');
  }

  /** For the last moment of this process, when nothing can be awaited any more. */
  kill(): void {
    this.#signal('SIGKILL');
  }

  #hear(text: string): void {
    this.#output += text;
    if (this.#output.length > KEPT_CHARACTERS) this.#output = this.#output.slice(-KEPT_CHARACTERS / 2);
    this.#tellWatchers();
  }

  #afterEnd(): void {
    running.delete(this);
    this.#hasEnded = true;
    this.#tellWatchers();
  }

  #tellWatchers(): void {
    for (const tell of this.#watchers) tell();
  }

  async #newsWithin(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(tell, ms);
      const watchers = this.#watchers;
      function tell(): void {
        clearTimeout(timer);
        watchers.delete(tell);
        resolve();
      }
      watchers.add(tell);
    });
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      if (hasGroups) process.kill(-pid, signal);
      else this.#child.kill(signal);
    } catch {
      // Nothing of it is left.
    }
  }

  #failure(why: string): Error {
    const words = this.#output.trim().split('\n').slice(-15).join('\n');
    return new Error(`${this.name} ${why}. It said:\n${words || '(nothing)'}`);
  }
}

process.on('exit', () => {
  for (const background of running) background.kill();
});

/** For processes without a goodbye of their own (tests): a signal ends them together with all they have started. */
export function endOnSignals(): void {
  for (const signal of SIGNALS) {
    process.once(signal, () => process.exit(1));
  }
}

/** Resolves at the first Ctrl+C or request to end; later ones are ignored, so that the stop they find running goes on. */
export async function askedToStop(): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of SIGNALS) process.on(signal, () => resolve());
  });
}
