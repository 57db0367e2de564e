// What passes over the worker's port: the start data, and the few things that cannot go over the pipe. JSON only.

import type { LogLine } from '../base/logger.ts';
import type { Failure } from './failure.ts';

/** The worker's `workerData`. */
export interface EngineStart {
  /** A folder of the engine's own; made, with mode 0700, when it is missing. */
  readonly dataDir: string;
  /** A socket file or a Windows pipe. Only the engine that holds the database removes an old one and listens. */
  readonly pipeAddress: string;
  /** The only address to listen on for peers; all of them when undefined. For development and tests. */
  readonly listenHost?: string;
  /** TCP and UDP port for peers; 0 takes a free one. */
  readonly port: number;
  readonly downloadFolder: string;
  readonly autoAccept: boolean;
  /** Of the extension that starts it: for a window of a newer one it makes room. Absent: for nobody. */
  readonly version?: string;
}

export type FromEngine =
  /** The pipe accepts windows. */
  | { readonly kind: 'listening' }
  /** Another engine holds the database; this one exits by itself. */
  | { readonly kind: 'busy' }
  /** It cannot start; it exits by itself. */
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'log'; readonly line: LogLine };

/** `stop` is answered by exiting, within STOP_DEADLINE_MS. */
export type ToEngine = { readonly kind: 'stop' };

/**
 * The worker's `resourceLimits`. What comes and goes with a transfer is given back or used again at once (base/giveBack.ts), so a small
 * young generation is enough. One four times as large moves 2 % more in a second, and makes messages wait half as long again beside it.
 */
export const ENGINE_LIMITS = { maxYoungGenerationSizeMb: 3 } as const;

/** After this many ms without an exit the host ends the worker. */
export const STOP_DEADLINE_MS = 3_000;

/** The folder below `dataDir` that holds thumbnails. It is the only part of `dataDir` that a chat page may load from. */
export const THUMBNAIL_FOLDER = 'thumbnails';
