// The registry server as a child process of this window: started by a command, stopped by one or with the window.

import { type ChildProcess, spawn } from 'node:child_process';
import type { Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import {
  healthUrl,
  parseReadyLine,
  type ReadyLine,
  type RegistryChoice,
  registryArguments,
  registryEnvironment,
} from './registryLine.ts';

export type RegistryProcessState =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'starting' }
  | ({ readonly kind: 'running' } & ReadyLine)
  /** It could not start, or ended without being asked to. `reason` is the last line it wrote. */
  | { readonly kind: 'failed'; readonly reason: string };

export type StartOutcome =
  | ({ readonly kind: 'running' } & ReadyLine)
  | { readonly kind: 'portInUse' }
  /** It was not healthy in time, and was ended. */
  | { readonly kind: 'unhealthy'; readonly seconds: number }
  /** Somebody stopped it meanwhile. */
  | { readonly kind: 'stopped' }
  /** `reason` is the last line it wrote. */
  | { readonly kind: 'failed'; readonly reason: string };

/** Resolves when the registry at `url` answers that it is healthy; rejects when `signal` aborts. */
export type UntilHealthy = (url: string, signal: AbortSignal) => Promise<void>;

/** Redis on the other side of the world included. */
const START_TIMEOUT_MS = 20_000;
/** A little longer than the server gives itself. */
const STOP_TIMEOUT_MS = 10_000;
const PORT_IN_USE = 2;
/** Enough of its last words to tell why it ended. */
const KEPT_CHARACTERS = 4_000;

export class RegistryProcess implements Disposable {
  readonly #script: string;
  readonly #write: (text: string) => void;
  readonly #untilHealthy: UntilHealthy;
  readonly #changes = new Emitter<RegistryProcessState>();
  #state: RegistryProcessState = { kind: 'stopped' };
  #child: ChildProcess | undefined;
  #isToStop = false;

  /** `script` is the path of the built server; `write` gets everything it says. */
  constructor(script: string, write: (text: string) => void, untilHealthy: UntilHealthy) {
    this.#script = script;
    this.#write = write;
    this.#untilHealthy = untilHealthy;
  }

  readonly onDidChange = this.#changes.event;

  get state(): RegistryProcessState {
    return this.#state;
  }

  /** Never rejects; resolves within START_TIMEOUT_MS. Call it only while stopped or failed. */
  start(choice: RegistryChoice): Promise<StartOutcome> {
    this.#isToStop = false;
    this.#become({ kind: 'starting' });
    const child = spawn(process.execPath, [this.#script, ...registryArguments(choice)], {
      env: registryEnvironment(process.env, choice.redisUrl),
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
    this.#child = child;
    return new Promise((resolve) => this.#follow(child, choice, resolve));
  }

  /** A failure that was seen need not be shown any longer. */
  forgetFailure(): void {
    if (this.#state.kind === 'failed') this.#become({ kind: 'stopped' });
  }

  /** Resolves when it has ended. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    this.#isToStop = true;
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    child.stdin?.end();
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await ended;
    clearTimeout(timer);
  }

  /** The end of its standard input stops it, however this window ends. */
  dispose(): void {
    this.#changes.dispose();
    this.#child?.stdin?.end();
  }

  #follow(child: ChildProcess, choice: RegistryChoice, resolve: (outcome: StartOutcome) => void): void {
    let said = '';
    const late = AbortSignal.timeout(START_TIMEOUT_MS);
    const ended = new AbortController();
    const settle = (outcome: StartOutcome) => {
      late.removeEventListener('abort', kill);
      resolve(outcome);
    };
    const kill = () => child.kill('SIGKILL');
    late.addEventListener('abort', kill);
    let ready: ReadyLine | undefined;
    const hear = (chunk: Buffer) => {
      const text = chunk.toString();
      said = (said + text).slice(-KEPT_CHARACTERS);
      this.#write(text);
      if (ready !== undefined) return;
      ready = parseReadyLine(said);
      if (ready !== undefined) void this.#checkHealth(ready, choice, ended.signal, settle);
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.stdin?.on('error', () => {
      // It ended first; `close` says so.
    });
    child.on('error', (error) => hear(Buffer.from(`${error.message}\n`)));
    child.once('close', (code) => {
      ended.abort();
      this.#child = undefined;
      settle(this.#ended(code, lastLine(said), late.aborted));
    });
  }

  /** Its own word is not enough: somebody is told of a registry only once it answers. */
  async #checkHealth(
    ready: ReadyLine,
    choice: RegistryChoice,
    signal: AbortSignal,
    settle: (outcome: StartOutcome) => void,
  ): Promise<void> {
    try {
      await this.#untilHealthy(healthUrl(ready, choice), signal);
    } catch {
      return; // It ended meanwhile; `close` says how.
    }
    if (signal.aborted) return;
    this.#become({ kind: 'running', ...ready });
    settle({ kind: 'running', ...ready });
  }

  /** What the end of the child means; nobody hears it any more if the start was over before. */
  #ended(code: number | null, reason: string, isLate: boolean): StartOutcome {
    const wasRunning = this.#state.kind === 'running';
    const isQuiet = this.#isToStop || (code === PORT_IN_USE && !wasRunning);
    this.#become(isQuiet ? { kind: 'stopped' } : { kind: 'failed', reason });
    if (this.#isToStop) return { kind: 'stopped' };
    if (code === PORT_IN_USE) return { kind: 'portInUse' };
    return isLate ? { kind: 'unhealthy', seconds: START_TIMEOUT_MS / 1_000 } : { kind: 'failed', reason };
  }

  #become(state: RegistryProcessState): void {
    this.#state = state;
    this.#changes.fire(state);
  }
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}
