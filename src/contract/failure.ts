// What a person may meet: a closed union of codes, one factory for all, one table of texts. Compare codes, never sentences.

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
  fileEmpty: { name: string };
  fileTooLarge: { name: string; limit: number };
  fileChanged: { name: string };
  folderUnwritable: { path: string; detail: string };
  diskFull: { path: string };
  pictureUnreadable: { name: string };
  transferUnknown: Record<string, never>;
  /** Only files can be shared. */
  notAFile: { path: string };
  sharedTooMany: { limit: number };
  /** Of mine: it is not on my list. */
  sharedUnknown: Record<string, never>;
  /** Of theirs: it is not, or not any more, on the list that they show to me. */
  notShared: { name: string; owner: string };
  /** … the file was moved or deleted. */
  sharedGone: { name: string; owner: string };
  /** … they cannot give it for another reason; `code` is theirs. */
  fetchRefused: { name: string; owner: string; code: string };
  /** … I fetch too much of theirs at once. */
  fetchBusy: { owner: string };
  fetchUnanswered: { name: string; owner: string; attempts: number };
  /** Nothing moved in any of the tries. */
  transferStalled: { name: string; attempts: number };
  /** All bytes came, but they are not the sender's. */
  digestMismatch: { name: string };
  /** The other side failed; `code` is theirs. */
  peerFailed: { name: string; code: string };
  portInUse: { port: number };
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

const NAME_PROBLEMS = {
  empty: 'A name needs at least one visible character besides dots.',
  tooLong: 'A name can have at most 64 characters.',
  invisibleCharacters: 'A name cannot hold invisible or control characters.',
} as const;

type Texts = { [Code in FailureCode]: (details: FailureDetails[Code]) => string };

/** What was tried, why it failed as far as known, and what to do next. */
const TEXTS: Texts = {
  nameTaken: ({ name }) => `The name ${name} belongs to somebody else at this registry. Choose another name.`,
  nameInvalid: ({ problem }) => NAME_PROBLEMS[problem],
  registryUrlInvalid: ({ url }) => `${url} is not a registry address. It looks like http://host:8000.`,
  registryUnreachable: ({ url }) =>
    `No registry answers at ${url}. Start one with "Hamta: Start Registry Server", or change the address in the settings.`,
  registryNonsense: ({ url, detail }) =>
    `What answers at ${url} is not a Hamta registry (${detail}). Check the address in the settings.`,
  registryRefused: ({ url, detail }) => `The registry at ${url} refused: ${detail}`,
  clockSkew: ({ skewMs }) =>
    `This computer's clock is ${Math.round(Math.abs(skewMs) / 1000)} s ${skewMs > 0 ? 'ahead of' : 'behind'} the registry's. Set the clock and try again.`,
  notSignedUp: () => 'Choose a name first: run "Hamta: Sign Up".',
  unknownUser: ({ name }) =>
    `Nobody is called ${name} at this registry. Check the spelling, or ask them to sign up.`,
  peerAway: ({ name }) =>
    `${name} is away: nothing answers at their address. Messages wait and go by themselves.`,
  otherKeyAnswers: ({ name }) =>
    `Somebody with another key answers at ${name}'s address, so nothing was sent. The address may be out of date: try again when ${name} is here.`,
  keyChanged: ({ name }) =>
    `Somebody with another key answers to the name ${name}. This may be a new computer, or an impostor. Nothing was sent; ask them on another channel.`,
  connectionRejected: ({ name }) => `${name} declined the connection. You can ask again later.`,
  connectionUnanswered: ({ name, seconds }) => `${name} did not answer in ${seconds} s. You can ask again.`,
  connectionCancelled: ({ name }) => `The connection to ${name} was cancelled.`,
  peerBlocked: ({ name }) => `${name} is blocked. Unblock them first.`,
  versionMismatch: ({ name, theirs, ours }) =>
    theirs > ours
      ? `${name} has a newer Hamta (protocol ${theirs}, here ${ours}). Update the extension.`
      : `${name} has an older Hamta (protocol ${theirs}, here ${ours}). They need to update it.`,
  notAccepted: ({ name }) => `You and ${name} are not connected yet. Connect first.`,
  textTooLong: ({ length, limit }) =>
    `The message has ${length} characters; one message can hold ${limit}. Send it as a file.`,
  textEmpty: () => 'There is nothing to send yet.',
  messageUnknown: () =>
    "Nothing was changed: this message was deleted, or it is somebody else's. Write a new one instead.",
  reactionInvalid: () => 'A reaction is one emoji. Choose one from the list.',
  tooManyReactions: ({ limit }) =>
    `You have given this message ${limit} reactions, as many as it can have. Take one back first.`,
  exportUnwritable: ({ path, detail }) =>
    `The conversation could not be written to ${path} (${detail}). Choose another place.`,
  fileUnreadable: ({ path, detail }) =>
    `${path} cannot be read (${detail}). Check that it exists and may be read.`,
  fileEmpty: ({ name }) => `${name} is empty (0 bytes), so there is nothing to send.`,
  fileTooLarge: ({ name, limit }) =>
    `${name} is larger than ${Math.floor(limit / 1e6)} MB, the most that can be sent.`,
  fileChanged: ({ name }) => `${name} changed while it was being sent. Send it again.`,
  folderUnwritable: ({ path, detail }) =>
    `Nothing can be saved in ${path} (${detail}). Choose another folder in the settings (hamta.downloadFolder).`,
  diskFull: ({ path }) => `The disk that holds ${path} is full. Make room and try again.`,
  pictureUnreadable: ({ name }) => `${name} is not a picture that can be read. Send it as a file.`,
  transferUnknown: () => 'This transfer is no longer known. Ask for the file again.',
  notAFile: ({ path }) => `${path} is not a file, so it cannot be shared. Choose the files in it instead.`,
  sharedTooMany: ({ limit }) =>
    `You can share ${limit} files at a time. Stop sharing some of them first, or pack them into one file.`,
  sharedUnknown: () => 'You do not share this file any more. The list shows what you share.',
  notShared: ({ name, owner }) =>
    `${owner} does not share ${name} with you any more. Ask them to share it again.`,
  sharedGone: ({ name, owner }) =>
    `${name} is not where it was on ${owner}'s computer: it was moved or deleted. Ask them to share it again.`,
  fetchRefused: ({ name, owner, code }) =>
    `${owner}'s computer cannot give ${name} now (${code}). Ask them to look at the file, then try again.`,
  fetchBusy: ({ owner }) =>
    `You are fetching much from ${owner} already. Wait until some of it is here, then try again.`,
  fetchUnanswered: ({ name, owner, attempts }) =>
    `${name} was not fetched: ${owner} did not answer in ${attempts} tries. Try again when they are connected.`,
  transferStalled: ({ name, attempts }) =>
    `${name} did not get through in ${attempts} tries: nothing arrives, neither over UDP nor over TCP. A firewall may block both; try again.`,
  digestMismatch: ({ name }) =>
    `${name} arrived damaged: its digest differs. It was not kept; send it again.`,
  peerFailed: ({ name, code }) => `${name} could not be taken on the other side (${code}). Try again.`,
  portInUse: ({ port }) =>
    `Port ${port} is in use by another program. Choose another port, or 0 for any free one.`,
  databaseUnusable: ({ path, detail }) => `Hamta's database at ${path} cannot be used (${detail}).`,
  databaseNewer: ({ path, version, known }) =>
    `Hamta was updated, and this window still runs the version before: it cannot read the database at ${path} (version ${version}, known here up to ${known}). Reload the window; if that does not help, update the extension.`,
  windowOutdated: ({ ours, engines }) =>
    `Hamta was updated to ${engines}, and this window still runs ${ours}. Reload the window to go on.`,
  pipeUnusable: ({ path, detail }) =>
    `Hamta cannot open its pipe at ${path} (${detail}), so no window can use it. Check the folder, then try again.`,
  identityUnusable: ({ path, detail }) =>
    `Your key at ${path} cannot be used (${detail}). It was left as it is, as others know you by it. Restore the file, or move it away to start as somebody new.`,
  engineGone: () => 'Hamta is starting again. Try once more in a moment.',
};

export function failureText(of: Failure): string {
  return (TEXTS[of.code] as (details: unknown) => string)(of.details);
}

export function isFailure(value: unknown): value is Failure {
  if (typeof value !== 'object' || value === null) return false;
  const { code, details } = value as Partial<Failure>;
  return (
    typeof code === 'string' && Object.hasOwn(TEXTS, code) && typeof details === 'object' && details !== null
  );
}
