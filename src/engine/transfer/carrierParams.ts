// The constants of the two carriers and of the choice between them, each with its unit and its reason.

import type { Millis } from '../../base/clock.ts';

// ---- the choice

/** Without a block for this long, in ms, a carrier is left: with the next one's start it stays below two seconds. */
export const SILENT_MS: Millis = 1_200;
/** … until the first block of a connection, which has to be made and agreed on: six round trips, so this is enough for 250 ms of them. */
export const MEETING_MS: Millis = 1_600;
/** A try: in this time, in ms, no carrier has brought anything. As long as a session of datagrams waits (STALL_MS). */
export const TRY_MS: Millis = 10_000;
/** Blocks that come one by one over a thin line: silence is so many times the time between two of them. */
export const SILENT_GAPS = 4;
/** Between two words about what comes of blocks that are not whole, in ms: no block has become whole meanwhile. */
export const PART_NEWS_MS: Millis = 250;
/** Changes of the carrier in one transfer and over one link; beyond them only a whole try without a block makes another, or a break. */
export const MAX_SWITCHES = 24;
/** The first blocks of a carrier come while it still feels its way: they say nothing about its rate. In ms. */
export const WARM_UP_MS: Millis = 300;
/** Over this time, in ms, a rate is measured. With the warm-up a second. */
export const MEASURE_MS: Millis = 700;
/** What is left at the rate of now, in ms, must be more than this, or a trial of the other carrier is not worth its cost. */
export const WORTH_A_TRIAL_MS: Millis = 3_000;
/** The other carrier must have been so many times faster, or they are level. One that becomes so much faster itself is at its start. */
export const CLEARLY_FASTER = 1.5;
/** Of the other carrier for its speed, in one transfer and over one link. */
export const MAX_TRIALS = 3;
/** One more of either may be made after so many ms: a file may take hours, and a trial costs a second of the slower carrier at most. */
export const CHANGE_AGAIN_MS: Millis = 60_000;
/** Blocks that wait for the disk: it is the disk that is slow, and no other carrier helps. */
export const DISK_BOUND_BLOCKS = 16;
/** How long a rate is remembered, in ms. */
export const REMEMBER_MS: Millis = 600_000;
/** A timer that is this late, in ms, says that the process did not run; what came meanwhile is read first, */
export const CHOICE_LATE_MS: Millis = 20;
/** … which has so much time, in ms. */
export const CHOICE_GRACE_MS: Millis = 100;

// ---- the sender's own reads

/** While everything waits for a read, the sender says so this often, in ms: with a long round trip before SILENT_MS is over. */
export const READING_MS: Millis = 250;
/** A call to a disk that takes longer than this, in ms, has failed, at either end: disks wake up and placeholders are fetched in less. */
export const LONGEST_DISK_CALL_MS: Millis = 120_000;
/** The receiver believes that word no longer than this without a block, in ms: the sender gives up before. */
export const READING_BELIEVED_MS: Millis = LONGEST_DISK_CALL_MS + TRY_MS;
/** … and once all has come so much longer for each block of the file, in ms: a sender that has lost its notes reads it whole once more. */
export const DIGEST_BLOCK_MS: Millis = 1_000;

// ---- the bulk connection

/** The first block goes in TLS records of so many bytes, each in one packet: of the usual 16 KiB nothing is seen for 3 s at 40 kbit/s. */
export const BULK_FIRST_RECORD_BYTES = 1_280;
/** Read ahead and waiting for the socket, in blocks: 2 MiB, so that neither disk nor socket waits for the other. */
export const BULK_AHEAD_BLOCKS = 32;
/** … of these handed to the socket: 1 MiB, beside what the system buffers. */
export const BULK_SOCKET_BLOCKS = 16;
/** On the way before any is counted, from here to the other one's disk, in blocks: 512 KiB, and then twice as many with each round trip without a queue … */
export const BULK_FIRST_BLOCKS = 8;
/** … each of them once the socket has passed on the one before within so many ms: over a thin line it takes longer. */
export const BULK_PASS_MS: Millis = 1_000;
/** One that is written while another one comes. */
export const BULK_LEAST_BLOCKS = 2;
/** What a block may take longer than the quickest one, in ms: the TARGET of LEDBAT++ (RFC 6817 allows 100 at most). */
export const BULK_QUEUE_MS: Millis = 60;
/** As quick as the quickest, but for chance: in ms. */
export const BULK_CHANCE_MS: Millis = 2;
/** Where no block was as quick for so long, in ms, the line is left to run empty once. */
export const BULK_MEASURE_MS: Millis = 30_000;
/** Where a block takes longer than this, in ms, it goes in slices: below some 26 Mbit/s. */
export const BULK_THIN_BLOCK_MS: Millis = 20;
/** Of 8 KiB. */
export const BULK_BLOCK_SLICES = 8;
/** On the way on a thin line at least: half a block, */
export const BULK_LEAST_SLICES = 4;
/** … but no more than what the line holds and takes in so many ms, as words wait behind that. One slice in any case. */
export const BULK_LEAST_MS: Millis = 200;
/** What may wait in the queue of a thin line, in ms of the line: enough for counts that are a little late. */
export const BULK_THIN_QUEUE_MS: Millis = 20;
/** Where TCP loses much, so many times what the line holds is on the way, beside that: what is lost again is waited for as often. */
export const BULK_LOSSY_WAYS = 5;
/** … and the line stays thin until a block takes no longer than this over all of the last counts, in ms: lumps seem much quicker. */
export const BULK_LOSSY_BLOCK_MS: Millis = 10;
/** The rate is that of so many blocks in a row, or a disk that is late once is taken for the line, */
export const BULK_RATE_BLOCKS = 4;
/** … and the highest one of so many counts. */
export const BULK_RATE_SAMPLES = 16;
/** A first block that takes longer than this, in ms, says the rate alone: TCP starts sooner over any line that is not thin. */
export const BULK_SLOW_BLOCK_MS: Millis = 2_000;
/** Blocks that came and are not on the disk, 4 MiB: then nothing more is read, */
export const BULK_PAUSE_BLOCKS = 64;
/** until so few are left. */
export const BULK_RESUME_BLOCKS = 32;
/** Between two words about what is on the disk, in ms. */
export const BULK_COUNT_MS: Millis = 1;
/** Nothing came, or nobody has taken what was sent: the session is over, or, at the sender, the other end is doubted. In ms. */
export const BULK_STALL_MS: Millis = 10_000;
/** The sender waits longer for a count, in ms: for a call to the disk there, and for a block over the thinnest line. The receiver knows better. */
export const BULK_SENDER_STALL_MS: Millis = LONGEST_DISK_CALL_MS + BULK_STALL_MS;
