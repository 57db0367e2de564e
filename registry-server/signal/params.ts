// The numbers of the signal socket, each with its unit and why. What engines must know too is in src/contract/signal.ts.

const KIB = 1_024;
const MIB = 1_024 * KIB;

/** A client signs within this, or is closed: a socket that says nothing costs nothing else. */
export const CHALLENGE_MS = 5_000;
/** How often deadlines of sockets are looked at, which are coarse, and whether others changed the store. */
export const SWEEP_MS = 500;

/** All of one instance: twice what is asked of it. About 20 KiB each. */
export const MAX_SOCKETS = 20_000;
/** Sockets of one address (or /64): a class and its teacher behind one router, twice. */
export const MAX_SOCKETS_PER_ADDRESS = 256;
/** Sockets that have not signed yet, of everybody and of one address: what a flood can hold at a time. */
export const MAX_STRANGERS = 2_000;
export const MAX_STRANGERS_PER_ADDRESS = 64;

/** Frames that one socket may send: watching 500 names takes 13 at once; relayed bytes have quotas of their own. */
export const FRAME_RATE = { perSecond: 20, burst: 100 };
/** Relay frames, however small: twice what RELAY_RATE_OF_KEY makes of datagrams. */
export const RELAY_FRAME_RATE = { perSecond: 3_000, burst: 6_000 };
/**
 * Pieces in which one frame may come: fragments (RFC 6455, section 5.4), or what was read of it at a time. An engine sends one, a thin
 * line makes some thirty of it. Each is an object here, so that a frame of single bytes would hold 2.4 MB.
 */
export const MAX_PIECES = 128;
/** Names that one socket may ask about: each may cost a question to the store. Six whole lists at once. */
export const NAME_RATE = { perSecond: 10, burst: 3_000 };

/** Changes of one name within this are one. Far below the second that is promised, long enough to gather. */
export const TICK_MS = 100;
/** Newcomers go to everybody who wants them, so that they are gathered longer … */
export const NEWCOMER_TICK_MS = 500;
/** … and are counted instead of named beyond so many. */
export const MAX_NEWCOMERS_TOLD = 32;
/** A question to the store that found it away is asked again after this. */
export const REREAD_MS = 1_000;
/** Questions to the store at a time: enough to fill its connection, not enough to keep others waiting. */
export const READS_AT_ONCE = 64;

/** A socket with more unread than this is not read at all: it is dropped, and comes back for the present state. */
export const MAX_UNREAD_BYTES = 512 * KIB;

/** Signals: a hole punch takes a handful. From one key, and between two. */
export const SIGNAL_RATE_OF_KEY = { perSecond: 10, burst: 60 };
export const SIGNAL_RATE_OF_PAIR = { perSecond: 4, burst: 30 };

/** Relay streams of one key (at either end) and of all: MAX_STREAMS windows in both directions are 128 MiB. */
export const MAX_STREAMS_OF_KEY = 8;
export const MAX_STREAMS = 512;
/** An offer that nobody answers. A program answers, not a person. */
export const OFFER_MS = 15_000;
/** A stream without a byte. */
export const IDLE_MS = 60_000;
/** Bytes per second between two keys, for one key, and of the instance; bursts hide the ticks of the timer. */
export const RELAY_RATE_OF_PAIR = { perSecond: 1 * MIB, burst: 512 * KIB };
export const RELAY_RATE_OF_KEY = { perSecond: 2 * MIB, burst: 1 * MIB };
export const RELAY_RATE_OF_ALL = { perSecond: 32 * MIB, burst: 8 * MIB };
/** … and a cap for one key that no patience helps over: 1 GiB at once, then as much per day. */
export const RELAY_CAP_OF_KEY = { perSecond: (1_024 * MIB) / 86_400, burst: 1_024 * MIB };
/** Frames that may wait in one direction of a stream, however small they are. */
export const MAX_QUEUED_FRAMES = 1_024;
/** Bytes handed to one socket and not yet to the system: below this, streams take turns there. */
export const RELAY_IN_FLIGHT_BYTES = 64 * KIB;
