// Staying registered: joins, renews the lease, tries again with growing waits, and says when to ask who is there.
// Asks for calls and is told their outcome; knows no HTTP.

import { type BackoffLimits, backoffMs } from '../../base/backoff.ts';
import { type ByKind, dispatch } from '../../base/byKind.ts';
import type { Millis } from '../../base/clock.ts';
import type { Machine } from '../../base/machine.ts';
import { Timers } from '../../base/timers.ts';
import { type Failure, type FailureCode, failure } from '../../contract/failure.ts';
import { HEARTBEAT_MS } from '../../contract/registry.ts';
import type { RegistryState } from '../../contract/state.ts';

export const RETRY: BackoffLimits = { firstMs: 1_000, ceilingMs: 60_000 };
/** Between two lists, for each page that the last one had: a large directory is a load for the registry … */
export const LIST_MS = 10_000;
/** … up to this where changes are not pushed. Where they are, it is the shortest. */
export const LONGEST_LIST_MS = 60_000;
/**
 * An outcome that was not told by then is none: above the client's own deadlines, the wait for two claims before included, of which
 * one may have to take a late registration back.
 */
export const OUTCOME_MS = 55_000;
export const LIST_OUTCOME_MS = 300_000;
/** Waking so much too late means that the computer slept; the lease may be gone. */
const SLEPT_MS = 5_000;

export type RegistrationIn =
  | { readonly kind: 'time' }
  /** My person wants to be called `name` there. Again: tries at once, also after a refusal. */
  | { readonly kind: 'join'; readonly name: string; readonly url: string }
  /** Signs off, unless my person gives the name back: that is one word for both. */
  | { readonly kind: 'leave'; readonly isReleasing?: true }
  /** The outcome of the `register` with this ticket: done … */
  | {
      readonly kind: 'answered';
      readonly ticket: number;
      readonly leaseMs: Millis;
      readonly observedAddress: string;
    }
  /** … or not. */
  | { readonly kind: 'failed'; readonly ticket: number; readonly failure: Failure }
  /** A `list` is through, well (with so many pages) or not (0). */
  | { readonly kind: 'listed'; readonly pages: number }
  /** Whether changes of the directory are pushed: it is then asked for rarely … */
  | { readonly kind: 'pushed'; readonly isLive: boolean }
  /** … and soon when there is news in it that was not pushed. */
  | { readonly kind: 'news' }
  /** What others need to know to reach me is not what it was. */
  | { readonly kind: 'addressesChanged' }
  /** Something else was asked of the registry there, and nobody answered: whether I have my place is asked at once. */
  | { readonly kind: 'unanswered'; readonly url: string };

export type RegistrationOut =
  /** Register or renew, with the addresses of now; then say `answered` or `failed`. */
  | { readonly kind: 'register'; readonly ticket: number; readonly name: string; readonly url: string }
  /** Nothing waits for the outcome. */
  | { readonly kind: 'signOff'; readonly name: string; readonly url: string }
  /** Ask who is there, then say `listed`. */
  | { readonly kind: 'list'; readonly url: string }
  /** Where the registry sees me; told when it changes. */
  | { readonly kind: 'observed'; readonly address: string }
  | { readonly kind: 'changed'; readonly state: RegistryState };

export interface RegistrationOptions {
  /** Numbers in [0, 1). */
  readonly random: () => number;
  /** The time of day (ms since the epoch) at `now` of the machine's own scale, which need not go on while the computer sleeps. */
  readonly wallTimeOf: (now: Millis) => Millis;
}

interface Target {
  readonly name: string;
  readonly url: string;
}

/** Trying again would not help before my person does something. */
const REFUSALS: ReadonlySet<FailureCode> = new Set(['nameTaken', 'nameInvalid', 'registryUrlInvalid']);

export class RegistrationMachine implements Machine<RegistrationIn, RegistrationOut> {
  readonly #options: RegistrationOptions;
  readonly #timers = new Timers<'register' | 'outcome' | 'list'>();
  readonly #out: RegistrationOut[] = [];
  #state: RegistryState = { kind: 'off' };
  #target: Target | undefined;
  /** The ticket of the call that is going on. */
  #pending: number | undefined;
  #tickets = 0;
  /** Addresses changed while a call was going on. */
  #isStale = false;
  #isListing = false;
  #isPushed = false;
  /** When the list before was through, and how many pages the directory has as far as is known. */
  #listed = { at: 0, pages: 1 };
  #failures = 0;
  #observed: string | undefined;
  /** The time of day at which the last deadline was due. */
  #dueAt = Number.POSITIVE_INFINITY;

  constructor(options: RegistrationOptions) {
    this.#options = options;
  }

  handle(input: RegistrationIn, now: Millis): void {
    if (this.#hasSlept(now)) this.#wakeUp(now);
    dispatch(this.#inputs, input, now);
    const deadline = this.#timers.deadline();
    this.#dueAt = deadline === undefined ? Number.POSITIVE_INFINITY : this.#options.wallTimeOf(deadline);
  }

  poll(): RegistrationOut | undefined {
    return this.#out.shift();
  }

  deadline(): Millis | undefined {
    return this.#timers.deadline();
  }

  readonly #inputs: ByKind<RegistrationIn, [now: Millis]> = {
    time: (_, now) => {
      for (const timer of this.#timers.takeDue(now)) this.#due[timer](now);
    },
    join: ({ name, url }, now) => {
      if (this.#target?.name === name && this.#target.url === url) this.#joinAgain(url, now);
      else this.#join({ name, url }, now);
    },
    leave: ({ isReleasing }) => this.#leave(isReleasing),
    answered: ({ ticket, leaseMs, observedAddress }, now) => {
      if (this.#isOutcomeOf(ticket)) this.#succeed(leaseMs, observedAddress, now);
    },
    failed: ({ ticket, failure }, now) => {
      if (this.#isOutcomeOf(ticket)) this.#fail(failure, now);
    },
    listed: ({ pages }, now) => {
      if (!this.#isListing) return;
      this.#isListing = false;
      this.#listed = { at: now, pages: pages || this.#listed.pages };
      this.#timers.set('list', now + this.#longestMs());
    },
    pushed: ({ isLive }, now) => {
      this.#isPushed = isLive;
      // While nothing was pushed it was hurried.
      this.#listSoon(now, isLive ? this.#listed.at + this.#longestMs() : undefined);
    },
    news: (_, now) => this.#listSoon(now),
    addressesChanged: (_, now) => this.#renew(now),
    unanswered: ({ url }, now) => {
      const isHere = this.#state.kind === 'joined' && this.#state.url === url;
      if (isHere && this.#pending === undefined) this.#register(now);
    },
  };

  readonly #due = {
    register: (now: Millis) => this.#register(now),
    outcome: (now: Millis) => {
      this.#pending = undefined;
      this.#fail(failure('registryUnreachable', { url: this.#target?.url ?? '' }), now);
    },
    list: (now: Millis) => {
      this.#isListing = false;
      this.#list(now);
    },
  };

  #join(target: Target, now: Millis): void {
    this.#leave();
    this.#target = target;
    this.#change({ kind: 'joining', url: target.url });
    this.#register(now);
  }

  #joinAgain(url: string, now: Millis): void {
    this.#failures = 0;
    if (this.#state.kind !== 'joined') this.#change({ kind: 'joining', url });
    this.#renew(now);
  }

  #leave(isReleasing = false): void {
    if (this.#target !== undefined && this.#state.kind !== 'refused' && !isReleasing)
      this.#out.push({ kind: 'signOff', ...this.#target });
    this.#target = undefined;
    this.#pending = undefined;
    this.#isStale = false;
    this.#failures = 0;
    this.#observed = undefined;
    this.#stop();
    this.#change({ kind: 'off' });
  }

  #register(now: Millis): void {
    if (this.#target === undefined) return;
    this.#pending = ++this.#tickets;
    this.#isStale = false;
    this.#timers.clear('register');
    this.#timers.set('outcome', now + OUTCOME_MS);
    this.#out.push({ kind: 'register', ticket: this.#pending, ...this.#target });
  }

  /** What a call that is going on says may be old already: another one follows it. */
  #renew(now: Millis): void {
    if (this.#pending !== undefined) this.#isStale = true;
    else if (this.#state.kind !== 'refused') this.#register(now);
  }

  #isOutcomeOf(ticket: number): boolean {
    if (ticket !== this.#pending) return false;
    this.#pending = undefined;
    this.#timers.clear('outcome');
    return true;
  }

  #succeed(leaseMs: Millis, observedAddress: string, now: Millis): void {
    this.#failures = 0;
    this.#timers.set('register', now + Math.min(HEARTBEAT_MS, leaseMs / 3));
    if (observedAddress !== this.#observed) this.#out.push({ kind: 'observed', address: observedAddress });
    this.#observed = observedAddress;
    if (this.#state.kind !== 'joined') this.#arrive(now);
    if (this.#isStale) this.#register(now);
  }

  #arrive(now: Millis): void {
    if (this.#target === undefined) return;
    this.#listed = { at: now, pages: 1 };
    this.#change({ kind: 'joined', url: this.#target.url, at: this.#options.wallTimeOf(now) });
    this.#list(now);
  }

  #fail(failure: Failure, now: Millis): void {
    if (this.#target === undefined) return;
    const { url } = this.#target;
    this.#stop();
    if (REFUSALS.has(failure.code)) {
      this.#change({ kind: 'refused', url, failure });
      return;
    }
    const { random, wallTimeOf } = this.#options;
    const nextTry = now + backoffMs(++this.#failures, RETRY, random);
    const since = this.#state.kind === 'failing' ? this.#state.since : wallTimeOf(now);
    this.#timers.set('register', nextTry);
    this.#change({ kind: 'failing', url, failure, since, nextTryAt: wallTimeOf(nextTry) });
  }

  /** A list that is going on belongs to the time before. */
  #stop(): void {
    this.#timers.clearAll();
    this.#isListing = false;
  }

  #list(now: Millis): void {
    if (this.#target === undefined) return;
    this.#isListing = true;
    this.#timers.set('list', now + LIST_OUTCOME_MS);
    this.#out.push({ kind: 'list', url: this.#target.url });
  }

  /**
   * What makes me ask makes everybody else ask at the same moment: beyond one page it is waited for a part of the pace, of its own for
   * each. However often that happens, it is no later than `latest`, or than it was to be.
   */
  #listSoon(now: Millis, latest?: Millis): void {
    const next = this.#timers.at('list');
    if (this.#isListing || next === undefined) return;
    const paceMs = this.#paceMs();
    const soon = Math.max(this.#listed.at + paceMs, now + (paceMs - LIST_MS) * this.#options.random());
    this.#timers.set('list', Math.min(soon, latest ?? next));
  }

  /** From one list to the next at the least … */
  #paceMs(): Millis {
    const paceMs = LIST_MS * this.#listed.pages;
    return this.#isPushed ? paceMs : Math.min(LONGEST_LIST_MS, paceMs);
  }

  /** … and where nothing calls for the next one. */
  #longestMs(): Millis {
    return this.#isPushed ? Math.max(LONGEST_LIST_MS, this.#paceMs()) : this.#paceMs();
  }

  #hasSlept(now: Millis): boolean {
    return this.#options.wallTimeOf(now) > this.#dueAt + SLEPT_MS;
  }

  #wakeUp(now: Millis): void {
    this.#failures = 0;
    if (this.#pending === undefined) this.#timers.set('register', now);
    if (this.#state.kind === 'joined' && !this.#isListing) this.#timers.set('list', now);
  }

  #change(state: RegistryState): void {
    if (state.kind === 'off' && this.#state.kind === 'off') return;
    this.#state = state;
    this.#out.push({ kind: 'changed', state });
  }
}
