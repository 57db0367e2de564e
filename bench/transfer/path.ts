// A way between two places that both are this machine.

import type { ContenderName } from './contenders.ts';

export interface Place {
  readonly host: string;
  /** The command that runs another one there; empty where that is here. */
  readonly inside: readonly string[];
}

export interface Path {
  readonly sender: Place;
  readonly receiver: Place;
  readonly sizeBytes: number;
  close(): void;
}

/** One section of the table. */
export interface Section {
  /** For `--path`. */
  readonly id: string;
  readonly title: string;
  readonly contenders: readonly ContenderName[];
  /** Payload bytes that the line carries in a second, in MB, where there is a line. */
  readonly lineMBps?: number;
  /** Where the section needs another number than was asked for. */
  readonly rounds?: number;
  /** Throws LeftOut. */
  open(): Path;
}

/** Why a section is not measured here. */
export class LeftOut extends Error {}
