// Which carrier a transfer takes, from one session to the next, and when it is given up. The receiver asks it: a silent carrier is
// left for the other one, and so is a slow one; only when none brings anything, it is a try that has failed. README.md says more.

import { assertNever } from '../../base/assertNever.ts';
import type { Millis } from '../../base/clock.ts';
import type { Machine } from '../../base/machine.ts';
import { TokenBuckets } from '../../base/tokenBuckets.ts';
import { type CarrierKind, MAX_ATTEMPTS } from '../../contract/transfer.ts';
import { BlockPace } from './blockPace.ts';
import { blockCountOf } from './blocks.ts';
import {
  CHANGE_AGAIN_MS,
  CHOICE_GRACE_MS,
  CHOICE_LATE_MS,
  CLEARLY_FASTER,
  DIGEST_BLOCK_MS,
  DISK_BOUND_BLOCKS,
  MAX_SWITCHES,
  MAX_TRIALS,
  MEETING_MS,
  READING_BELIEVED_MS,
  SILENT_GAPS,
  SILENT_MS,
  TRY_MS,
  WORTH_A_TRIAL_MS,
} from './carrierParams.ts';
import type { CarrierRates } from './carrierRates.ts';
import type { ChoiceIn, ChoiceOptions, ChoiceOut } from './choiceIo.ts';
import { SLEPT_MS } from './params.ts';
import { RateMeasure } from './rateMeasure.ts';

/** The one bucket of each kind. */
const ALL = '';

export class CarrierChoice implements Machine<ChoiceIn, ChoiceOut> {
  readonly #carriers: readonly CarrierKind[];
  readonly #rates: CarrierRates;
  readonly #out: ChoiceOut[] = [];
  #state: 'fresh' | 'running' | 'resting' | 'over' = 'fresh';
  #carrier: CarrierKind;
  readonly #sizeBytes: number;
  #missingBytes: number;
  /** Came, and not yet on the disk, in blocks. */
  #unwritten = 0;
  #measure = new RateMeasure();
  /** The rate of the carrier that was left for a trial of this one. */
  #rateBefore: number | undefined;
  readonly #trials = allowing(MAX_TRIALS);
  /** For silence, or a connection that cannot be had. */
  readonly #changes = allowing(MAX_SWITCHES);
  /** Sessions in which nothing came, one after the other. */
  #fruitless = 0;
  #attempt = 1;
  #gotSomething = false;
  /** That the other one fell silent says little of it: so did this one, or it had carried before. */
  #mayBeTheNetwork = false;
  /** A block, over the session that is open. */
  #hasCarried = false;
  /** That session takes what comes. */
  #hasBegun = false;
  /** The last block, word of either disk, or start of a session. */
  #heardAt: Millis = 0;
  /** A late timer, since then. */
  #wasForgiven = false;
  /** The last block that was missing, of whichever session, or the start of the first one. */
  #blockAt: Millis = 0;
  /** All was there for the first time: the sender has its digest to make. */
  #wholeAt: Millis | undefined;
  readonly #pace = new BlockPace();
  #tryEndsAt: Millis = 0;
  /** Carriers that were lost one after the other, none of them by its silence. */
  #lostInARow = 0;

  constructor({ carriers, sizeBytes, missingBytes, rates }: ChoiceOptions) {
    this.#carriers = carriers;
    this.#sizeBytes = sizeBytes;
    this.#missingBytes = missingBytes;
    this.#rates = rates;
    this.#carrier = carriers[0] ?? 'udp';
  }

  handle(input: ChoiceIn, now: Millis): void {
    if (this.#state === 'over') return;
    switch (input.kind) {
      case 'start':
        return this.#start(now);
      case 'connected':
        return this.#takeSign(now);
      case 'block':
        if (input.cameAgain !== true) this.#advance(input.bytes, now);
        return this.#takeBlock(input.bytes, now);
      case 'part':
        return this.#takePart(input.bytes, now);
      case 'written':
        this.#unwritten--;
        return this.#hear(now);
      case 'reading':
        return this.#waitForSource(now);
      case 'begun':
        return this.#begin(now);
      case 'lost':
        return this.#lose(now);
      case 'whole':
        this.#state = 'resting';
        this.#wholeAt ??= now;
        return;
      case 'unanswered':
        return this.#tryAgain(now);
      case 'time':
        return this.#takeTime(now);
      default:
        assertNever(input);
    }
  }

  poll(): ChoiceOut | undefined {
    return this.#out.shift();
  }

  deadline(): Millis | undefined {
    if (this.#state !== 'running') return undefined;
    return this.#other === undefined
      ? undefined
      : Math.min(this.#heardAt + this.#patienceMs(), this.#tryEndsAt);
  }

  get #other(): CarrierKind | undefined {
    return this.#carriers.find((carrier) => carrier !== this.#carrier);
  }

  #start(now: Millis): void {
    if (this.#state !== 'fresh') return;
    const other = this.#other;
    if (other !== undefined) {
      const areBothSilent = this.#carriers.every((carrier) => this.#rates.isSilent(carrier, now));
      if (areBothSilent) this.#startAfterSilence();
      // Found dead a while ago, and the other one alive: nobody waits for that twice.
      else if (this.#rates.isAway(this.#carrier, now) && this.#rates.isAlive(other, now))
        this.#carrier = other;
    }
    this.#tryEndsAt = now + TRY_MS;
    this.#blockAt = now;
    this.#open(now);
  }

  /**
   * Both brought nothing: perhaps it was the network, or a line so thin that the first flight of datagrams was all that it carried. The
   * link has just been made over TCP, and a connection that is as new sends little before it is answered. Each has had two turns.
   */
  #startAfterSilence(): void {
    this.#carrier = 'tls';
    this.#fruitless = 2 * this.#carriers.length;
    this.#mayBeTheNetwork = true;
  }

  #open(now: Millis): void {
    this.#state = 'running';
    this.#measure = new RateMeasure();
    this.#hasCarried = false;
    this.#hasBegun = false;
    this.#pace.begin(now);
    this.#heardAt = now;
    this.#wasForgiven = false;
    this.#out.push({ kind: 'open', carrier: this.#carrier, attempt: this.#attempt });
  }

  /** Its time is as long as that of any other session, whatever it had to wait for here. */
  #begin(now: Millis): void {
    this.#hasBegun = true;
    this.#tryEndsAt += now - this.#heardAt;
    this.#heardAt = now;
    this.#wasForgiven = false;
    this.#pace.begin(now);
  }

  #advance(bytes: number, now: Millis): void {
    this.#missingBytes -= bytes;
    this.#gotSomething = true;
    this.#blockAt = now;
  }

  #takeBlock(bytes: number, now: Millis): void {
    this.#unwritten++;
    this.#fruitless = 0;
    this.#lostInARow = 0;
    this.#hasCarried = true;
    this.#tryEndsAt = now + TRY_MS;
    if (this.#pace.hasSlept(now)) this.#measure = new RateMeasure();
    this.#forgetSilence(this.#pace.takeBlock(now));
    this.#hear(now);
    this.#rates.noteAlive(this.#carrier, now);
    const rate = this.#measure.add(bytes, now);
    if (rate === undefined || this.#measure.isAtItsStart || this.#state !== 'running') return;
    this.#compare(rate, now);
  }

  /** Not the block yet. The other carrier has its turn first; where that brought nothing of late either, it is the line that is thin. */
  #takePart(bytes: number, now: Millis): void {
    if (now > this.#believedUntil) return;
    if (this.#pace.hasSlept(now)) this.#measure = new RateMeasure();
    this.#pace.takePart(bytes, now);
    this.#tryEndsAt = now + TRY_MS;
    // What brings no block for as long as parts are believed is no line, be it thin.
    if (this.#pace.blockMs > READING_BELIEVED_MS || this.#pace.wasQuickerBefore) return;
    this.#takeSign(now);
  }

  /** Of life, and no block: where the other one brought nothing of late. */
  #takeSign(now: Millis): void {
    const other = this.#other;
    if (other !== undefined && this.#rates.isSilent(other, now)) this.#hear(now);
  }

  /** Of the other one, which has its turns as any other then; not over a line that one of them would fill for long. */
  #forgetSilence(tookMs: Millis): void {
    const other = this.#other;
    const isQuick = Math.max(tookMs, this.#pace.gapMs) < SILENT_MS;
    if (!this.#mayBeTheNetwork || other === undefined || !isQuick) return;
    this.#mayBeTheNetwork = false;
    this.#rates.forgetSilence(other);
  }

  /** Silence and try begin anew. But somebody who only ever says so sends nothing either. */
  #waitForSource(now: Millis): void {
    if (this.#state === 'fresh' || now > this.#believedUntil) return;
    this.#measure = new RateMeasure();
    this.#pace.begin(now);
    this.#tryEndsAt = now + TRY_MS;
    this.#hear(now);
    this.#out.push({ kind: 'wait' });
  }

  get #believedUntil(): Millis {
    if (this.#wholeAt === undefined) return this.#blockAt + READING_BELIEVED_MS;
    return this.#wholeAt + READING_BELIEVED_MS + blockCountOf(this.#sizeBytes) * DIGEST_BLOCK_MS;
  }

  #hear(now: Millis): void {
    this.#heardAt = now;
    this.#wasForgiven = false;
    this.#tryEndsAt = Math.max(this.#tryEndsAt, now + SILENT_MS);
  }

  /** How long nothing may come. */
  #patienceMs(): Millis {
    // The disk is behind, nothing has begun, or there was too much of this already.
    if (this.#unwritten > 0 || !this.#hasBegun || !this.#mayChange) return TRY_MS;
    // Both seem dead: the longer each has, the likelier a slow path gets a block through. But each has its turn in each try.
    const once = this.#carrier === 'tls' && !this.#hasCarried ? MEETING_MS : SILENT_MS;
    const silence = Math.min(TRY_MS / 2, once * 2 ** Math.floor(this.#fruitless / 2));
    return Math.min(TRY_MS, Math.max(silence, SILENT_GAPS * this.#pace.gapMs));
  }

  /** As it was when something was heard last: a deadline stands until then. */
  get #mayChange(): boolean {
    return this.#changes.waitMs(ALL, 1, this.#heardAt) === 0;
  }

  #takeTime(now: Millis): void {
    const deadline = this.deadline();
    if (deadline === undefined || now < deadline) return;
    if (this.#isForgiven(now - deadline, now)) return;
    this.#lostInARow = 0;
    // What waits for this end's disk blames no carrier.
    this.#leave(now, this.#hasBegun && this.#unwritten === 0);
  }

  /** A process that did not run has not read its sockets yet, and a computer that slept was not heard by anybody. */
  #isForgiven(lateMs: Millis, now: Millis): boolean {
    const isForgiven = lateMs > CHOICE_LATE_MS && (!this.#wasForgiven || lateMs > SLEPT_MS);
    if (!isForgiven) return false;
    this.#wasForgiven = true;
    const grace = lateMs > SLEPT_MS ? this.#patienceMs() : CHOICE_GRACE_MS;
    this.#heardAt = now - this.#patienceMs() + grace;
    this.#tryEndsAt = Math.max(this.#tryEndsAt + lateMs, now + grace);
    this.#blockAt += lateMs;
    return true;
  }

  /** Leaves it at once. Where both are lost like this the second one has its time all the same, or they would change without end. */
  #lose(now: Millis): void {
    if (this.#state !== 'running') return;
    if (this.#other === undefined) this.#tryAgain(now);
    // One that has carried and is closed says nothing of the path: whoever cancels a file closes its connection, too.
    else if (this.#lostInARow++ === 0) this.#leave(now, !this.#hasCarried);
  }

  /** For the other carrier: over this one nothing comes any more. */
  #leave(now: Millis, isSilent: boolean): void {
    if (now >= this.#tryEndsAt) return this.#tryAgain(now);
    this.#fruitless++;
    if (isSilent) {
      this.#rates.noteSilent(this.#carrier, now, this.#partRate(now));
      this.#mayBeTheNetwork ||= this.#hasCarried;
    }
    // What comes over the next one comes behind all that is on its way over a thin line.
    if (this.#pace.hasParts) this.#tryEndsAt = now + 2 * TRY_MS;
    this.#pace.leave();
    this.#change(now);
  }

  /** 0 where parts say little: of one that had carried they are of many blocks, and one on trial was to bring whole ones. */
  #partRate(now: Millis): number {
    const saysLittle = this.#hasCarried || this.#rateBefore !== undefined;
    return saysLittle ? 0 : this.#pace.partBytesPerSecond(now);
  }

  /** A try is over. One that got something does not count. */
  #tryAgain(now: Millis): void {
    this.#attempt = this.#gotSomething ? 1 : this.#attempt + 1;
    this.#gotSomething = false;
    this.#tryEndsAt = now + TRY_MS;
    this.#out.push({ kind: 'doubt' });
    if (this.#attempt > MAX_ATTEMPTS) {
      this.#state = 'over';
      this.#out.push({ kind: 'giveUp' });
    } else if (this.#state === 'running') this.#change(now);
    else this.#open(now);
  }

  #change(now: Millis): void {
    this.#changes.takeNow(ALL, 1, now);
    this.#switch(now);
  }

  #switch(now: Millis): void {
    this.#rateBefore = undefined;
    this.#carrier = this.#other ?? this.#carrier;
    this.#open(now);
  }

  /** What the carrier does now, against what the other one did or might do. */
  #compare(rate: number, now: Millis): void {
    this.#rates.note(this.#carrier, rate, now);
    const before = this.#rateBefore;
    this.#rateBefore = undefined;
    if (before === undefined) {
      if (this.#isWorthATrial(rate, now)) this.#tryOther(rate, now);
    } else if (!this.#isWorthStaying(rate, before)) this.#switch(now);
  }

  /** After a trial. At level rates a file goes over the carrier that is meant for it. */
  #isWorthStaying(rate: number, before: number): boolean {
    const isFirstChoice = this.#carrier === this.#carriers[0];
    return isFirstChoice ? CLEARLY_FASTER * rate >= before : rate > CLEARLY_FASTER * before;
  }

  #isWorthATrial(rate: number, now: Millis): boolean {
    const other = this.#other;
    if (other === undefined || this.#unwritten >= DISK_BOUND_BLOCKS || !this.#mayChange) return false;
    if ((1_000 * this.#missingBytes) / rate <= WORTH_A_TRIAL_MS || this.#trials.waitMs(ALL, 1, now) > 0)
      return false;
    const known = this.#rates.rateOf(other, now);
    return known === undefined || known > CLEARLY_FASTER * rate;
  }

  #tryOther(rate: number, now: Millis): void {
    this.#trials.take(ALL, 1, now);
    this.#switch(now);
    this.#rateBefore = rate;
  }
}

/** So many in a row. */
function allowing(burst: number): TokenBuckets {
  return new TokenBuckets({ burst, perSecond: 1_000 / CHANGE_AGAIN_MS }, 1);
}
