// Picture work for the engine: a worker of its own, started when it is needed, one picture at a time, ended when it takes too long.

import { Worker } from 'node:worker_threads';
import type { Millis } from '../../base/clock.ts';
import type { Disposable } from '../../base/disposable.ts';
import { steadyClock } from '../io/systemClock.ts';
import { MAX_MEMORY_MIB, MAX_WAITING_PICTURES, PICTURE_DEADLINE_MS } from './params.ts';
import type { PictureDescription } from './pictureDescription.ts';
import type { PictureAnswer, PictureJob } from './pictureWorker.ts';

/** The worker is a file of its own beside the engine's, and beside this one where nothing is built. */
const WORKER_URL = new URL(
  import.meta.url.endsWith('.ts') ? './pictureWorker.ts' : './pictureWorker.js',
  import.meta.url,
);
/** An idle worker holds memory for nothing, in ms. */
const IDLE_MS = 30_000;

export interface PicturesOptions {
  readonly workerUrl?: URL;
  /** For one picture, in ms. */
  readonly deadlineMs?: number;
}

interface Waiting {
  readonly job: PictureJob;
  /** Later it is taken apart, and not drawn. */
  readonly drawnUntil: Millis;
  answer(answer: PictureAnswer): void;
}

const unseen = (why: 'busy' | 'slow' | 'broken'): PictureAnswer => ({ description: undefined, unseen: why });

export class Pictures implements Disposable {
  readonly #workerUrl: URL;
  readonly #deadlineMs: number;
  readonly #waiting: Waiting[] = [];
  #current: Waiting | undefined;
  /** Of the current one: its answer should its worker not survive it. */
  #known: PictureAnswer | undefined;
  #worker: Worker | undefined;
  #timer: NodeJS.Timeout | undefined;
  #disposed = false;

  constructor({ workerUrl = WORKER_URL, deadlineMs = PICTURE_DEADLINE_MS }: PicturesOptions = {}) {
    this.#workerUrl = workerUrl;
    this.#deadlineMs = deadlineMs;
  }

  /**
   * What the file at `path` shows; undefined when it is no picture or cannot be read. One that breaks its worker, or takes too
   * long, has what its header says. Never rejects: a transfer does without.
   */
  async describe(path: string): Promise<PictureDescription | undefined> {
    return (await this.#do({ path })).description;
  }

  /**
   * The same, or why nobody knows, and a copy without metadata at `copyTo`, which must not be there yet, where there is any to take
   * out. One whose drawing has not begun after `patienceMs` goes before the others, and is not drawn.
   */
  describeAndStrip(path: string, copyTo: string, patienceMs?: Millis): Promise<PictureAnswer> {
    return this.#do({ path, copyTo }, patienceMs);
  }

  /** As describeAndStrip, for one that was drawn before: it is not decoded again. */
  strip(path: string, copyTo: string): Promise<PictureAnswer> {
    return this.#do({ path, copyTo, isDrawn: true });
  }

  /** Ends the worker. Whoever waits is answered without a description. */
  dispose(): void {
    this.#disposed = true;
    const left = this.#waiting.splice(0);
    this.#endWorker();
    for (const { answer } of left) answer(unseen('broken'));
  }

  #do(job: PictureJob, patienceMs = Number.POSITIVE_INFINITY): Promise<PictureAnswer> {
    if (this.#disposed) return Promise.resolve(unseen('broken'));
    if (this.#waiting.length >= MAX_WAITING_PICTURES) return Promise.resolve(unseen('busy'));
    const drawnUntil = steadyClock.now() + patienceMs;
    return new Promise((answer) => {
      this.#waiting.push({ job, drawnUntil, answer });
      this.#next();
    });
  }

  #next(): void {
    if (this.#current !== undefined) return;
    clearTimeout(this.#timer);
    this.#current = this.#takeNext();
    if (this.#current === undefined) this.#armTimer(IDLE_MS);
    else this.#start(this.#current);
  }

  /** Those that are not drawn come first: they take a moment. */
  #takeNext(): Waiting | undefined {
    const now = steadyClock.now();
    const isLate = ({ drawnUntil }: Waiting) => drawnUntil < now;
    const quick = this.#waiting.findIndex((waiting) => waiting.job.isDrawn || isLate(waiting));
    const [next] = this.#waiting.splice(Math.max(0, quick), 1);
    if (next === undefined || !isLate(next)) return next;
    const answer = (found: PictureAnswer) => next.answer({ ...found, isLate: true });
    return { ...next, job: { ...next.job, isDrawn: true }, answer };
  }

  #start({ job }: Waiting): void {
    this.#worker ??= this.#startWorker();
    this.#worker.postMessage(job);
    this.#armTimer(this.#deadlineMs);
  }

  #startWorker(): Worker {
    const worker = new Worker(this.#workerUrl, {
      name: 'hamta pictures',
      resourceLimits: { maxOldGenerationSizeMb: MAX_MEMORY_MIB },
      // What libraries print about a broken picture is nobody's business; headless, stdout carries JSON-RPC.
      stdout: true,
      stderr: true,
    });
    worker.unref();
    worker.on('message', (answer: PictureAnswer) => {
      if (worker !== this.#worker) return;
      if (answer.isUndrawn) this.#known = answer;
      else this.#finish(answer);
    });
    // Out of memory or a bug of a decoder: the picture goes without a thumbnail, the next one gets a new worker.
    worker.on('error', () => this.#forget(worker, 'broken'));
    worker.on('exit', () => this.#forget(worker, 'broken'));
    return worker;
  }

  #finish(answer: PictureAnswer): void {
    const finished = this.#current;
    this.#current = undefined;
    this.#known = undefined;
    finished?.answer(answer);
    this.#next();
  }

  #forget(worker: Worker, why: 'slow' | 'broken'): void {
    if (worker !== this.#worker) return;
    this.#worker = undefined;
    this.#finish(this.#known ?? unseen(why));
  }

  #endWorker(): void {
    clearTimeout(this.#timer);
    const worker = this.#worker;
    if (worker === undefined) return;
    this.#forget(worker, 'slow');
    void worker.terminate();
  }

  #armTimer(afterMs: number): void {
    clearTimeout(this.#timer);
    if (this.#worker === undefined || this.#disposed) return;
    this.#timer = setTimeout(() => this.#endWorker(), afterMs);
    // An idle worker keeps no process alive; one at work does, until its deadline.
    if (this.#current === undefined) this.#timer.unref();
  }
}
