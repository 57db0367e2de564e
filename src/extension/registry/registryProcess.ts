// The registry server as a child process of this window: started by a command, stopped by one or with the window.

import { type ChildProcess, spawn } from 'node:child_process';
import process from 'node:process';
import type { Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import {
  parseReadyLine,
  type ReadyLine,
  type RegistryChoice,
  registryArguments,
  registryEnvironment,
} from './registryLine.ts';

export type RegistryProcessState =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'starting' }
  | ({ readonly kind: 'running' } & ReadyLine);

export type StartOutcome =
  | ({ readonly kind: 'running' } & ReadyLine)
  | { readonly kind: 'portInUse' }
  /** `reason` is the last line it wrote. */
  | { readonly kind: 'failed'; readonly reason: string };

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
  readonly #changes = new Emitter<RegistryProcessState>();
  #state: RegistryProcessState = { kind: 'stopped' };
  #child: ChildProcess | undefined;

  /** `script` is the path of the built server; `write` gets everything it says. */
  constructor(script: string, write: (text: string) => void) {
    this.#script = script;
    this.#write = write;
  }

  readonly onDidChange = this.#changes.event;

  get state(): RegistryProcessState {
    return this.#state;
  }

  /** Never rejects; resolves within START_TIMEOUT_MS. Call it only while stopped. */
  start(choice: RegistryChoice): Promise<StartOutcome> {
    this.#become({ kind: 'starting' });
    const child = spawn(process.execPath, [this.#script, ...registryArguments(choice)], {
      env: registryEnvironment(process.env, choice.redisUrl),
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
    this.#child = child;
    return new Promise((resolve) => this.#follow(child, resolve));
  }

  /** Resolves when it has ended. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
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

  #follow(child: ChildProcess, resolve: (outcome: StartOutcome) => void): void {
    let said = '';
    const timer = setTimeout(() => child.kill('SIGKILL'), START_TIMEOUT_MS);
    const settle = (outcome: StartOutcome) => {
      clearTimeout(timer);
      resolve(outcome);
    };
    const hear = (chunk: Buffer) => {
      const text = chunk.toString();
      said = (said + text).slice(-KEPT_CHARACTERS);
      this.#write(text);
      const ready = this.#state.kind === 'starting' ? parseReadyLine(said) : undefined;
      if (ready === undefined) return;
      this.#become({ kind: 'running', ...ready });
      settle({ kind: 'running', ...ready });
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.stdin?.on('error', () => {
      // It ended first; `close` says so.
    });
    child.on('error', (error) => hear(Buffer.from(`${error.message}\n`)));
    child.once('close', (code) => {
      this.#child = undefined;
      this.#become({ kind: 'stopped' });
      settle(code === PORT_IN_USE ? { kind: 'portInUse' } : { kind: 'failed', reason: lastLine(said) });
    });
  }

  #become(state: RegistryProcessState): void {
    this.#state = state;
    this.#changes.fire(state);
  }
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}
