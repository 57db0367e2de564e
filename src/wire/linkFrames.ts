// What two engines say to each other on a link, one JSON object per frame (frame.ts), told apart by `kind`.
//
// The numbers and words of the protocol stand here and nowhere else; they are never reused for another meaning.
// Later versions may add kinds and fields: a kind of frame that is not known is skipped, a field that is not known is
// dropped, and an entry whose body is not known is kept whole, since its number must be stored and acknowledged.

import * as v from 'valibot';
import { LAST_MOMENT } from '../base/clock.ts';
import { DecodeError } from './decodeError.ts';
import { encodeFrame } from './frame.ts';

/** The major version. Two engines with different ones do not talk. */
export const LINK_VERSION = 1;

/** UTF-16 units; escaped as JSON at worst 6 bytes each, so that every entry fits a frame. */
export const MAX_ENTRY_TEXT = 32_768;
/** Of the picture's bytes, before base64. */
export const MAX_THUMBNAIL_BYTES = 24 * 1024;
/** UTF-16 units; an emoji of several code points fits. */
const MAX_REACTION = 32;
/** In `shared`. With names of 255 characters at worst they fill three quarters of a frame. */
export const MAX_SHARED = 200;
/** In `ready`: of the blocks behind the first that is missing. */
export const MAX_HAVE_RANGES = 64;
/** Said in a hello's `capabilities`: takes and sends files over bulk connections, too (bulkFrame.ts). */
export const TLS_CARRIER = 'tlsCarrier';
/** Objects and arrays inside each other in a body that is not known. A bound for whoever walks or stores it. */
export const MAX_BODY_DEPTH = 32;

const hex = (digits: number) => v.pipe(v.string(), v.regex(new RegExp(`^[0-9a-f]{${digits}}$`)));
const whole = (least: number, most: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most));
const base64 = (bytes: number) => v.pipe(v.string(), v.maxLength(4 * Math.ceil(bytes / 3)), v.regex(BASE64));
const word = v.pipe(v.string(), v.regex(/^[A-Za-z][A-Za-z0-9.-]{0,63}$/));

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
/** RFC 6838 section 4.2, without parameters. */
const MEDIA_TYPE = /^[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}\/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}$/;

/** The place of an entry among its writer's entries in this conversation: 1, 2, 3 … without gaps. 0 means none. */
const number = whole(1, Number.MAX_SAFE_INTEGER);
const count = whole(0, Number.MAX_SAFE_INTEGER);
/** Ms since the epoch. */
const time = whole(0, LAST_MOMENT);
/** The longest side that a PNG can have. */
const side = whole(1, 2 ** 31 - 1);
const transferId = hex(32);
const session = hex(16);
const block = whole(0, 2 ** 32 - 1);

const SHARED_ITEM = v.object({
  id: hex(32),
  /** As its owner calls it; not yet safe for a disk. */
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(255)),
  mediaType: v.pipe(v.string(), v.regex(MEDIA_TYPE)),
  sizeBytes: count,
  /** The file's time of change. */
  modifiedAt: time,
});

const BODIES = {
  text: v.object({
    kind: v.literal('text'),
    text: v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_ENTRY_TEXT)),
    /** The id of the entry that this one answers, of either writer. */
    replyTo: v.exactOptional(hex(32)),
  }),
  /** The writer's own text entry says this now. */
  edit: v.object({
    kind: v.literal('edit'),
    entryId: hex(32),
    text: v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_ENTRY_TEXT)),
  }),
  /** The writer takes back an entry of its own: what it said is to be forgotten. */
  delete: v.object({ kind: v.literal('delete'), entryId: hex(32) }),
  /** In the place of an entry that was taken back before it was known to have arrived, or is lost: numbers have no gaps. */
  withdrawn: v.object({ kind: v.literal('withdrawn') }),
  /** To an entry of either writer. `on: false` takes the reaction back. */
  react: v.object({
    kind: v.literal('react'),
    entryId: hex(32),
    emoji: v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_REACTION)),
    on: v.boolean(),
  }),
  /** The writer has a file for the reader. Nothing moves before the `answer`. */
  offer: v.object({
    kind: v.literal('offer'),
    transferId,
    /** As the writer calls it; not yet safe for a disk. */
    name: v.pipe(v.string(), v.minLength(1), v.maxLength(255)),
    mediaType: v.pipe(v.string(), v.regex(MEDIA_TYPE)),
    sizeBytes: whole(1, Number.MAX_SAFE_INTEGER),
    width: v.exactOptional(side),
    height: v.exactOptional(side),
    /** ThumbHash, at most 25 bytes. */
    placeholder: v.exactOptional(base64(32)),
    /** A small JPEG or PNG. */
    thumbnail: v.exactOptional(base64(MAX_THUMBNAIL_BYTES)),
    /** The reader has asked for it with `fetch`: the id of the shared item. */
    itemId: v.exactOptional(hex(32)),
  }),
  answer: v.object({ kind: v.literal('answer'), transferId, accepted: v.boolean() }),
  cancel: v.object({ kind: v.literal('cancel'), transferId }),
  /** The receiver has verified and saved the file. `sha256` is over the SHA-256s of its blocks of 64 KiB. */
  complete: v.object({ kind: v.literal('complete'), transferId, sha256: hex(64) }),
  /** The writer cannot go on; `code` is a failure code of its version. */
  failed: v.object({ kind: v.literal('failed'), transferId, code: word }),
} as const;

type KnownBody = { [Kind in keyof typeof BODIES]: v.InferOutput<(typeof BODIES)[Kind]> }[keyof typeof BODIES];

/** A body of a later version, to be stored as it is; `original.kind` is its kind. */
export interface UnknownBody {
  kind: 'unknown';
  original: Readonly<Record<string, unknown>>;
}

export type EntryBody = KnownBody | UnknownBody;

/** One numbered thing that a writer says to a reader: stored by both, sent until it is acknowledged. */
export interface Entry {
  readonly number: number;
  /** Chosen by the writer: 32 hexadecimal digits. */
  readonly id: string;
  /** The writer's clock, ms since the epoch. */
  readonly at: number;
  readonly body: EntryBody;
}

/** Why a question about connecting ended without a yes. `busy`: too many are asking already. */
export const REJECT_REASONS = ['declined', 'unanswered', 'blocked', 'busy'] as const;
export type RejectReason = (typeof REJECT_REASONS)[number];

/** Why a link ends, said to the other side as the last frame. What is not known reads as `other`. */
export const CLOSE_REASONS = [
  /** My person disconnected. */
  'disconnected',
  /** My engine stops; another may take over at once. */
  'stopping',
  /** Another link with you stays. */
  'duplicate',
  /** The major versions differ. */
  'version',
  /** You said what the protocol does not allow. */
  'protocol',
  /** A number of yours is missing between what I have and what you sent. */
  'gap',
  /** You have more entries of mine than I wrote. */
  'ahead',
  /** Nothing came from you for too long. */
  'silent',
  /** Neither of us has accepted the other. */
  'notAccepted',
  'other',
] as const;
export type CloseReasonWord = (typeof CLOSE_REASONS)[number];

const FRAMES = {
  /** The first frame of both sides. */
  hello: v.object({
    kind: v.literal('hello'),
    version: v.literal(LINK_VERSION),
    /** Whether it is a name people may have is the reader's to check. */
    name: v.pipe(v.string(), v.minLength(1), v.maxLength(256)),
    /** Random at each start of the engine: tells a restart from a second link. */
    instance: hex(16),
    /** Where the writer's engine takes datagrams. */
    udpPort: whole(1, 65_535),
    /** … and connections. */
    tcpPort: v.exactOptional(whole(1, 65_535)),
    /** The writer's person has accepted the reader's. */
    accepts: v.boolean(),
    /** The highest number of the reader's entries that the writer has stored; it has all below, too. */
    received: count,
    /** The id of that entry: another one than its writer has under the number means that the writer's store was put back. */
    receivedId: v.exactOptional(hex(32)),
    /** The highest number of the reader's entries that the writer's person has seen. Never above `received`. */
    read: count,
    capabilities: v.pipe(v.array(word), v.maxLength(32)),
  }),
  /** My person has accepted you: after a hello that said `accepts: false`. The writer is up when it writes this. */
  accept: v.object({ kind: v.literal('accept') }),
  reject: v.object({
    kind: v.literal('reject'),
    reason: v.fallback(v.picklist(REJECT_REASONS), 'declined'),
  }),
  /** All of your entries up to and including `upTo` are stored. */
  received: v.object({ kind: v.literal('received'), upTo: number }),
  /** … and seen. Never above what `received` said. */
  read: v.object({ kind: v.literal('read'), upTo: number }),
  /** The receiver of a transfer is ready for its blocks, from block `firstBlock` on. Forgotten with the link. */
  ready: v.object({
    kind: v.literal('ready'),
    transferId,
    session,
    firstBlock: block,
    /** It has these, too: blocks from `start` up to, not including, `end`. */
    have: v.exactOptional(
      v.pipe(v.array(v.object({ start: block, end: block })), v.maxLength(MAX_HAVE_RANGES)),
    ),
    /** The road that the blocks shall take; by datagrams when nothing is said. `tls` only to those who can (TLS_CARRIER). */
    carrier: v.exactOptional(v.picklist(['udp', 'tls'])),
    /** Which of the receiver's tries this is; one when nothing is said. */
    attempt: v.exactOptional(whole(1, 255)),
  }),
  /** The sender of a transfer has read the whole file. Forgotten with the link. */
  digest: v.object({ kind: v.literal('digest'), transferId, session, sha256: hex(64) }),
  /** The sender of a transfer has nothing on its way, as its own disk is not done. Said again and again; forgotten at once. */
  reading: v.object({ kind: v.literal('reading'), transferId, session }),
  /** My person is writing something, or has stopped. Forgotten soon, and with the link. */
  typing: v.object({ kind: v.literal('typing'), on: v.boolean() }),
  /** All that the writer shares with the reader now. Forgotten with the link. */
  shared: v.object({
    kind: v.literal('shared'),
    items: v.pipe(v.array(SHARED_ITEM), v.maxLength(MAX_SHARED)),
  }),
  /** The writer wants a shared item of the reader's, as the transfer of this id; asked again it means the same. */
  fetch: v.object({ kind: v.literal('fetch'), itemId: hex(32), transferId }),
  /** … and will not get it; `code` is a failure code of the owner's version. */
  fetchRefused: v.object({ kind: v.literal('fetchRefused'), transferId, code: word }),
  ping: v.object({ kind: v.literal('ping'), id: whole(0, 2 ** 32 - 1) }),
  pong: v.object({ kind: v.literal('pong'), id: whole(0, 2 ** 32 - 1) }),
  /** The last frame. */
  close: v.object({ kind: v.literal('close'), reason: v.fallback(v.picklist(CLOSE_REASONS), 'other') }),
} as const;

type PlainFrame = {
  [Kind in keyof typeof FRAMES]: v.InferOutput<(typeof FRAMES)[Kind]>;
}[keyof typeof FRAMES];

export type Hello = v.InferOutput<typeof FRAMES.hello>;
export type EntryFrame = { readonly kind: 'entry' } & Entry;
export type LinkFrame = PlainFrame | EntryFrame;

/** A hello of another major version, of which nothing but the version can be understood. */
export interface ForeignHello {
  readonly kind: 'foreignHello';
  readonly version: number;
}

const ENVELOPE = v.object({
  kind: v.literal('entry'),
  number,
  id: hex(32),
  at: time,
  body: v.looseObject({ kind: word }),
});
const VERSION = v.object({ version: whole(1, 65_535) });

/** The bytes of a whole frame, length included. */
export function encodeLinkFrame(frame: LinkFrame): Uint8Array {
  if (frame.kind !== 'entry') return encodeFrame(frame);
  const { number, id, at, body } = frame;
  return encodeFrame({ kind: 'entry', number, id, at, body: body.kind === 'unknown' ? body.original : body });
}

/**
 * The frame in `json`, or undefined for a kind that is not known (skip it). Throws a DecodeError naming the place for
 * anything else. Takes over nothing that was not checked, except the `original` of an unknown body.
 */
export function decodeLinkFrame(json: unknown): LinkFrame | ForeignHello | undefined {
  const kind = kindOf(json);
  if (kind === 'entry') return decodeEntry(json);
  if (kind === 'hello') return decodeHello(json);
  return Object.hasOwn(FRAMES, kind) ? parse(kind, FRAMES[kind as keyof typeof FRAMES], json) : undefined;
}

function kindOf(json: unknown): string {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw problem('frame', 'is no object');
  const { kind } = json as { kind?: unknown };
  if (typeof kind !== 'string') throw problem('frame.kind', 'is no text');
  return kind;
}

/** The version is looked at first: all else may look different in another one. */
function decodeHello(json: unknown): Hello | ForeignHello {
  const { version } = parse('hello', VERSION, json);
  if (version !== LINK_VERSION) return { kind: 'foreignHello', version };
  const hello = parse('hello', FRAMES.hello, json);
  if (hello.read > hello.received) throw problem('hello.read', 'is above received');
  return hello;
}

function decodeEntry(json: unknown): EntryFrame {
  const { body, ...rest } = parse('entry', ENVELOPE, json);
  return { ...rest, body: decodeEntryBody(body) };
}

/** A body as it stands in an entry or in a store. Throws a DecodeError; a kind that is not known is kept whole. */
export function decodeEntryBody(json: Readonly<Record<string, unknown>>): EntryBody {
  const kind = kindOf(json);
  if (Object.hasOwn(BODIES, kind)) return parse('entry.body', BODIES[kind as keyof typeof BODIES], json);
  if (!isShallow(json)) throw problem('entry.body', `is nested deeper than ${MAX_BODY_DEPTH}`);
  return { kind: 'unknown', original: json };
}

/** Goes level by level, not by recursion, which a hostile body could make overflow. */
function isShallow(json: unknown): boolean {
  let level: object[] = [json].filter(isObject);
  for (let depth = 0; depth < MAX_BODY_DEPTH && level.length > 0; depth++)
    level = level.flatMap((value) => Object.values(value).filter(isObject));
  return level.length === 0;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function parse<Schema extends v.GenericSchema>(
  place: string,
  schema: Schema,
  json: unknown,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, json, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = v.getDotPath(issue);
  // Not `issue.message`, which repeats what the peer wrote.
  throw problem(path === null ? place : `${place}.${path}`, `expected ${issue.expected ?? issue.type}`);
}

function problem(place: string, text: string): DecodeError {
  return new DecodeError(place, -1, text);
}
