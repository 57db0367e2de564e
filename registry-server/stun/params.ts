// The numbers of the STUN server, each with its unit and reason.

import type { RateLimits } from '../rateLimit.ts';

/** An answer is at most so many times its request: whoever lies about the sender wins little (RFC 8489, section 16.2.3). */
export const MAX_AMPLIFICATION = 3;

/** A client asks once or twice when it comes and then every half minute or so; a class of 100 may be behind one router. */
export const STUN_RATE_LIMITS: RateLimits = { requestsPerSecond: 50, burst: 200, limitLoopback: false };

/** Answers that the system does not take at once are lost, as datagrams may be. Some hundreds of them fit. */
export const MAX_SEND_QUEUE_BYTES = 64 * 1_024;

/** Without a version: whoever looks for a hole in one learns nothing. */
export const SOFTWARE = 'Hamta';
