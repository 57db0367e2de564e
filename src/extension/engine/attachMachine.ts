// How a window comes to an engine: connect, else host one, connect again. No pipe, worker or clock: it says what to do next.

import { backoffMs } from '../../base/backoff.ts';
import type { Millis } from '../../base/clock.ts';
import type { Machine } from '../../base/machine.ts';
import { type Failure, failure } from '../../contract/failure.ts';

export type HostOutcome =
  | { readonly kind: 'listening' }
  /** Somebody else has the database; `failure` says so, for when they keep it and no window finds them. */
  | { readonly kind: 'busy'; readonly failure: Failure }
  | { readonly kind: 'failed'; readonly failure: Failure };

export type AttachInput =
  /** Somebody needs the engine. Starts again after a stop; changes nothing while on the way or attached. */
  | { readonly kind: 'wanted' }
  | { readonly kind: 'attached' }
  /** Nothing answered the connection. */
  | { readonly kind: 'refused' }
  /** Trying again is no use: the engine is of a build that this window's cannot talk with, or its place is not safe. */
  | { readonly kind: 'turnedAway'; readonly failure: Failure }
  /** The engine makes room for one of a newer build. */
  | { readonly kind: 'steppingDown' }
  | { readonly kind: 'hosted'; readonly outcome: HostOutcome }
  /** The connection of an attached window ended. */
  | { readonly kind: 'closed' }
  | { readonly kind: 'timePassed' };

export type AttachOutput = { readonly kind: 'connect' } | { readonly kind: 'host' };

export type AttachState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'connecting' }
  | { readonly kind: 'hosting' }
  | { readonly kind: 'waiting'; readonly until: Millis }
  | { readonly kind: 'attached' }
  /** Given up; `wanted` tries again. */
  | { readonly kind: 'stopped'; readonly failure: Failure };

/**
 * Windows that lost the same engine come back at different moments; each wait is short, as a person may be typing, and a
 * connection that is refused costs a millisecond.
 */
const RETRY = { firstMs: 50, ceilingMs: 200 };
/** About 15 s in all: several times what an engine that is asked to stop may take. */
const MAX_TRIES = 100;
/** `busy` this often is a minute or two, as somebody needs who brings a million messages to a new version. */
const MAX_BUSY = 160;
/** Workers of this window that ended by themselves, one after the other; the next one would too. */
const MAX_CRASHES = 4;
/** An engine of this window's that ends sooner has crashed as it started, even if it was attached to: so does the next one. */
const SETTLED_MS: Millis = 20_000;
/**
 * After `busy` an engine is starting or stopping somewhere else: so many refused connections are waited out before a worker
 * is started again. With the waits of RETRY that is 750 ms at most, so that a hand-over stays under two seconds.
 */
const PATIENCE = 4;
/**
 * A window that knows of a newer one lets it host: its own engine would have to make room again. So many refused connections
 * are 3 s to 6 s; then no newer window is there any more.
 */
const DEFERENCE = 30;

const ENGINE_ENDED = failure('engineEnded', {});

export class AttachMachine implements Machine<AttachInput, AttachOutput> {
  readonly #random: () => number;
  #state: AttachState = { kind: 'idle' };
  #tries = 0;
  #crashes = 0;
  #busy = 0;
  #patience = 0;
  /** The engine that was attached to last is of this window, or may be. */
  #isHost = false;
  #attachedAt: Millis = 0;
  /** There is a newer build. */
  #isOutdated = false;
  /** Why it was not attached, for when it gives up. */
  #reason: Failure = ENGINE_ENDED;
  #output: AttachOutput | undefined;

  constructor(random: () => number) {
    this.#random = random;
  }

  get state(): AttachState {
    return this.#state;
  }

  handle(input: AttachInput, now: Millis): void {
    if (input.kind === 'steppingDown') this.#makesRoom();
    switch (this.#state.kind) {
      case 'idle':
      case 'stopped':
        if (input.kind === 'wanted') this.#startAnew();
        return;
      case 'connecting':
        if (input.kind === 'attached') this.#attached(now);
        if (input.kind === 'refused') this.#refused(now);
        if (input.kind === 'turnedAway') this.#stop(input.failure);
        return;
      case 'hosting':
        if (input.kind === 'hosted') this.#hosted(input.outcome, now);
        return;
      case 'waiting':
        if (input.kind === 'timePassed' && now >= this.#state.until) this.#connect();
        return;
      case 'attached':
        if (input.kind === 'closed') this.#closed(now);
    }
  }

  poll(): AttachOutput | undefined {
    const output = this.#output;
    this.#output = undefined;
    return output;
  }

  deadline(): Millis | undefined {
    return this.#state.kind === 'waiting' ? this.#state.until : undefined;
  }

  #makesRoom(): void {
    this.#isOutdated = true;
    this.#isHost = false;
  }

  #startAnew(): void {
    this.#crashes = 0;
    this.#startOver();
  }

  #startOver(): void {
    this.#tries = 0;
    this.#reason = ENGINE_ENDED;
    this.#isHost = false;
    this.#busy = 0;
    this.#patience = this.#isOutdated ? DEFERENCE : 0;
    this.#connect();
  }

  #connect(): void {
    this.#state = { kind: 'connecting' };
    this.#output = { kind: 'connect' };
  }

  #attached(now: Millis): void {
    this.#state = { kind: 'attached' };
    this.#attachedAt = now;
  }

  #closed(now: Millis): void {
    if (now - this.#attachedAt >= SETTLED_MS) this.#crashes = 0;
    else if (this.#isHost) this.#crashes++;
    if (this.#crashes < MAX_CRASHES) this.#startOver();
    else this.#stop(ENGINE_ENDED);
  }

  #stop(reason: Failure): void {
    this.#state = { kind: 'stopped', failure: reason };
  }

  #refused(now: Millis): void {
    if (this.#patience > 0) {
      this.#patience--;
      this.#wait(now);
      return;
    }
    this.#state = { kind: 'hosting' };
    this.#output = { kind: 'host' };
  }

  #hosted(outcome: HostOutcome, now: Millis): void {
    if (outcome.kind === 'listening') this.#isHost = true;
    if (outcome.kind === 'failed') this.#failed(outcome.failure, now);
    else if (outcome.kind === 'listening' && this.#tries === 0) {
      // Counted, so that an engine that says it listens and refuses all the same is not asked in a tight circle.
      this.#tries = 1;
      this.#connect();
    } else {
      if (outcome.kind === 'busy') this.#isBusy(outcome.failure);
      this.#wait(now);
    }
  }

  /** Somebody has the lock, so that waiting is of use: it costs no tries for a long time. */
  #isBusy(why: Failure): void {
    this.#reason = why;
    this.#patience = PATIENCE;
    if (++this.#busy < MAX_BUSY) this.#tries = Math.min(this.#tries, PATIENCE);
  }

  /** A database that is too new was left by a newer window, which may be about to come back: this one can attach to its engine. */
  #failed(reason: Failure, now: Millis): void {
    const isTooOld = reason.code === 'databaseNewer';
    const isCrash = reason.code === 'engineEnded' && ++this.#crashes < MAX_CRASHES;
    if (!isTooOld && !isCrash) return this.#stop(reason);
    if (isTooOld) {
      this.#isOutdated = true;
      this.#patience = DEFERENCE;
    }
    this.#wait(now, reason);
  }

  #wait(now: Millis, reason: Failure = this.#reason): void {
    this.#reason = reason;
    this.#tries++;
    if (this.#tries > MAX_TRIES) return this.#stop(reason);
    this.#state = { kind: 'waiting', until: now + backoffMs(this.#tries, RETRY, this.#random) };
  }
}
