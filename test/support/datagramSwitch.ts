// Datagrams that get lost, or are looked at, without the engines having a hand in it. The threads that send them load this before
// anything else; whoever wants something of them writes it into memory that all threads of the process share.

import { Socket } from 'node:dgram';
import { syncBuiltinESMExports } from 'node:module';
import worker, {
  BroadcastChannel,
  getEnvironmentData,
  isMainThread,
  setEnvironmentData,
  type WorkerOptions,
} from 'node:worker_threads';

const NAME = 'hamta datagrams';
/** Longer than whatever an engine sends by UDP beside a file. */
const LONG_BYTES = 1_300;
/** The first byte of DATA (engine/transfer/README.md). */
const DATA = 0x48;

/** Places in the shared memory. */
const LOSE_EVERY = 0;
const COUNT = 1;
const HAS_END = 2;
const LEFT = 3;
const IS_TAPPED = 4;
const DATA_COUNT = 5;
const SLEEPS = 6;
const SLEEP_MS = 7;
const PLACES = 8;

/** Between two looks whether it is time to sleep, in ms. */
const LOOK_MS = 10;

const shared = sharedBetweenThreads();

/** Until disposed, one of `every` datagrams from this process is lost; all of them by default. */
export function loseDatagrams(every = 1): Disposable {
  return during(LOSE_EVERY, every);
}

/** Until disposed, datagrams that carry much of a file get through until there were `count` of them, and then nothing does. */
export function loseDatagramsAfter(count: number): Disposable {
  Atomics.store(shared, LEFT, count);
  return during(HAS_END, 1);
}

/** Until disposed, sees every datagram that leaves this process, a little later. */
export function tapDatagrams(see: (bytes: Uint8Array) => void): Disposable {
  const channel = new BroadcastChannel(NAME);
  channel.onmessage = (message) => see((message as { data: Uint8Array }).data);
  const tap = during(IS_TAPPED, 1);
  return {
    [Symbol.dispose]: () => {
      tap[Symbol.dispose]();
      channel.close();
    },
  };
}

/** How many datagrams with parts of files have left this process. */
export function dataDatagrams(): number {
  return Atomics.load(shared, DATA_COUNT);
}

/** As a computer whose lid is closed: for `ms` neither this thread nor one that it has started does anything. */
export function sleepAll(ms: number): void {
  Atomics.store(shared, SLEEP_MS, ms);
  Atomics.add(shared, SLEEPS, 1);
  sleep(ms);
}

function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function during(place: number, value: number): Disposable {
  Atomics.store(shared, place, value);
  return { [Symbol.dispose]: () => Atomics.store(shared, place, 0) };
}

function sharedBetweenThreads(): Int32Array {
  const known = getEnvironmentData(NAME) as Int32Array | undefined;
  if (known !== undefined) return known;
  const made = new Int32Array(new SharedArrayBuffer(PLACES * Int32Array.BYTES_PER_ELEMENT));
  setEnvironmentData(NAME, made);
  return made;
}

function passes(bytes: Uint8Array, tap: BroadcastChannel): boolean {
  if (Atomics.load(shared, IS_TAPPED) !== 0) tap.postMessage(bytes);
  if (bytes[0] === DATA) Atomics.add(shared, DATA_COUNT, 1);
  const every = Atomics.load(shared, LOSE_EVERY);
  if (every !== 0 && (Atomics.add(shared, COUNT, 1) + 1) % every === 0) return false;
  if (Atomics.load(shared, HAS_END) === 0) return true;
  const left = Atomics.sub(shared, LEFT, bytes.length > LONG_BYTES ? 1 : 0);
  return left > 0;
}

/** In a thread of datagrams, or of anything else. */
function watchSocket(): void {
  const tap = new BroadcastChannel(NAME);
  tap.unref();
  const send = Socket.prototype.send as (...args: unknown[]) => void;
  Socket.prototype.send = function (this: Socket, ...args: unknown[]) {
    if (passes(args[0] as Uint8Array, tap)) send.apply(this, args);
  };
  let slept = Atomics.load(shared, SLEEPS);
  const sleepWhenTold = () => {
    const sleeps = Atomics.load(shared, SLEEPS);
    if (sleeps === slept) return;
    slept = sleeps;
    sleep(Atomics.load(shared, SLEEP_MS));
  };
  setInterval(sleepWhenTold, LOOK_MS).unref();
}

/** In the thread that starts the others. */
function watchWorkers(): void {
  const { Worker } = worker;
  worker.Worker = class extends Worker {
    constructor(script: string | URL, options?: WorkerOptions) {
      super(script, { ...options, execArgv: [...process.execArgv, '--import', import.meta.url] });
    }
  };
  syncBuiltinESMExports();
}

if (isMainThread) watchWorkers();
else watchSocket();
