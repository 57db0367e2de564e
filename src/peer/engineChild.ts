// The engine as a child process: JSON-RPC on its stdin and stdout, its log kept for the case that it ends by itself.

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { RpcClient, type StreamedEvent } from '../contract/rpc.ts';
import { PromptReader } from '../pipe/promptReader.ts';
import { PromptWriter } from '../pipe/promptWriter.ts';
import type { PeerOptions } from './options.ts';

/** Beside the built peer.js, or as source where this file is. */
const ENGINE = new URL(
  import.meta.url.endsWith('.ts') ? '../engine/main.ts' : './engine.js',
  import.meta.url,
);
/** An engine says goodbye to the registry and its peers in less. */
const STOP_MS = 5_000;
/** What is kept of its log, in UTF-16 units. */
const KEPT_LOG = 4_000;

/** The engine is not there, for a reason that its log knows. */
export class EngineEnd extends Error {}

export class EngineChild {
  readonly rpc: RpcClient;
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>;
  readonly #process: ChildProcessByStdio<Writable, Readable, Readable>;
  #log = '';

  constructor({ dataDir, host }: PeerOptions, onEvent: (event: StreamedEvent) => void) {
    const args = ['--stdio', '--data', dataDir, '--downloads', join(dataDir, 'received'), '--host', host];
    this.#process = spawn(process.execPath, [fileURLToPath(ENGINE), ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#process.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#log = (this.#log + text).slice(-KEPT_LOG);
    });
    this.ended = once(this.#process, 'close').then(
      () => undefined,
      (error: Error) => {
        this.#log += error.message;
      },
    );
    // An engine that is gone closes its ends of the pipes; writing there then is no news.
    this.#process.stdin.on('error', () => undefined);
    const reader = new PromptReader(this.#process.stdout);
    this.rpc = new RpcClient(reader, new PromptWriter(this.#process.stdin), onEvent, () => undefined);
  }

  /** The end of what it logged. */
  get lastWords(): string {
    return this.#log.trim().split('\n').slice(-8).join('\n');
  }

  /** Asks it to stop, then makes it. Harmless when it has ended. */
  async stop(): Promise<void> {
    this.#process.stdin.end();
    const force = setTimeout(() => this.#process.kill('SIGKILL'), STOP_MS);
    await this.ended;
    clearTimeout(force);
    this.rpc.dispose();
  }
}
