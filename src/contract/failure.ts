// What a person may meet: a closed union of codes, one factory for all, one table of texts. Compare codes, never sentences.

import { reasonText } from './reasonText.ts';

/** Each code with the values that its text speaks of. */
export interface FailureDetails {
  /** The name belongs to another key at the registry. */
  nameTaken: { name: string; freeAt?: number };
  nameInvalid: { problem: 'empty' | 'tooLong' | 'invisibleCharacters' };
  registryUrlInvalid: { url: string };
  /** Nothing answers at the registry's address. */
  registryUnreachable: { url: string };
  /** Something answers, but not as a registry does. */
  registryNonsense: { url: string; detail: string };
  /** The registry said no. */
  registryRefused: { url: string; detail: string };
  clockSkew: { url: string; skewMs: number };
  notSignedUp: Record<string, never>;
  unknownUser: { name: string };
  /** No candidate address answered, or none is known. */
  peerAway: { name: string };
  /** Somebody else's key answers at the peer's address: a stale address, or an impostor. */
  otherKeyAnswers: { name: string };
  /** The registry gives the name to another key than before. */
  keyChanged: { name: string };
  connectionRejected: { name: string };
  connectionUnanswered: { name: string; seconds: number };
  connectionCancelled: { name: string };
  peerBlocked: { name: string };
  versionMismatch: { name: string; theirs: number; ours: number };
  notAccepted: { name: string };
  textTooLong: { length: number; limit: number };
  textEmpty: Record<string, never>;
  /** It is not here, not mine, or deleted. */
  messageUnknown: Record<string, never>;
  reactionInvalid: Record<string, never>;
  tooManyReactions: { limit: number };
  exportUnwritable: { path: string; detail: string };
  fileUnreadable: { path: string; detail: string };
  /** It is there, but its disk has not answered for so long. */
  fileSlow: { path: string; seconds: number };
  fileEmpty: { name: string };
  fileTooLarge: { name: string; limit: number };
  fileChanged: { name: string };
  folderUnwritable: { path: string; detail: string };
  /** Its disk does not answer. */
  folderSlow: { path: string };
  diskFull: { path: string };
  /** So many of mine wait for this person's answer; the rest would be declined unseen. */
  offersTooMany: { name: string; limit: number };
  pictureUnreadable: { name: string };
  /** It is a picture, but whether its metadata can be taken out nobody found out; so it was not sent. */
  pictureUnchecked: { name: string; why: 'busy' | 'slow' | 'broken' };
  transferUnknown: Record<string, never>;
  /** Only files can be shared. */
  notAFile: { path: string };
  sharedTooMany: { limit: number };
  /** Of mine: it is not on my list. */
  sharedUnknown: Record<string, never>;
  /** Of theirs: it is not, or not any more, on the list that they show to me. */
  notShared: { name?: string; owner: string };
  /** … the file was moved or deleted. */
  sharedGone: { name: string; owner: string };
  /** … they cannot give it for another reason; `code` is theirs. */
  fetchRefused: { name: string; owner: string; code: string };
  /** … I fetch too much of theirs at once. */
  fetchBusy: { owner: string };
  fetchUnanswered: { name: string; owner: string; attempts: number };
  /** Elsewhere: by another click, or in another window. */
  fetchCancelled: { name: string };
  /** Nothing moved in any of the tries. */
  transferStalled: { name: string; attempts: number };
  /** All bytes came, but they are not the sender's. */
  digestMismatch: { name: string };
  /** It could not be sent on, by a fault of this engine or its own disk: the file is as it was. */
  sendFailed: { name: string; detail: string };
  /** What came could not be taken, by a fault of this engine: no disk, road or peer has failed. */
  receiveFailed: { name: string; detail: string };
  /** The other side failed; `code` is theirs. What it means to whom is in transferFailure.ts. */
  peerFailed: { name: string; code: string };
  portInUse: { port: number };
  /** For another reason: `host` is no address of this machine, or the system gives none. */
  listenFailed: { host: string; detail: string };
  /** The database, or the folder or another file of what the engine keeps. */
  databaseUnusable: { path: string; detail: string };
  /** A newer build has written it: `version` of its schema, of which those up to `known` are known here. */
  databaseNewer: { path: string; version: number; known: number };
  /** The engine is of a newer build, with which this window cannot talk any more. */
  windowOutdated: { ours: string; engines: string };
  /** My key cannot be read; a new one would be a new person. */
  identityUnusable: { path: string; detail: string };
  /** Windows cannot attach. */
  pipeUnusable: { path: string; detail: string };
  engineGone: Record<string, never>;
  /** Each engine that was started ended soon, or never answered, so that no more are. */
  engineEnded: Record<string, never>;
}

export type FailureCode = keyof FailureDetails;

/** JSON all the way, so that it crosses processes as it is. */
export type Failure = {
  [Code in FailureCode]: { readonly code: Code; readonly details: FailureDetails[Code] };
}[FailureCode];

export function failure<Code extends FailureCode>(code: Code, details: FailureDetails[Code]): Failure {
  return { code, details } as Failure;
}

/** A Failure on its way up through code that throws. */
export class FailureError extends Error {
  readonly failure: Failure;

  constructor(of: Failure, options?: ErrorOptions) {
    super(failureText(of), options);
    this.name = 'FailureError';
    this.failure = of;
  }
}

export function fail<Code extends FailureCode>(
  code: Code,
  details: FailureDetails[Code],
  cause?: unknown,
): FailureError {
  return new FailureError(failure(code, details), cause === undefined ? undefined : { cause });
}

/** Makes a text of a template with {0}, {1} …, in a person's own language where there is one. */
export type Say = (text: string, ...values: (string | number)[]) => string;

export const inEnglish: Say = (text, ...values) =>
  text.replace(/\{(\d)\}/g, (_, place: string) => String(values[Number(place)]));

/** Decimal, as file managers count, and never more than it is: it names a limit. */
function sizeText(sizeBytes: number, t: Say): string {
  const tenths = (unit: number) => Math.floor(sizeBytes / (unit / 10)) / 10;
  if (sizeBytes >= 1e12) return t('{0} TB', tenths(1e12));
  return sizeBytes >= 1e9 ? t('{0} GB', tenths(1e9)) : t('{0} MB', tenths(1e6));
}

const NAME_PROBLEMS: Record<FailureDetails['nameInvalid']['problem'], (t: Say) => string> = {
  empty: (t) => t('A name needs at least one visible character besides dots.'),
  tooLong: (t) => t('A name can have at most 64 characters.'),
  invisibleCharacters: (t) => t('A name cannot hold invisible or control characters.'),
};

const UNCHECKED: Record<
  FailureDetails['pictureUnchecked']['why'],
  (details: { name: string }, t: Say) => string
> = {
  busy: ({ name }, t) =>
    t(
      '{0} was not sent: too many pictures wait to have location and camera data taken out. Try again in a moment, or send it as a file, with all that it says.',
      name,
    ),
  slow: ({ name }, t) =>
    t(
      '{0} was not sent: taking location and camera data out of it took too long. Copy it to a faster disk and try again, or send it as a file, with all that it says.',
      name,
    ),
  broken: ({ name }, t) =>
    t(
      '{0} was not sent: taking location and camera data out of it failed. Try again, or send it as a file, with all that it says.',
      name,
    ),
};

/** By the owner's code; whatever else it is gets the last words. */
function refusalText({ name, owner, code }: FailureDetails['fetchRefused'], t: Say): string {
  if (code === 'fileUnreadable')
    return t(
      "{0} cannot be read on {1}'s computer. Ask them to look at the file, then try again.",
      name,
      owner,
    );
  if (code === 'fileEmpty')
    return t(
      "{0} is empty now on {1}'s computer. Ask them to look at the file, then try again.",
      name,
      owner,
    );
  return t("{0}'s computer cannot give {1} now. Ask them to look at the file, then try again.", owner, name);
}

type Texts = { [Code in FailureCode]: (details: FailureDetails[Code], t: Say) => string };

/** What was tried, why it failed as far as known, and what to do next. Each text stands as it is: translations go by it. */
const TEXTS: Texts = {
  nameTaken: ({ name }, t) =>
    t('The name {0} belongs to somebody else at this registry. Choose another name.', name),
  nameInvalid: ({ problem }, t) => NAME_PROBLEMS[problem](t),
  registryUrlInvalid: ({ url }, t) =>
    t('{0} is not a registry address. It looks like http://host:8000.', url),
  registryUnreachable: ({ url }, t) =>
    t(
      'No registry answers at {0}. Start one with "Hamta: Start Registry Server", or change the address in the settings.',
      url,
    ),
  registryNonsense: ({ url, detail }, t) =>
    t(
      'What answers at {0} is not a Hamta registry ({1}). Check the address in the settings.',
      url,
      reasonText(detail, t),
    ),
  registryRefused: ({ url, detail }, t) => t('The registry at {0} refused: {1}', url, detail),
  clockSkew: ({ skewMs }, t) => {
    const seconds = Math.round(Math.abs(skewMs) / 1000);
    return skewMs > 0
      ? t("This computer's clock is {0} s ahead of the registry's. Set the clock and try again.", seconds)
      : t("This computer's clock is {0} s behind the registry's. Set the clock and try again.", seconds);
  },
  notSignedUp: (_, t) => t('Choose a name first: run "Hamta: Sign Up".'),
  unknownUser: ({ name }, t) =>
    t('Nobody is called {0} at this registry. Check the spelling, or ask them to sign up.', name),
  peerAway: ({ name }, t) =>
    t('{0} is away: nothing answers at their address. Messages wait and go by themselves.', name),
  otherKeyAnswers: ({ name }, t) =>
    t(
      "Somebody with another key answers at {0}'s address, so nothing was sent. The address may be out of date: try again when {0} is here.",
      name,
    ),
  keyChanged: ({ name }, t) =>
    t(
      'Somebody with another key answers to the name {0}. This may be a new computer, or an impostor. Nothing was sent; ask them on another channel.',
      name,
    ),
  connectionRejected: ({ name }, t) => t('{0} declined the connection. You can ask again later.', name),
  connectionUnanswered: ({ name, seconds }, t) =>
    t('{0} did not answer in {1} s. You can ask again.', name, seconds),
  connectionCancelled: ({ name }, t) => t('The connection to {0} was cancelled.', name),
  peerBlocked: ({ name }, t) => t('{0} is blocked. Unblock them first.', name),
  versionMismatch: ({ name, theirs, ours }, t) =>
    theirs > ours
      ? t('{0} has a newer Hamta (protocol {1}, here {2}). Update the extension.', name, theirs, ours)
      : t('{0} has an older Hamta (protocol {1}, here {2}). They need to update it.', name, theirs, ours),
  notAccepted: ({ name }, t) => t('You and {0} are not connected yet. Connect first.', name),
  textTooLong: ({ length, limit }, t) =>
    t('The message has {0} characters; one message can hold {1}. Send it as a file.', length, limit),
  textEmpty: (_, t) => t('There is nothing to send yet.'),
  messageUnknown: (_, t) =>
    t("Nothing was changed: this message was deleted, or it is somebody else's. Write a new one instead."),
  reactionInvalid: (_, t) => t('A reaction is one emoji. Choose one from the list.'),
  tooManyReactions: ({ limit }, t) =>
    t('You have given this message {0} reactions, as many as it can have. Take one back first.', limit),
  exportUnwritable: ({ path, detail }, t) =>
    t(
      'The conversation could not be written to {0} ({1}). Choose another place.',
      path,
      reasonText(detail, t),
    ),
  fileUnreadable: ({ path, detail }, t) =>
    t('{0} cannot be read ({1}). Check that it exists and may be read.', path, reasonText(detail, t)),
  fileSlow: ({ path, seconds }, t) =>
    t(
      'The disk of {0} has not answered for {1} s. Wait until it is there again, then try again.',
      path,
      seconds,
    ),
  fileEmpty: ({ name }, t) => t('{0} is empty (0 bytes), so there is nothing to send.', name),
  fileTooLarge: ({ name, limit }, t) =>
    t('{0} is larger than {1}, the most that can be sent. Send it in parts.', name, sizeText(limit, t)),
  fileChanged: ({ name }, t) => t('{0} changed while it was being sent. Send it again.', name),
  folderUnwritable: ({ path, detail }, t) =>
    t(
      'Nothing can be saved in {0} ({1}). Check that folder, or choose another one for received files in the settings (hamta.downloadFolder).',
      path,
      reasonText(detail, t),
    ),
  folderSlow: ({ path }, t) =>
    t('The disk of {0} does not answer. Save in another folder, or wait until it is there again.', path),
  diskFull: ({ path }, t) => t('The disk that holds {0} is full. Make room and try again.', path),
  offersTooMany: ({ name, limit }, t) =>
    t('{0} has not answered {1} of your offers yet. Send this one when some are answered.', name, limit),
  pictureUnreadable: ({ name }, t) => t('{0} is not a picture that can be read. Send it as a file.', name),
  pictureUnchecked: (details, t) => UNCHECKED[details.why](details, t),
  transferUnknown: (_, t) => t('This transfer is no longer known. Ask for the file again.'),
  notAFile: ({ path }, t) =>
    t('{0} is not a file, so it cannot be sent or shared. Choose the files in it instead.', path),
  sharedTooMany: ({ limit }, t) =>
    t(
      'You can share {0} files at a time. Stop sharing some of them first, or pack them into one file.',
      limit,
    ),
  sharedUnknown: (_, t) => t('You do not share this file any more. The list shows what you share.'),
  notShared: ({ name, owner }, t) =>
    name === undefined
      ? t('{0} does not share this file with you any more. Ask them to share it again.', owner)
      : t('{0} does not share {1} with you any more. Ask them to share it again.', owner, name),
  sharedGone: ({ name, owner }, t) =>
    t(
      "{0} is not where it was on {1}'s computer: it was moved or deleted. Ask them to share it again.",
      name,
      owner,
    ),
  fetchRefused: refusalText,
  fetchBusy: ({ owner }, t) =>
    t('You are fetching much from {0} already. Wait until some of it is here, then try again.', owner),
  fetchCancelled: ({ name }, t) => t('Fetching {0} was cancelled.', name),
  fetchUnanswered: ({ name, owner, attempts }, t) =>
    t(
      '{0} was not fetched: {1} did not answer in {2} tries. Try again when they are connected.',
      name,
      owner,
      attempts,
    ),
  transferStalled: ({ name, attempts }, t) =>
    t(
      '{0} did not get through in {1} tries: nothing arrives, neither over UDP nor over TCP. A firewall may block both; try again.',
      name,
      attempts,
    ),
  digestMismatch: ({ name }, t) =>
    t('{0} arrived damaged: its digest differs. It was not kept; send it again.', name),
  sendFailed: ({ name, detail }, t) =>
    t('{0} could not be sent because of an error in Hamta ({1}). Try again.', name, detail),
  receiveFailed: ({ name, detail }, t) =>
    t('{0} could not be received because of an error in Hamta ({1}). It can be sent again.', name, detail),
  peerFailed: ({ name }, t) =>
    t('{0} did not get through: something went wrong on the other side. It can be sent again.', name),
  portInUse: ({ port }, t) =>
    t('Port {0} is in use by another program. Choose another port, or 0 for any free one.', port),
  listenFailed: ({ host, detail }, t) => t('Hamta cannot listen at {0} ({1}).', host, reasonText(detail, t)),
  databaseUnusable: ({ path, detail }, t) =>
    t("Hamta's data at {0} cannot be used ({1}).", path, reasonText(detail, t)),
  databaseNewer: ({ path, version, known }, t) =>
    t(
      'Hamta was updated, and this window still runs the version before: it cannot read the database at {0} (version {1}, known here up to {2}). Reload the window; if that does not help, update the extension.',
      path,
      version,
      known,
    ),
  windowOutdated: ({ ours, engines }, t) =>
    t('Hamta was updated to {0}, and this window still runs {1}. Reload the window to go on.', engines, ours),
  pipeUnusable: ({ path, detail }, t) =>
    t(
      'Hamta cannot open its pipe at {0} ({1}), so no window can use it. Check the folder, then try again.',
      path,
      reasonText(detail, t),
    ),
  identityUnusable: ({ path, detail }, t) =>
    t(
      'Your key at {0} cannot be used ({1}). It was left as it is, as others know you by it. Restore the file, or move it away to start as somebody new.',
      path,
      reasonText(detail, t),
    ),
  engineGone: (_, t) => t('Hamta is starting again. Try once more in a moment.'),
  engineEnded: (_, t) => t('Hamta ended each time it was started. See the log, then try again.'),
};

/** In English, as the log has it, or in the words of `t`. */
export function failureText(of: Failure, t: Say = inEnglish): string {
  return (TEXTS[of.code] as (details: unknown, t: Say) => string)(of.details, t);
}

export function isFailure(value: unknown): value is Failure {
  if (typeof value !== 'object' || value === null) return false;
  const { code, details } = value as Partial<Failure>;
  return (
    typeof code === 'string' && Object.hasOwn(TEXTS, code) && typeof details === 'object' && details !== null
  );
}
