// Reaches people: once because my person asks and waits, and again and again for those we want to be connected with.

import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/disposable.ts';
import type { Alarm } from '../../base/drive.ts';
import type { Logger } from '../../base/logger.ts';
import { FailureError, fail } from '../../contract/failure.ts';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import type { Abort } from '../../contract/rpc.ts';
import { LINK_VERSION } from '../../wire/linkFrames.ts';
import { Drive } from '../io/drive.ts';
import type { Credentials } from '../io/secureChannel.ts';
import { dialTls, OtherKeyError } from '../io/tlsDial.ts';
import type { LinkEnd } from '../link/linkEnd.ts';
import { ANSWER_MS } from '../link/params.ts';
import { type RedialIn, RedialMachine, type RedialOut } from '../link/redialMachine.ts';
import type { People } from '../people/people.ts';
import type { Candidate } from '../reach/candidates.ts';
import type { Links } from './links.ts';

interface Waiter {
  resolve(): void;
  reject(error: unknown): void;
}

/** Where this person may be reached now, best first. Failures: notSignedUp, keyChanged, peerAway. */
export type FindCandidates = (peer: Fingerprint, signal: AbortSignal) => Promise<readonly Candidate[]>;

/** The time and the timers of waits between dials; the engine's own unless told. */
export interface DialTime {
  readonly clock: Clock;
  readonly alarm: Alarm;
}

export class Dialler implements Disposable {
  readonly #people: People;
  readonly #links: Links;
  readonly #credentials: Credentials;
  readonly #findCandidates: FindCandidates;
  readonly #log: Logger;
  readonly #time: DialTime | undefined;
  readonly #redials = new Map<Fingerprint, Drive<RedialIn, RedialOut>>();
  readonly #dials = new Map<Fingerprint, AbortController>();
  readonly #waiters = new Map<Fingerprint, Set<Waiter>>();
  #disposed = false;

  constructor(
    people: People,
    links: Links,
    credentials: Credentials,
    findCandidates: FindCandidates,
    log: Logger,
    time?: DialTime,
  ) {
    this.#people = people;
    this.#links = links;
    this.#credentials = credentials;
    this.#findCandidates = findCandidates;
    this.#log = log;
    this.#time = time;
  }

  /**
   * My person wants a link with `peer`: resolves when messages flow. Ends within a dial and ANSWER_MS. Failures: those of FindCandidates,
   * otherKeyAnswers, peerBlocked, connectionRejected, connectionUnanswered, connectionCancelled, versionMismatch, engineGone.
   */
  connect(peer: Fingerprint, abort?: Abort): Promise<void> {
    const name = this.#people.nameOf(peer);
    const contact = this.#people.contact(peer);
    if (contact?.standing === 'blocked') return Promise.reject(fail('peerBlocked', { name }));
    if (contact?.nameConflict !== undefined) return Promise.reject(fail('keyChanged', { name }));
    this.#people.learn(peer, { standing: 'accepted', connectWanted: true });
    if (this.#links.up(peer) !== undefined) return Promise.resolve();
    const outcome = this.#wait(peer, abort);
    if (this.#links.asking(peer) !== undefined) this.#links.answer(peer, true);
    else if (!this.#links.isOpen(peer)) {
      this.#redials.get(peer)?.handle({ kind: 'wanted', isWanted: true });
      void this.#dial(peer);
    }
    return outcome;
  }

  /** Ends a dial or a question of mine that is still going on, in every window that waits for it. A link that is up stays. */
  cancel(peer: Fingerprint): void {
    if (this.#links.up(peer) !== undefined) return;
    if (this.#people.contact(peer) !== undefined) this.#people.learn(peer, { connectWanted: false });
    this.#stop(peer, fail('connectionCancelled', { name: this.#people.nameOf(peer) }));
    this.#links.end(peer, 'disconnected');
  }

  /** My person wants nothing to do with this key any more: neither a link nor to be asked. */
  leave(peer: Fingerprint): void {
    this.#stop(peer, fail('peerBlocked', { name: this.#people.nameOf(peer) }));
    this.#links.end(peer, 'blocked');
  }

  disconnect(peer: Fingerprint): void {
    this.#links.end(peer, 'disconnected');
    this.cancel(peer);
  }

  /** There is something for them, or they have just appeared or gone: dial when that can help. */
  consider(peer: Fingerprint): void {
    const contact = this.#people.contact(peer);
    const isWanted = contact?.standing === 'accepted' && contact.connectWanted;
    if (!isWanted && !this.#redials.has(peer)) return;
    this.#tellPresence(peer, this.#redialOf(peer));
  }

  considerAll(): void {
    for (const { fingerprint } of [...this.#people.contacts()]) this.consider(fingerprint);
  }

  /** What failed before may work now. */
  wake(): void {
    for (const redial of this.#redials.values()) redial.handle({ kind: 'woke' });
    this.considerAll();
  }

  /** My person signs out: whoever is being reached is left alone. */
  endAll(): void {
    for (const peer of [...this.#dials.keys()]) {
      this.#endDial(peer);
      this.#settle(peer, fail('notSignedUp', {}));
    }
    // A directory that goes says so, too, but there may be none: of a registry that does not answer.
    this.considerAll();
  }

  /** My person wrote to them: earlier refusals of a link count no more. */
  want(peer: Fingerprint): void {
    if (this.#people.contact(peer)?.connectWanted !== true) this.#people.learn(peer, { connectWanted: true });
    if (!this.#links.isOpen(peer)) this.#redialOf(peer).handle({ kind: 'wanted', isWanted: true });
    this.consider(peer);
  }

  onUp(peer: Fingerprint): void {
    this.#redialOf(peer).handle({ kind: 'up' });
    this.#settle(peer, undefined);
  }

  onEnd(peer: Fingerprint, end: LinkEnd): void {
    // A "no" holds over restarts: my person asks again, or nobody does.
    if (end.kind === 'rejected' && end.reason !== 'busy') this.#people.learn(peer, { connectWanted: false });
    this.#settle(peer, failureOf(end, this.#people.nameOf(peer)));
    if (this.#redials.has(peer)) this.#redialOf(peer).handle({ kind: 'ended', end });
  }

  dispose(): void {
    this.#disposed = true;
    for (const dial of this.#dials.values()) dial.abort();
    for (const redial of this.#redials.values()) redial.dispose();
    for (const peer of [...this.#waiters.keys()]) this.#settle(peer, fail('engineGone', {}));
  }

  #redialOf(peer: Fingerprint): Drive<RedialIn, RedialOut> {
    const known = this.#redials.get(peer);
    if (known !== undefined) return known;
    const dial = () => {
      if (!this.#links.isOpen(peer)) void this.#dial(peer);
    };
    const { clock, alarm } = this.#time ?? {};
    const machine = new RedialMachine(Math.random);
    const redial = new Drive<RedialIn, RedialOut>(machine, { kind: 'time' }, dial, clock, alarm);
    this.#redials.set(peer, redial);
    this.#tellPresence(peer, redial);
    redial.handle({ kind: 'wanted', isWanted: true });
    return redial;
  }

  /** Whose name is somebody else's now is not looked for: where the registry sends us is not theirs. */
  #tellPresence(peer: Fingerprint, redial: Drive<RedialIn, RedialOut>): void {
    const isDoubtful = this.#people.contact(peer)?.nameConflict !== undefined;
    redial.handle({ kind: 'presence', where: isDoubtful ? undefined : this.#people.whereToDial(peer) });
  }

  #stop(peer: Fingerprint, why: FailureError): void {
    this.#redials.get(peer)?.dispose();
    this.#redials.delete(peer);
    this.#endDial(peer);
    this.#settle(peer, why);
  }

  async #dial(peer: Fingerprint): Promise<void> {
    if (this.#dials.has(peer) || this.#disposed) return;
    const dial = new AbortController();
    this.#dials.set(peer, dial);
    this.#people.setLink(peer, 'dialling');
    try {
      const candidates = await this.#findCandidates(peer, dial.signal);
      const channel = await dialTls(candidates, peer, this.#credentials, dial.signal);
      // Given up in the very turn in which it succeeded.
      if (dial.signal.aborted) return channel.close();
      this.#dials.delete(peer);
      if (!this.#links.adopt(channel))
        this.#unreachable(peer, new Error('there is no place for another link'));
    } catch (error) {
      if (dial.signal.aborted) return;
      this.#dials.delete(peer);
      this.#unreachable(peer, error);
    }
  }

  #endDial(peer: Fingerprint): void {
    const dial = this.#dials.get(peer);
    if (dial === undefined) return;
    this.#dials.delete(peer);
    dial.abort();
    // A link that is open tells how it went; else this dial has to end for whoever counts on its end.
    if (this.#links.isOpen(peer)) return;
    this.#people.setLink(peer, 'none');
    this.#redials.get(peer)?.handle({ kind: 'unreachable' });
  }

  #unreachable(peer: Fingerprint, error: unknown): void {
    this.#log.info(
      `${this.#people.nameOf(peer)} could not be reached: ${error instanceof Error ? error.message : error}`,
    );
    if (this.#links.isOpen(peer)) return;
    this.#people.setLink(peer, 'none');
    this.#settle(peer, dialFailure(error, this.#people.nameOf(peer)));
    this.#redials.get(peer)?.handle({ kind: 'unreachable' });
  }

  #wait(peer: Fingerprint, abort: Abort | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiter = { resolve, reject };
      const waiters = this.#waiters.get(peer) ?? new Set<Waiter>();
      this.#waiters.set(peer, waiters.add(waiter));
      abort?.addEventListener('abort', () => this.#giveUp(peer, waiter));
    });
  }

  /** The last one who waits calls it off for good; the others of them only for themselves. */
  #giveUp(peer: Fingerprint, waiter: Waiter): void {
    const waiters = this.#waiters.get(peer);
    if (!waiters?.has(waiter)) return;
    if (waiters.size === 1) return this.cancel(peer);
    waiters.delete(waiter);
    waiter.reject(fail('connectionCancelled', { name: this.#people.nameOf(peer) }));
  }

  #settle(peer: Fingerprint, failure: FailureError | undefined): void {
    const waiters = this.#waiters.get(peer);
    this.#waiters.delete(peer);
    for (const waiter of waiters ?? []) failure === undefined ? waiter.resolve() : waiter.reject(failure);
  }
}

function dialFailure(error: unknown, name: string): FailureError {
  if (error instanceof FailureError) return error;
  return error instanceof OtherKeyError
    ? fail('otherKeyAnswers', { name }, error)
    : fail('peerAway', { name }, error);
}

function failureOf(end: LinkEnd, name: string): FailureError {
  switch (end.kind) {
    case 'rejected':
      if (end.reason === 'unanswered')
        return fail('connectionUnanswered', { name, seconds: ANSWER_MS / 1000 });
      return fail('connectionRejected', { name });
    case 'version':
      return fail('versionMismatch', { name, theirs: end.theirs, ours: LINK_VERSION });
    case 'local':
    case 'refused':
      return fail('connectionCancelled', { name });
    default:
      return fail('peerAway', { name });
  }
}
