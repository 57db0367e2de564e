// The constants of the protocol, each with its unit and its reason. Those that both ends must share are marked so.

import { MAX_DATA_BYTES } from '../../wire/dataDatagram.ts';

/** Shared: the plaintext of a block, in bytes; the last one may be shorter. Large enough that sealing costs little for each byte. */
export const BLOCK_BYTES = 64 * 1024;
/** Shared: AES-GCM's tag, in bytes. */
export const TAG_BYTES = 16;

/** Default UDP payload, in bytes: an Ethernet frame less IPv6 and UDP headers. More is fragmented, and fragments are a trap. */
export const DATAGRAM_BYTES = 1452;
/** For loopback and paths known to carry it: a sealed block in two datagrams, header and checksum included. */
export const LARGE_DATAGRAM_BYTES = MAX_DATA_BYTES;
/** Shared: pieces but the last of a block have at least this many bytes: a bound on the pieces that a block may lie in. */
export const MIN_PIECE_BYTES = 512;

/** The most that either end holds of a transfer: 16 MiB, which fills 1 Gbit/s at 130 ms. */
export const WINDOW_BLOCKS = 256;
/** Buffers of sealed blocks that an engine keeps for later: 4 MiB, more than is in flight on short paths. */
export const KEPT_BLOCKS = 64;
/** Before the receiver has said how far: 1 MiB, more than the first flight. */
export const FIRST_LIMIT_BLOCKS = 16;
/** Read and sealed ahead of sending: 1 MiB, some milliseconds of the fastest path. */
export const READ_AHEAD_BLOCKS = 16;

/** A file of no more bytes is soon over, and somebody waits for it: it goes first. 1 MiB. */
export const SMALL_BYTES = 1024 * 1024;

/** Sent in one turn, so that the event loop gets to read: 64 datagrams fit the smallest default socket buffer (208 KiB). */
export const BURST_DATAGRAMS = 64;
/** The same for large datagrams, in bytes. */
export const BURST_BYTES = 256 * 1024;

/** RFC 9002 section 6.1.1. */
export const PACKET_THRESHOLD = 3;
/** Reordering by more than this is not told from loss, in datagrams. */
export const MAX_PACKET_THRESHOLD = 512;
/** RFC 9002 section 6.1.2. */
export const TIME_THRESHOLD = 9 / 8;
/** RFC 9002 section 6.1.2: what timers can tell apart, in ms. */
export const GRANULARITY_MS = 1;
/**
 * Before any sample; RFC 9002 has 333. With this, a first flight that was lost is asked after and sent again before the receiver takes the
 * road for blocked (SILENT_MS), and over a line of 40 kbit/s nothing is asked after before its first answer can be there.
 */
export const FIRST_RTT_MS = 200;
/** A probe waits no longer than this, in ms, however often it was not answered, where an answer takes no longer itself. */
export const MAX_PROBE_MS = 1000;
/** Datagrams of a probe at most: the tail of a picture is worth more than the few bytes. */
export const PROBE_DATAGRAMS = 8;
/** … and at least, the same piece twice if need be: one is easily lost (RFC 9002 section 6.2.4). */
export const MIN_PROBE_DATAGRAMS = 2;
/** A timer that fires later than this, in ms, says that the process did not run; what came in meanwhile is read first. */
export const LATE_MS = 5;

/** An ACK for so many datagrams: each costs both ends a system call. */
export const ACK_DATAGRAMS = 32;
/** The same for large datagrams, in bytes. */
export const ACK_BYTES = 128 * 1024;
/** An ACK waits no longer than this, in ms. */
export const ACK_DELAY_MS = 1;
/** ACKs about holes are this far apart, in ms, so that heavy reordering does not make one for each datagram. */
export const ACK_SPACING_MS = 0.25;
/** An ACK is no more than so many times as long as what it answers (RFC 9000 section 8). */
export const ANSWER_TIMES = 3;
/** What the sender allows for the receiver's delay, in ms: ACK_DELAY_MS and a busy event loop. */
export const MAX_ACK_DELAY_MS = 6;

/** Without news for this long, in ms, the session is over; the link may start another. */
export const STALL_MS = 10_000;
/** … but not before so many probes: a computer that slept has not tried. */
export const STALL_PROBES = 3;
/** A receiver that hears nothing says what it has after so many ms, and then after twice as many. */
export const FIRST_NUDGE_MS = 250;
/** … but not less often than this, in ms: ten times before patience ends, as some are lost. */
export const MAX_NUDGE_MS = 1000;
/** The receiver answers duplicates this long after the end, in ms: as long as the sender can wait. */
export const LINGER_MS = STALL_MS;
/** A timer that is this late, in ms, fired after a sleep. */
export const SLEPT_MS = 2000;
/** Shared: after so many wrong tags in a session, somebody on the path forges, and only pieces sealed by themselves are sent and taken. */
export const DAMAGES_UNTIL_SINGLY = 3;
/** Probes without an answer until a short datagram is tried: the path may swallow long ones. */
export const PROBES_UNTIL_DOUBT = 2;
/** So many at a time, and as many acknowledgements: radios lose what is close together. */
export const SHORT_PROBES = 3;
/** How often a block's tag may be wrong. */
export const BLOCK_TRIES = 3;
