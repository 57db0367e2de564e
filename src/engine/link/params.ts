// The numbers of the link, each with its reason.

import type { Millis } from '../../base/clock.ts';

/** TLS is done when a link starts, so that a hello needs one trip; more is a stranger holding a socket. */
export const GREETING_MS: Millis = 10_000;
/** How long a person has to say whether somebody may connect. */
export const ANSWER_MS: Millis = 60_000;
/** The side that waits gives the other's `unanswered` this much longer to arrive. */
export const WAITING_MS: Millis = 65_000;
/** A ping goes after this long without a frame from the peer: within the shortest timeouts of home routers. */
export const PING_MS: Millis = 15_000;
/** A peer that was not heard for three pings is gone. */
export const SILENT_MS: Millis = 45_000;
/** … and where there is reason to doubt, after this long: a trip on a bad line, with what is lost on it sent again. */
export const PROBE_MS: Millis = 4_000;
/** What is read so soon after a sleep may have come before it. */
export const OLD_NEWS_MS: Millis = 1_000;

/** Entries that were sent and not yet acknowledged. Both sides hold to it: more is a protocol error. */
export const MAX_IN_FLIGHT = 256;
/** Entries asked of the store at once. */
export const MAX_BATCH = 64;

/** Two links that came up closer together than this were dialled at once. */
export const CROSSING_MS: Millis = 5_000;

/**
 * The waits between dials: 1 s, 1.5 s, 2.3 s … 5 min, each with jitter: about a third of the time that it did not work. Who comes,
 * moves, or dials themselves is not waited for: what is left are roads that open without a sign.
 */
export const REDIAL = { firstMs: 1_000, ceilingMs: 300_000, factor: 1.5 } as const;
