// What a window may ask of the engine. A command is a value that carries its params and its result; dispatch is a table.

import type { Fingerprint } from './fingerprint.ts';
import type { Message } from './message.ts';
import type { History, Me, State } from './state.ts';
import type { Transfer } from './transfer.ts';

declare const types: unique symbol;

/** A request named `name`; Params and Result exist for the compiler only. */
export interface Command<Params, Result> {
  readonly name: string;
  readonly [types]?: (params: Params) => Result;
}

const command = <Params, Result>(name: string): Command<Params, Result> => ({ name });

/** What a window passes on from the editor's settings. */
export interface Settings {
  /** Where received files go; a folder that is made when it is missing. */
  readonly downloadFolder: string;
  /** Accepted people's pictures and files are taken without asking. */
  readonly autoAccept: boolean;
}

export const commands = {
  /** The first request of a seat: everything as it is now. Events follow from `revision` + 1. */
  attach: command<{ readonly version: string }, State>('attach'),
  configure: command<Settings, null>('configure'),
  /** Failures: nameTaken, nameInvalid, registry*, clockSkew. Stays signed up over restarts. */
  signUp: command<{ readonly name: string; readonly registryUrl: string }, Me>('signUp'),
  /** Leaves the registry and closes all links. The name stays bound to the key. */
  signOut: command<null, null>('signOut'),
  /** Asks the registry who is there, now. Failures: registry*. */
  refreshPeers: command<null, null>('refreshPeers'),
  /** Asks the registry for one name. Failures: unknownUser, registry*, keyChanged. */
  lookUp: command<
    { readonly name: string },
    { readonly peer: Fingerprint; readonly addresses: readonly string[] }
  >('lookUp'),
  /** Resolves when messages flow. Failures: peerAway, connectionRejected, connectionUnanswered, keyChanged, ... */
  connect: command<{ readonly peer: Fingerprint }, null>('connect'),
  /** Ends a `connect` that is still going on. */
  cancelConnect: command<{ readonly peer: Fingerprint }, null>('cancelConnect'),
  /** My answer to somebody who wants to connect. */
  answerConnection: command<{ readonly peer: Fingerprint; readonly accept: boolean }, null>(
    'answerConnection',
  ),
  /** Closes the link and does not dial again until asked. */
  disconnect: command<{ readonly peer: Fingerprint }, null>('disconnect'),
  /** Resolves when the message is stored; it goes when the peer is there. Failures: textEmpty, textTooLong, notAccepted. */
  sendText: command<{ readonly peer: Fingerprint; readonly text: string }, Message>('sendText'),
  /** A window has shown all of their messages up to and including this number. */
  markRead: command<{ readonly peer: Fingerprint; readonly upTo: number }, null>('markRead'),
  /** Messages with an order below `before` (the newest when undefined), at most `limit` (up to 500). */
  history: command<{ readonly peer: Fingerprint; readonly before?: number; readonly limit: number }, History>(
    'history',
  ),
  /**
   * Offers a file on this machine. `asPicture`: it must be one. `ownsFile`: the engine may delete it once it is final
   * (a pasted picture's temporary file is kept as the sender's own copy instead). Failures: file*, pictureUnreadable.
   */
  offerFile: command<
    {
      readonly peer: Fingerprint;
      readonly path: string;
      readonly name?: string;
      readonly asPicture: boolean;
    },
    Transfer
  >('offerFile'),
  /** `folder`: save there instead of the download folder. Failures: transferUnknown, folderUnwritable. */
  answerTransfer: command<{ readonly id: string; readonly accept: boolean; readonly folder?: string }, null>(
    'answerTransfer',
  ),
  cancelTransfer: command<{ readonly id: string }, null>('cancelTransfer'),
  /** Offers a failed, rejected or cancelled file of mine once more, as a new transfer. */
  retryTransfer: command<{ readonly id: string }, Transfer>('retryTransfer'),
} as const;

export type CommandName = keyof typeof commands;
export type ParamsOf<Name extends CommandName> =
  (typeof commands)[Name] extends Command<infer Params, unknown> ? Params : never;
export type ResultOf<Name extends CommandName> =
  (typeof commands)[Name] extends Command<never, infer Result> ? Result : never;
