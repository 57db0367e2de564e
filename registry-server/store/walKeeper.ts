// Moves what was written from the log of a SQLite file (WAL) into the file, in a thread of its own: that waits for the disk,
// and nobody who asks the registry should.

import { Worker } from 'node:worker_threads';

/** So many writes leave a log of a few megabytes, which is gone through in a moment. */
const WRITES_EACH = 256;
/** The log starts anew only when nobody wrote while it was gone through. Above so many pages of 4 KiB a writer has to wait. */
const MAX_FRAMES = 16_384;

/** As text, for there is one file in the package. A passive checkpoint keeps no writer waiting; what is busy comes next time. */
const THREAD = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { DatabaseSync } = require('node:sqlite');
  const db = new DatabaseSync(workerData);
  parentPort.on('message', () => {
    let frames = 0;
    try {
      frames = db.prepare('PRAGMA wal_checkpoint(PASSIVE)').get().log;
    } catch {}
    parentPort.postMessage(frames);
  });
`;

/** What the connection that writes has to do itself. */
export interface LogWriter {
  startAnew(): void;
  /** There can be no thread. */
  goOnAlone(): void;
}

export class WalKeeper {
  readonly #file: string;
  readonly #writer: LogWriter;
  #worker: Worker | undefined;
  #writes = 0;
  #isRunning = false;

  constructor(file: string, writer: LogWriter) {
    this.#file = file;
    this.#writer = writer;
  }

  wrote(): void {
    this.#writes += 1;
    if (this.#writes < WRITES_EACH || this.#isRunning) return;
    this.#writes = 0;
    this.#isRunning = true;
    this.#worker ??= this.#start();
    this.#worker.postMessage('checkpoint');
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(THREAD, { eval: true, workerData: this.#file });
    worker.unref();
    worker.on('message', (frames: number) => {
      this.#isRunning = false;
      if (frames > MAX_FRAMES) this.#writer.startAnew();
    });
    worker.on('error', () => this.#writer.goOnAlone());
    return worker;
  }
}
