// The text frames of `WS /v1/signal` between an engine and a registry server, one JSON object each. Both sides check what they
// receive with these shapes. Binary frames are the relay's: wire/relayFrame.ts.

import * as v from 'valibot';
import { LAST_MOMENT } from '../base/clock.ts';
import { nameProblem } from './names.ts';

export const SIGNAL_PATH = '/v1/signal';
/** The largest frame that a registry takes, text or binary. */
export const MAX_CLIENT_FRAME_BYTES = 16 * 1_024;
/** … and the largest that an engine takes: MAX_PEOPLE_IN_FRAME with the longest names fit well. */
export const MAX_SERVER_FRAME_BYTES = 64 * 1_024;
/** Names that one socket may watch. */
export const MAX_WATCHED = 500;
/** So many of the longest names fit into one frame of MAX_CLIENT_FRAME_BYTES. */
export const MAX_NAMES_IN_FRAME = 40;
export const MAX_PEOPLE_IN_FRAME = 100;
/** In UTF-8 bytes. */
const MAX_SIGNAL_BYTES = 4_096;
/** The client says something at least this often, for a browser's socket cannot send WebSocket pings … */
export const SIGNAL_PING_MS = 30_000;
/** … and whoever hears nothing for this long takes the socket for dead: two pings and some. */
export const SIGNAL_DEAD_MS = 75_000;
/** Bytes that may be under way in one direction of a relay stream before the registry has credited them. */
export const RELAY_WINDOW_BYTES = 128 * 1_024;

/** Why the registry closes a socket: the code of the WebSocket close frame (RFC 6455, section 7.4.2: 4000 and up are ours). */
export const SIGNAL_CLOSE = {
  stopping: 1001,
  tooLarge: 1009,
  malformed: 4400,
  unauthenticated: 4401,
  silent: 4408,
  replaced: 4409,
  tooMuch: 4429,
} as const;

const name = v.pipe(
  v.string(),
  v.maxLength(256),
  v.check((text) => nameProblem(text) === undefined, 'is not a name'),
);
export const FingerprintText = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const base64 = v.pipe(v.string(), v.maxLength(256), v.regex(/^[A-Za-z0-9+/]+={0,2}$/));
const time = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(LAST_MOMENT));
/** The client's own number for a question; the answer carries it. */
const id = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffff_ffff));
/** What the registry said last of a name, in one word: equal versions are equal news. */
const version = v.pipe(v.string(), v.maxLength(16));
/** What two engines say to each other; nobody in between understands it. */
export const SignalBody = v.pipe(v.string(), v.maxBytes(MAX_SIGNAL_BYTES));

/** A name and what is true of it now; nobody has the name when there is no holder. */
export const WatchedName = v.object({
  /** As its holder writes it; as it was asked for when nobody has it. */
  name,
  version,
  holder: v.optional(v.object({ fingerprint: FingerprintText, online: v.boolean(), lastSeenAt: time })),
});
export type WatchedName = v.InferOutput<typeof WatchedName>;

/** What is wrong with a signal or a relay stream. */
const SIGNAL_REASONS = [
  /** No socket of this key is there, on any instance. */
  'offline',
  /** The other socket is on another instance of the registry, where this one cannot relay to. */
  'elsewhere',
  'tooMuch',
  'refused',
  'unanswered',
  /** More bytes than the window has room for. */
  'overrun',
  'idle',
  'quota',
  'closed',
] as const;
const reason = v.picklist(SIGNAL_REASONS);
export type SignalReason = (typeof SIGNAL_REASONS)[number];

/** Engine to registry. */
export const ClientFrame = v.variant('kind', [
  /** The answer to the challenge; the signature is over wire/signalChallenge.ts. */
  v.object({ kind: v.literal('answer'), publicKey: base64, signature: base64 }),
  /** More and fewer names to hear of. `have` says what is known already: only what differs is told. */
  v.object({
    kind: v.literal('watch'),
    id,
    add: v.pipe(v.array(v.object({ name, have: v.optional(version) })), v.maxLength(MAX_NAMES_IN_FRAME)),
    remove: v.pipe(v.array(name), v.maxLength(MAX_NAMES_IN_FRAME)),
    /** Whether to hear of names that are taken for the first time; as before when it is left out. */
    newcomers: v.optional(v.boolean()),
  }),
  v.object({ kind: v.literal('signal'), id, to: FingerprintText, body: SignalBody }),
  v.object({ kind: v.literal('relayOpen'), id, to: FingerprintText }),
  v.object({ kind: v.literal('relayAccept'), stream: id }),
  /** Refuses an offer or ends a stream. */
  v.object({ kind: v.literal('relayClose'), stream: id }),
  v.object({ kind: v.literal('ping') }),
]);
export type ClientFrame = v.InferOutput<typeof ClientFrame>;

/** Registry to engine. */
export const ServerFrame = v.variant('kind', [
  /** `host` is what the client asked for in its Host header: it signs only for the host that it dialled. */
  v.object({ kind: v.literal('challenge'), challenge: base64, host: v.pipe(v.string(), v.maxLength(300)) }),
  v.object({ kind: v.literal('welcome'), fingerprint: FingerprintText }),
  /** News of watched names: first what is true when the watch begins, then each change. */
  v.object({
    kind: v.literal('people'),
    people: v.pipe(v.array(WatchedName), v.maxLength(MAX_PEOPLE_IN_FRAME)),
  }),
  /** Everything of the watches up to this one has been told. */
  v.object({ kind: v.literal('present'), id }),
  /** Names taken for the first time; `more` when there were more than are told. */
  v.object({
    kind: v.literal('newcomers'),
    people: v.pipe(v.array(WatchedName), v.maxLength(MAX_PEOPLE_IN_FRAME)),
    more: v.boolean(),
  }),
  /** The registry's own news may be missing some … */
  v.object({ kind: v.literal('stale') }),
  /** … and now everything has been told again. */
  v.object({ kind: v.literal('fresh') }),
  v.object({ kind: v.literal('signal'), from: FingerprintText, body: SignalBody }),
  v.object({ kind: v.literal('undeliverable'), id, reason }),
  v.object({ kind: v.literal('relayOffer'), stream: id, from: FingerprintText }),
  /** To the one who asked: frames with this number may flow. */
  v.object({ kind: v.literal('relayOpened'), id, stream: id }),
  v.object({ kind: v.literal('relayRefused'), id, reason }),
  /** So many more bytes may be sent. */
  v.object({ kind: v.literal('relayCredit'), stream: id, bytes: id }),
  v.object({ kind: v.literal('relayClosed'), stream: id, reason }),
  v.object({ kind: v.literal('pong') }),
]);
export type ServerFrame = v.InferOutput<typeof ServerFrame>;

/** The frame in `text`, or undefined when it is none of the shape's. Total. */
export function parseFrame<Schema extends v.GenericSchema>(
  schema: Schema,
  text: string,
): v.InferOutput<Schema> | undefined {
  try {
    // One mistake is enough: a frame of 16 KiB can hold thousands.
    const result = v.safeParse(schema, JSON.parse(text), { abortEarly: true });
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}
