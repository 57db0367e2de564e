// How fast to send and how much to have in flight: a small model of the path in the manner of BBR (draft-ietf-ccwg-bbr), with the cycle
// of eight phases of its first version (draft-cardwell-iccrg-bbr-congestion-control-00). Loss is no signal here, so random loss does not
// slow a transfer down; a queue is one, and is drained.

import type { Millis } from '../../base/clock.ts';
import { type DeliveryMark, DeliveryRate, type RateSample } from './deliveryRate.ts';
import { Jitter } from './jitter.ts';
import { FIRST_RTT_MS, GRANULARITY_MS } from './params.ts';
import { type KnownPath, PathMemory } from './pathMemory.ts';
import { WindowedExtreme } from './windowedExtreme.ts';
import { WindowSlack } from './windowSlack.ts';

/** The first flight, in datagrams: more than the ten of RFC 6928, less than any queue on the way … */
const FIRST_WINDOW_DATAGRAMS = 32;
/** … paced by so many ms. Of usual datagrams it leaves at once, as the pacer begins with a full bucket. */
const FIRST_FLIGHT_MS = 2;
/** Never fewer in flight, in datagrams, or acknowledgements would come one by one. */
const MIN_WINDOW_DATAGRAMS = 8;
/** Doubles the rate in each round trip (BBR: 4 ln 2). */
const STARTUP_GAIN = 2.77;
/** The path is full when the rate has not grown by this … */
const FULL_GROWTH = 1.25;
/** … in so many rounds. */
const FULL_ROUNDS = 3;
/** … or when so many round trips one after the other, and for half the time of one, were longer by this than the path's: a queue stands. */
const QUEUE_SAMPLES = 8;
const QUEUE_SHARE = 1 / 2;
const MIN_QUEUE_MS = 2;
const DRAIN_GAIN = 0.5;
/** One round asks for more, one drains what that made, the others keep the pace. */
const CYCLE_GAINS = [1.25, 0.75, 1, 1, 1, 1, 1, 1] as const;
/** The second takes longer if need be, this many phases, until nothing stands in the queue: several sessions measure a percent too much. */
const DRAINING_PHASE = 1;
const MOST_DRAINING = 3;
/** The first of the phases that keep the pace. */
const KEEPING_PHASE = 2;
const MIN_PHASE_MS = 4;
/** The acknowledgements of the first flight, which left at once, come at the pace of the narrowest line: the second is of this share of it. */
const TRAIN_SHARE = 0.8;
/** Of what a path that is known holds, in flight after the first round trip: more than the draft's half, for it is paced at the known rate. */
const RESUME_SHARE = 0.75;
/** Or less says nothing, in datagrams and in ms. */
const MIN_TRAIN_DATAGRAMS = 8;
const MIN_TRAIN_MS = 2;
/** How much larger than the first flight the second may be for that. */
const MAX_TRAIN_GROWTH = 12;
/** Of what asking for more may bring. */
const WORTHWHILE_GROWTH = 1.1;
/** In flight beyond what the path holds, in parts of it: acknowledgements come in lumps. */
const WINDOW_EXTRA = 1;
/** On top, as far as WindowSlack lets: what so many ms bring, for processes are not always run at once. */
const SLACK_MS = 10;
/** Where the path is longer than that, what comes in so many mean deviations of the round trip: or jitter would make the path look slow. */
const JITTER_GAIN = 4;
const MAX_JITTER_MS = 100;
/** Mean and deviation follow a sample by this share: some hundred samples, many round trips. */
const JITTER_SHARE = 1 / 64;
/** The rate is the best of so many round trips, but at least of a second: a pause of a process is no slow path. */
const RATE_ROUNDS = 10;
const MIN_RATE_WINDOW_MS = 1000;
/** No path is shorter, in ms; keeps the rate finite. */
const MIN_RTT_MS = 0.05;
/** A shortest round trip older than this is measured again with a short queue, for PROBE_RTT_MS. */
const RTT_WINDOW_MS = 10_000;
const PROBE_RTT_MS = 200;
const PROBE_RTT_GAIN = 0.5;
/** Loss that goes on while the queue is drained is the path's own, and is sent on top; no more than this share. */
const MAX_PATH_LOSS = 0.4;
/** A share of loss is taken over this many datagrams at least. */
const LOSS_SAMPLE_DATAGRAMS = 50;

type Mode =
  | { readonly kind: 'startup'; bestRate: number; roundsWithoutGrowth: number; train?: Train | undefined }
  | { readonly kind: 'drain' }
  | { readonly kind: 'probeBw'; phase: number; since: Millis; rate: number }
  | { readonly kind: 'probeRtt'; readonly until: Millis; shortestMs: Millis };

/** Acknowledged after the first acknowledgement. */
interface Train {
  readonly since: Millis;
  bytes: number;
  isOver: boolean;
}

export class RateController {
  readonly #datagramBytes: number;
  readonly #memory: PathMemory;
  readonly #delivery = new DeliveryRate();
  readonly #bestRate = new WindowedExtreme(Math.max);
  readonly #pathLoss = new WindowedExtreme(Math.min);
  readonly #slack = new WindowSlack();
  #mode: Mode = { kind: 'startup', bestRate: 0, roundsWithoutGrowth: 0 };
  #startupWindow: number;
  /** What the path holds, by the train: rates are not sampled before the second flight is acknowledged. */
  #trainBytes = 0;
  #resumed: KnownPath | undefined;
  #minRttMs: Millis = FIRST_RTT_MS;
  #minRttAt: Millis | undefined;
  readonly #jitter = new Jitter(JITTER_SHARE);
  #roundEnd = 0;
  #roundHasSample = false;
  /** Round trips that were long, one after the other. */
  #queued = { samples: 0, since: 0 };
  #deliveredInSample = 0;
  #lostInSample = 0;
  #isLossyUntil: Millis = 0;

  constructor(datagramBytes: number, memory = new PathMemory()) {
    this.#datagramBytes = datagramBytes;
    this.#memory = memory;
    this.#startupWindow = FIRST_WINDOW_DATAGRAMS * datagramBytes;
  }

  /** Bytes per ms to send at. */
  get pacingRate(): number {
    const rate = this.#bestRate.value;
    if (rate === undefined) return this.#resumed?.rate ?? this.#startupWindow / FIRST_FLIGHT_MS;
    const least =
      Math.max(this.#datagramBytes / 10, this.#mode.kind === 'startup' ? this.#startupWindow : 0) /
      this.#minRttMs;
    const pathLoss = Math.min(MAX_PATH_LOSS, this.#pathLoss.value ?? 0);
    return Math.max(least, (this.#gain() * rate) / (1 - pathLoss));
  }

  /** Bytes to have in flight at most. */
  get windowBytes(): number {
    return Math.max(MIN_WINDOW_DATAGRAMS * this.#datagramBytes, this.#wantedWindow());
  }

  markFor(now: Millis, isIdle: boolean): DeliveryMark {
    return this.#delivery.markFor(now, isIdle);
  }

  onLimited(inFlightBytes: number): void {
    this.#delivery.onLimited(inFlightBytes);
  }

  onLost(bytes: number): void {
    this.#lostInSample += bytes;
  }

  /** What was taken for lost has arrived after all. */
  onSpurious(bytes: number): void {
    this.#lostInSample = Math.max(0, this.#lostInSample - bytes);
    this.#slack.onSpurious(bytes);
  }

  /** Something was lost lately, and no queue was there to overflow. */
  isLossyAt(now: Millis): boolean {
    return now < this.#isLossyUntil;
  }

  onRttSample(rttMs: Millis, now: Millis): void {
    // Elsewhere a queue of ours comes and goes.
    if (this.#mode.kind === 'probeBw') this.#jitter.add(rttMs);
    this.#notePathQueue(rttMs, now);
    if (this.#mode.kind === 'probeRtt') this.#mode.shortestMs = Math.min(this.#mode.shortestMs, rttMs);
    if (this.#minRttAt === undefined) {
      this.#setMinRtt(rttMs, now);
      this.#resume(rttMs, now);
    } else if (rttMs <= this.#minRttMs) this.#setMinRtt(rttMs, now);
  }

  /** After `bytes` were acknowledged at once; `mark` and `sentAt` are those of the newest datagram among them. */
  onDelivered(bytes: number, mark: DeliveryMark, sentAt: Millis, inFlightBytes: number, now: Millis): void {
    const sample = this.#delivery.onDelivered(bytes, mark, sentAt, now);
    if (sample !== undefined) this.#takeRate(sample, now);
    this.#takeLoss(bytes, now);
    const isNewRound = mark.delivered >= this.#roundEnd;
    if (isNewRound) this.#roundEnd = this.#delivery.delivered;
    this.#advance({ bytes, inFlightBytes, isNewRound, now });
  }

  #gain(): number {
    switch (this.#mode.kind) {
      case 'startup':
        return STARTUP_GAIN;
      case 'drain':
        return DRAIN_GAIN;
      case 'probeBw':
        return CYCLE_GAINS[this.#mode.phase] as number;
      case 'probeRtt':
        return 1;
    }
  }

  #wantedWindow(): number {
    if (this.#mode.kind === 'startup') return this.#startupWindow;
    const gain = this.#mode.kind === 'probeRtt' ? PROBE_RTT_GAIN : 1 + WINDOW_EXTRA;
    return gain * this.#pathBytes() + this.#slackBytes();
  }

  /** What the path holds without a queue. */
  #pathBytes(): number {
    return (this.#bestRate.value ?? 0) * this.#minRttMs;
  }

  /** What is on its way for less than timers can tell apart is no queue: on short paths a single burst is more than they hold. */
  #drainedBytes(): number {
    return this.#pathBytes() + (this.#bestRate.value ?? 0) * GRANULARITY_MS;
  }

  /** What the buffers on the way take at once, as far as is known. */
  get roomBytes(): number {
    return this.#slack.bytes;
  }

  /** Long paths have buffers of their own, but may have delays that come and go. */
  #slackBytes(): number {
    const rate = this.#bestRate.value ?? 0;
    const slackMs = Math.max(0, SLACK_MS - this.#minRttMs);
    return Math.min(this.#slack.bytes, rate * slackMs) + rate * Math.max(0, this.#jitterMs() - slackMs);
  }

  /** Bounded by the path's own length: a queue of ours that comes and goes must not make room for a longer one. */
  #jitterMs(): Millis {
    return Math.min(MAX_JITTER_MS, JITTER_GAIN * this.#minRttMs, JITTER_GAIN * this.#jitter.deviationMs);
  }

  #takeRate({ rate, isLimited }: RateSample, now: Millis): void {
    if (isLimited && rate < (this.#bestRate.value ?? 0)) return;
    this.#bestRate.add(rate, now, this.#windowMs());
    this.#roundHasSample ||= !isLimited;
    if (!isLimited) this.#memory.remember({ rate: this.#bestRate.value ?? rate, rttMs: this.#minRttMs }, now);
  }

  #windowMs(): Millis {
    return Math.max(MIN_RATE_WINDOW_MS, RATE_ROUNDS * this.#minRttMs);
  }

  #takeLoss(deliveredBytes: number, now: Millis): void {
    this.#deliveredInSample += deliveredBytes;
    const total = this.#deliveredInSample + this.#lostInSample;
    if (total < LOSS_SAMPLE_DATAGRAMS * this.#datagramBytes) return;
    // With a queue standing it may be the queue that overflows, and sending more on top of that would keep it so.
    if (this.#queued.samples < QUEUE_SAMPLES) {
      this.#pathLoss.add(this.#lostInSample / total, now, this.#windowMs());
      if (this.#lostInSample > 0) this.#isLossyUntil = now + this.#windowMs();
    }
    this.#slack.onLossSample(this.#lostInSample, total, now);
    this.#deliveredInSample = 0;
    this.#lostInSample = 0;
  }

  #advance(ack: { bytes: number; inFlightBytes: number; isNewRound: boolean; now: Millis }): void {
    const { bytes, inFlightBytes, isNewRound, now } = ack;
    switch (this.#mode.kind) {
      case 'startup':
        this.#growStartupWindow(bytes);
        this.#takeTrain(this.#mode, ack);
        if (this.#hasQueue(now) || (isNewRound && this.#isPathFull(this.#mode)))
          this.#mode = { kind: 'drain' };
        return;
      case 'drain':
        // What looked like a queue may have been jitter: asking for more shows it.
        if (inFlightBytes <= this.#pathBytes() + this.#slackBytes()) this.#probeBw(now, 0);
        return;
      case 'probeBw':
        this.#turnCycle(this.#mode, inFlightBytes, now);
        return;
      case 'probeRtt':
        if (now < this.#mode.until || this.#mode.shortestMs === Number.POSITIVE_INFINITY) return;
        this.#setMinRtt(this.#mode.shortestMs, now);
        this.#probeBw(now);
        return;
    }
  }

  /** As slow start, but not past what the best rate so far can use. */
  #growStartupWindow(bytes: number): void {
    const pathBytes = Math.max(this.#pathBytes(), this.#trainBytes);
    const useful = STARTUP_GAIN * pathBytes + this.#slackBytes();
    if (this.#startupWindow < useful || this.#bestRate.value === undefined) this.#startupWindow += bytes;
  }

  /** The path has the round trip of one that a session before has filled: its rate is tried at once. */
  #resume(rttMs: Millis, now: Millis): void {
    const known = this.#memory.knownAt(now);
    if (known === undefined || rttMs < known.rttMs / 2 || rttMs > known.rttMs * 2) return;
    this.#resumed = known;
    this.#startupWindow = Math.max(this.#startupWindow, RESUME_SHARE * known.rate * known.rttMs);
  }

  #takeTrain(
    startup: Extract<Mode, { kind: 'startup' }>,
    { bytes, isNewRound, now }: { bytes: number; isNewRound: boolean; now: Millis },
  ): void {
    startup.train ??= { since: now, bytes: -bytes, isOver: false };
    const { train } = startup;
    train.isOver ||= isNewRound && train.bytes >= 0;
    if (train.isOver) return;
    train.bytes += bytes;
    this.#useTrain(train.bytes, now - train.since);
  }

  #useTrain(bytes: number, passedMs: Millis): void {
    if (bytes < MIN_TRAIN_DATAGRAMS * this.#datagramBytes || passedMs < MIN_TRAIN_MS) return;
    const most = MAX_TRAIN_GROWTH * FIRST_WINDOW_DATAGRAMS * this.#datagramBytes;
    this.#trainBytes = Math.min((bytes / passedMs) * this.#minRttMs, most);
    this.#startupWindow = Math.max(this.#startupWindow, TRAIN_SHARE * this.#trainBytes);
  }

  #isPathFull(startup: Extract<Mode, { kind: 'startup' }>): boolean {
    if (!this.#roundHasSample) return false;
    this.#roundHasSample = false;
    const rate = this.#bestRate.value ?? 0;
    if (rate >= startup.bestRate * FULL_GROWTH) {
      startup.bestRate = rate;
      startup.roundsWithoutGrowth = 0;
      return false;
    }
    return ++startup.roundsWithoutGrowth >= FULL_ROUNDS;
  }

  #notePathQueue(rttMs: Millis, now: Millis): void {
    const isLong = rttMs > this.#minRttMs + Math.max(MIN_QUEUE_MS, this.#minRttMs * QUEUE_SHARE);
    if (!isLong) this.#queued = { samples: 0, since: now };
    else this.#queued.samples++;
  }

  #hasQueue(now: Millis): boolean {
    const { samples, since } = this.#queued;
    return samples >= QUEUE_SAMPLES && now - since >= this.#minRttMs / 2 && this.#roundHasSample;
  }

  #probeBw(now: Millis, phase = KEEPING_PHASE): void {
    this.#mode = { kind: 'probeBw', phase, since: now, rate: this.#bestRate.value ?? 0 };
  }

  #turnCycle(cycle: Extract<Mode, { kind: 'probeBw' }>, inFlightBytes: number, now: Millis): void {
    if (now - (this.#minRttAt ?? now) > RTT_WINDOW_MS) {
      this.#probeRtt(now);
      return;
    }
    const isDraining = cycle.phase === DRAINING_PHASE;
    const isDrained = isDraining && inFlightBytes <= this.#drainedBytes();
    const phaseMs = Math.max(MIN_PHASE_MS, this.#jitter.meanMs ?? this.#minRttMs);
    if (!isDrained && now - cycle.since < phaseMs * (isDraining ? MOST_DRAINING : 1)) return;
    const rate = this.#bestRate.value ?? 0;
    // Whoever asked for more and got it asks again at once. What was asked for in one phase comes in the next.
    const asksAgain = isDraining && rate >= cycle.rate * WORTHWHILE_GROWTH;
    cycle.phase = asksAgain ? 0 : (cycle.phase + 1) % CYCLE_GAINS.length;
    cycle.since = now;
    if (cycle.phase === 0) cycle.rate = rate;
  }

  /** What is measured with a short queue replaces the old shortest round trip, whatever it is. */
  #probeRtt(now: Millis): void {
    this.#mode = { kind: 'probeRtt', until: now + PROBE_RTT_MS, shortestMs: Number.POSITIVE_INFINITY };
  }

  #setMinRtt(rttMs: Millis, now: Millis): void {
    this.#minRttMs = Math.max(MIN_RTT_MS, rttMs);
    this.#minRttAt = now;
  }
}
