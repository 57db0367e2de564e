// The engine's worker thread in this window: at most one, started when no other window has one, stopped with the window.

import { Worker } from 'node:worker_threads';
import type { LogLine } from '../../base/logger.ts';
import {
  ENGINE_LIMITS,
  type EngineStart,
  type FromEngine,
  STOP_DEADLINE_MS,
  type ToEngine,
} from '../../contract/engineStart.ts';
import { failure } from '../../contract/failure.ts';
import type { HostOutcome } from './attachMachine.ts';

/** A cold disk and a database of a million messages that is brought to a new version included. */
const START_TIMEOUT_MS = 120_000;

const GONE: HostOutcome = { kind: 'failed', failure: failure('engineEnded', {}) };

interface Running {
  readonly worker: Worker;
  readonly outcome: Promise<HostOutcome>;
  readonly exited: Promise<void>;
}

export class EngineHost {
  readonly #script: string;
  readonly #log: (line: LogLine) => void;
  #running: Running | undefined;
  #listening: Worker | undefined;
  #stopped = false;

  /** `script` is the path of the built engine. */
  constructor(script: string, log: (line: LogLine) => void) {
    this.#script = script;
    this.#log = log;
  }

  /** An engine of this window has said that windows can attach, and has not ended since. */
  get isListening(): boolean {
    return this.#running !== undefined && this.#running.worker === this.#listening;
  }

  /** Resolves when the engine says how it went, at once when it has; never rejects. `start` is read for a new worker only. */
  host(start: () => EngineStart): Promise<HostOutcome> {
    if (this.#stopped) return Promise.resolve(GONE);
    this.#running ??= this.#start(start());
    return this.#running.outcome;
  }

  /** Asks the engine to finish and resolves when it has, or was ended. No other is started after this. */
  async close(): Promise<void> {
    this.#stopped = true;
    const running = this.#running;
    if (running === undefined) return;
    running.worker.postMessage({ kind: 'stop' } satisfies ToEngine);
    const timer = setTimeout(() => void running.worker.terminate(), STOP_DEADLINE_MS);
    await running.exited;
    clearTimeout(timer);
  }

  #start(start: EngineStart): Running {
    const worker = new Worker(this.#script, {
      workerData: start,
      execArgv: [],
      resourceLimits: ENGINE_LIMITS,
    });
    const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    const running = { worker, exited, outcome: this.#outcomeOf(worker, start) };
    worker.on('error', (error) => this.#complain(error.stack ?? error.message));
    worker.once('exit', (code) => this.#exited(worker, code));
    return running;
  }

  #exited(worker: Worker, code: number): void {
    if (code !== 0) this.#complain(`the engine ended with code ${code}`);
    if (this.#running?.worker === worker) this.#running = undefined;
  }

  #outcomeOf(worker: Worker, { dataDir }: EngineStart): Promise<HostOutcome> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => void worker.terminate(), START_TIMEOUT_MS);
      const settle = (outcome: HostOutcome) => {
        clearTimeout(timer);
        resolve(outcome);
      };
      worker.on('message', (message: FromEngine) => {
        if (message.kind === 'log') return this.#log(message.line);
        if (message.kind === 'listening') this.#listening = worker;
        settle(message.kind === 'busy' ? busy(dataDir) : message);
      });
      worker.once('exit', () => settle(GONE));
    });
  }

  #complain(text: string): void {
    this.#log({ level: 'error', room: 'host', text });
  }
}

/** Windows that share the folder find its engine; what they do not find is no window's of this computer. */
function busy(dataDir: string): HostOutcome {
  return { kind: 'busy', failure: failure('databaseUnusable', { path: dataDir, detail: 'inUse' }) };
}
