// The HTTP bodies between an engine and a registry server. Both sides check what they receive with these shapes.

import * as v from 'valibot';
import { LAST_MOMENT } from '../base/clock.ts';
import { nameProblem } from './names.ts';

/** A registration lives this long without a refresh. */
export const LEASE_MS = 90_000;
/** How often an engine refreshes: three tries within a lease. */
export const HEARTBEAT_MS = 30_000;
/** A name stays bound to its key for this long after it was last seen. */
export const BINDING_MS = 30 * 24 * 3_600_000;
/** How far a record's time may be from the registry's clock. */
export const MAX_SKEW_MS = 5 * 60_000;
/** The most names in one page of the directory. */
export const MAX_PAGE = 100;

const name = v.pipe(
  v.string(),
  v.maxLength(256),
  v.check((text) => nameProblem(text) === undefined, 'is not a name'),
);
const port = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535));
/** An IPv4 or IPv6 address as text, without a zone; hosts are dialled, never resolved, so names have no place here. */
const host = v.pipe(v.string(), v.maxLength(45), v.regex(/^[0-9a-fA-F.:]+$/), v.ip());
const base64 = v.pipe(v.string(), v.maxLength(256), v.regex(/^[A-Za-z0-9+/]+={0,2}$/));
const time = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(LAST_MOMENT));

/** What a peer says of itself and signs (wire/signedRecord.ts). */
export const PeerRecord = v.object({
  name,
  /** SubjectPublicKeyInfo, DER, base64; its SHA-256 is the fingerprint. P-256. */
  publicKey: base64,
  /** Best first. */
  addresses: v.pipe(v.array(host), v.maxLength(16)),
  tcpPort: port,
  udpPort: port,
  /** The peer's clock when it signed; must be later than that of the record it replaces, so that nothing can be replayed. */
  time,
  nonce: base64,
});
export type PeerRecord = v.InferOutput<typeof PeerRecord>;

/** `PUT /v1/peers/:name`. */
export const RegisterBody = v.object({ record: PeerRecord, signature: base64 });
export type RegisterBody = v.InferOutput<typeof RegisterBody>;

/**
 * `DELETE /v1/peers/:name`: ends the lease, keeps the binding. With `?release=1`, and signed as a release
 * (wire/signedRecord.ts), it ends the binding too.
 */
export const SignOffBody = v.object({
  record: v.object({ name, publicKey: base64, time, nonce: base64 }),
  signature: base64,
});
export type SignOffBody = v.InferOutput<typeof SignOffBody>;

/** The answer to a registration. */
export const RegisterAnswer = v.object({
  /** The address that the registry saw the request come from. */
  observedAddress: host,
  leaseMs: v.pipe(v.number(), v.integer(), v.minValue(1_000), v.maxValue(86_400_000)),
  /**
   * UDP ports of the registry's host where STUN answers (RFC 8489), as it bound them. Whoever is seen differently at the
   * second is behind a router that looks at where it sends.
   */
  stunPorts: v.optional(v.pipe(v.array(port), v.minLength(1), v.maxLength(2))),
});
export type RegisterAnswer = v.InferOutput<typeof RegisterAnswer>;

/** `GET /v1/peers/:name`. Check the signature before believing any of it. */
export const PeerAnswer = v.object({
  record: PeerRecord,
  signature: base64,
  observedAddress: v.optional(host),
  online: v.boolean(),
  lastSeenAt: time,
});
export type PeerAnswer = v.InferOutput<typeof PeerAnswer>;

/** `GET /v1/peers?prefix=&cursor=&limit=`: names in order, with presence; `cursor` for the next page while there is one. */
export const PageAnswer = v.object({
  peers: v.pipe(
    v.array(
      v.object({
        name,
        fingerprint: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
        online: v.boolean(),
        lastSeenAt: time,
      }),
    ),
    v.maxLength(MAX_PAGE),
  ),
  cursor: v.optional(v.pipe(v.string(), v.maxLength(512))),
});
export type PageAnswer = v.InferOutput<typeof PageAnswer>;

/** The `type` of each problem (RFC 9457): exactly this word, a relative reference. Compare it, never the sentences. */
export const PROBLEM_TYPES = [
  'bad-request',
  'name-taken',
  'not-found',
  'bad-signature',
  'stale-record',
  'clock-skew',
  'wrong-method',
  'wrong-content-type',
  'too-large',
  'too-many-requests',
  'store-away',
  'internal',
] as const;
export type ProblemType = (typeof PROBLEM_TYPES)[number];

/** `application/problem+json`. */
export const Problem = v.object({
  type: v.pipe(v.string(), v.maxLength(200)),
  title: v.pipe(v.string(), v.maxLength(500)),
  status: v.number(),
  detail: v.optional(v.pipe(v.string(), v.maxLength(2_000))),
  /** With `name-taken`: when the binding ends if its owner stays away, ms since the epoch. */
  freeAt: v.optional(time),
  /** With `clock-skew`: the registry's clock. */
  serverTime: v.optional(time),
  /** With `stale-record`: the time of the record that stands, or of the release; a new one must be later. */
  newerThan: v.optional(time),
});
export type Problem = v.InferOutput<typeof Problem>;
