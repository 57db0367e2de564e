// What a window may ask of the engine. A command is a value that carries its params and its result; dispatch is a table.

import type { Millis } from '../base/clock.ts';
import type { Fingerprint } from './fingerprint.ts';
import type { Message } from './message.ts';
import type { SafetyCode } from './safetyCode.ts';
import type { SearchPage } from './search.ts';
import type { OwnSharedItem } from './shared.ts';
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

/** What a conversation in a file says besides what was said, in the language of the window. */
export interface ExportWords {
  /** Who wrote it. */
  readonly me: string;
  readonly edited: string;
  readonly deleted: string;
  readonly file: string;
  readonly timesAreUtc: string;
}

/** One window wants to notify me of something. */
export interface NoticeClaim {
  readonly about: 'messages' | 'connection' | 'offer';
  /** Of the person, or of the transfer. */
  readonly id: string;
  readonly isFocused: boolean;
}

export const commands = {
  /**
   * The first request of a seat: everything as it is now. Events follow from `revision` + 1. `version`: of the extension; an
   * engine of an older one makes room for an engine of this one, and says engineGone. `contract`: CONTRACT (versions.ts) of
   * the window's build, this one's when absent. Failures: engineGone, windowOutdated.
   */
  attach: command<{ readonly version: string; readonly contract?: number }, State>('attach'),
  /** Shows that this is the engine of the data folder (engineProof.ts). Base64, both. */
  prove: command<{ readonly challenge: string }, { readonly signature: string }>('prove'),
  configure: command<Settings, null>('configure'),
  /** Failures: nameTaken, nameInvalid, registry*, clockSkew. Stays signed up over restarts. */
  signUp: command<{ readonly name: string; readonly registryUrl: string }, Me>('signUp'),
  /** Leaves the registry and closes all links. The name stays bound to the key. */
  signOut: command<null, null>('signOut'),
  /** Signs out and gives the name back: anybody may take it. Failures: notSignedUp, registry*; then all is as it was before. */
  releaseName: command<null, null>('releaseName'),
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
  /** What I and this person compare. Anybody's key may be asked about: the one that took a friend's name, too. */
  safetyCode: command<{ readonly peer: Fingerprint }, { readonly code: SafetyCode }>('safetyCode'),
  /** Our safety codes are the same, or may not be any more. Holds for this key alone. */
  verifyPeer: command<{ readonly peer: Fingerprint; readonly verified: boolean }, null>('verifyPeer'),
  /**
   * Nothing goes either way any more: the link ends, files on their way and open offers with it, questions are withdrawn, and
   * what waits to be sent stays where it is. The other side learns no more than that they were declined.
   */
  blockPeer: command<{ readonly peer: Fingerprint }, null>('blockPeer'),
  /** They are nobody in particular again: whoever wants to talk asks first. */
  unblockPeer: command<{ readonly peer: Fingerprint }, null>('unblockPeer'),
  /**
   * The key that has the name of `peer` now is that person: `key` is accepted under the name, and the conversation with `peer`
   * ends here and stays readable. `verified`: the safety codes were compared. Failures: keyChanged when it is not this key.
   */
  startAnew: command<
    { readonly peer: Fingerprint; readonly key: Fingerprint; readonly verified: boolean },
    null
  >('startAnew'),
  /** Whether this person's files are taken without asking; null: as the setting says. */
  setAutoAccept: command<{ readonly peer: Fingerprint; readonly autoAccept: boolean | null }, null>(
    'setAutoAccept',
  ),
  /** No window notifies me until then; null ends it now. */
  doNotDisturb: command<{ readonly until: Millis | null }, null>('doNotDisturb'),
  /** Whether the window that asks is the one to notify me of this. Of those who want to connect, one window tells at a time. */
  claimNotice: command<NoticeClaim, boolean>('claimNotice'),
  /** Closes the link and does not dial again until asked. */
  disconnect: command<{ readonly peer: Fingerprint }, null>('disconnect'),
  /**
   * Resolves when the message is stored; it goes when the peer is there. `replyTo`: the id of the message that it answers.
   * `id`: 32 random hexadecimal digits, for whoever may have to ask again since the engine has gone before it answered: what is
   * stored under this id is not stored again. Failures: textEmpty, textTooLong, notAccepted, messageUnknown.
   */
  sendText: command<
    { readonly peer: Fingerprint; readonly text: string; readonly replyTo?: string; readonly id?: string },
    Message
  >('sendText'),
  /**
   * A text of mine says this from now on. `asOf`: for whoever asks again, when this was to be so: what was changed since stays as it is.
   * Failures: textEmpty, textTooLong, notAccepted, messageUnknown.
   */
  editMessage: command<
    { readonly peer: Fingerprint; readonly id: string; readonly text: string; readonly asOf?: Millis },
    Message
  >('editMessage'),
  /**
   * Takes back a message of mine: what it said goes from both stores; a file on its way is cancelled, one that has arrived
   * stays with its receiver. One that is taken back already stays so. Failures: notAccepted, messageUnknown.
   */
  deleteMessage: command<{ readonly peer: Fingerprint; readonly id: string }, null>('deleteMessage'),
  /** `on: false` takes a reaction back. Failures: notAccepted, messageUnknown, reactionInvalid, tooManyReactions. */
  react: command<
    { readonly peer: Fingerprint; readonly id: string; readonly emoji: string; readonly on: boolean },
    null
  >('react'),
  /** I am writing something to them, or have stopped. Said at most every 3 s while it goes on; nobody learns of it later. */
  typing: command<{ readonly peer: Fingerprint; readonly on: boolean }, null>('typing'),
  /** A window has shown all of their messages up to and including this number. */
  markRead: command<{ readonly peer: Fingerprint; readonly upTo: number }, null>('markRead'),
  /**
   * A page of at most `limit` messages (up to 500). By order: those next `before` or `after`, or half before and half from
   * `around` on. Else the newest; with `newest` they take the place of what was loaded, whatever that was.
   */
  history: command<
    {
      readonly peer: Fingerprint;
      readonly before?: number;
      readonly after?: number;
      readonly around?: number;
      readonly newest?: true;
      readonly limit: number;
    },
    History
  >('history'),
  /**
   * Messages that have all words of `query`, the last one perhaps only begun; newest first, with an order below `before`, at
   * most `limit` (up to 100). In one conversation or in all.
   */
  searchMessages: command<
    { readonly query: string; readonly peer?: Fingerprint; readonly before?: number; readonly limit: number },
    SearchPage
  >('searchMessages'),
  /**
   * Writes a whole conversation to a file at `path`, in place of one that is there. `json` is one array with a message in
   * each line. Answers how many. `words` are for Markdown, in English where there are none. Failures: exportUnwritable.
   */
  exportConversation: command<
    {
      readonly peer: Fingerprint;
      readonly path: string;
      readonly format: 'markdown' | 'json';
      readonly words?: ExportWords;
    },
    { readonly messages: number }
  >('exportConversation'),
  /**
   * Offers a file on this machine. `asPicture`: without its metadata where they can be taken out; true: it must be a picture,
   * 'ifItIsOne': any other file goes as it is. A picture is never offered as a file unasked.
   * Failures: notAccepted, offersTooMany, file*, pictureUnreadable, pictureUnchecked.
   */
  offerFile: command<
    {
      readonly peer: Fingerprint;
      readonly path: string;
      readonly name?: string;
      readonly asPicture: boolean | 'ifItIsOne';
    },
    Transfer
  >('offerFile'),
  /**
   * `folder`: save there instead of the download folder. Failures: transferUnknown, folderUnwritable, folderSlow, diskFull; the offer
   * stands then, and may be answered again. A yes that is said twice is one.
   */
  answerTransfer: command<{ readonly id: string; readonly accept: boolean; readonly folder?: string }, null>(
    'answerTransfer',
  ),
  cancelTransfer: command<{ readonly id: string }, null>('cancelTransfer'),
  /** Offers a failed, rejected or cancelled file of mine once more, as a new transfer; answers with that one until it is over. */
  retryTransfer: command<{ readonly id: string }, Transfer>('retryTransfer'),
  /**
   * Shows files to everybody I have accepted, or to these people, who fetch them when they like; all of `paths` or none. One that
   * is shared already is shown to the new people instead. Failures: notAFile, file*, sharedTooMany.
   */
  share: command<
    { readonly paths: readonly string[]; readonly with: 'accepted' | readonly Fingerprint[] },
    readonly OwnSharedItem[]
  >('share'),
  /** What is on its way already arrives. Failures: sharedUnknown. */
  unshare: command<{ readonly id: string }, null>('unshare'),
  /**
   * Fetches what a connected person shares; `folder`: save there instead of the download folder. Resolves when it is on its way.
   * Failures: peerAway, notShared, sharedGone, fetchRefused, fetchBusy, fetchUnanswered, fetchCancelled, folderUnwritable,
   * folderSlow.
   */
  fetchShared: command<
    { readonly peer: Fingerprint; readonly itemId: string; readonly folder?: string },
    Transfer
  >('fetchShared'),
} as const;

export type CommandName = keyof typeof commands;
export type ParamsOf<Name extends CommandName> =
  (typeof commands)[Name] extends Command<infer Params, unknown> ? Params : never;
export type ResultOf<Name extends CommandName> =
  (typeof commands)[Name] extends Command<never, infer Result> ? Result : never;
