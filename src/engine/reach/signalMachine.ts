// The engine's end of the registry's signal socket: dials, proves my key, says whom I watch and is told who comes and goes;
// after a broken road it comes back with what it knows, so that only what differs is told. Knows no WebSocket.
//
//   off -> dialling -> answering -> up -(present)-> live        any failure: waiting, with growing and uneven pauses

import { type BackoffLimits, backoffMs } from '../../base/backoff.ts';
import { type ByKind, dispatch } from '../../base/byKind.ts';
import type { Millis } from '../../base/clock.ts';
import type { Machine } from '../../base/machine.ts';
import { Timers } from '../../base/timers.ts';
import { sameNameKey } from '../../contract/names.ts';
import {
  type ClientFrame,
  MAX_NAMES_IN_FRAME,
  MAX_WATCHED,
  parseFrame,
  ServerFrame,
  SIGNAL_CLOSE,
  SIGNAL_DEAD_MS,
  SIGNAL_PATH,
  SIGNAL_PING_MS,
  type SignalReason,
  type WatchedName,
} from '../../contract/signal.ts';
import { challengeBytes } from '../../wire/signalChallenge.ts';
import type { Signer } from './registryClient.ts';

export const REDIAL: BackoffLimits = { firstMs: 1_000, ceilingMs: 60_000 };
/** A registry without this socket, or one that will not have me, may be another one after an update. */
export const NOT_THERE_MS = 300_000;
/** From dialling to the welcome. */
export const OPENING_MS = 10_000;
/** For an answer to a ping, where there is reason to doubt. */
export const PROBE_MS = 4_000;
/** A socket that lasted this long was a good one: the next pause is short again. */
export const SETTLED_MS = 10_000;
/** Between two changes of what I watch: a registry limits them. */
export const WATCH_PAUSE_MS = 1_000;

export type SignalIn =
  | { readonly kind: 'time' }
  /** `url` is a registry's normal one (registryUrl.ts). Again with the same one: tries at once. */
  | { readonly kind: 'start'; readonly url: string }
  | { readonly kind: 'stop' }
  /** The socket may have died without a sign: it has PROBE_MS to give one. One that is waited for is dialled now. */
  | { readonly kind: 'probe' }
  | { readonly kind: 'opened' }
  | { readonly kind: 'text'; readonly text: string }
  /** `isThere` is false when something answered that has no such socket. */
  | { readonly kind: 'closed'; readonly code: number; readonly isThere: boolean }
  /** All names to watch, the most important first; MAX_WATCHED of them are. */
  | { readonly kind: 'watch'; readonly names: readonly string[] }
  /** `id` is the caller's own. Nothing is kept while the road is down: it is then undeliverable. */
  | { readonly kind: 'signal'; readonly id: number; readonly to: string; readonly body: string };

export type SignalOut =
  /** Replaces what was dialled before. */
  | { readonly kind: 'dial'; readonly url: string }
  | { readonly kind: 'send'; readonly text: string }
  | { readonly kind: 'hangUp' }
  /** Of names that I watch. */
  | { readonly kind: 'people'; readonly people: readonly WatchedName[] }
  | { readonly kind: 'newcomers'; readonly people: readonly WatchedName[]; readonly more: boolean }
  /** The registry can be talked to again. */
  | { readonly kind: 'welcome' }
  /** While true, whatever changes of the names I watch is told. */
  | { readonly kind: 'live'; readonly isLive: boolean }
  | { readonly kind: 'signal'; readonly from: string; readonly body: string }
  | { readonly kind: 'undeliverable'; readonly id: number; readonly reason: SignalReason };

export interface SignalOptions {
  /** Numbers in [0, 1). */
  readonly random: () => number;
  readonly me: Signer;
}

type State = 'off' | 'waiting' | 'dialling' | 'answering' | 'up';
type Timer = 'dial' | 'opening' | 'ping' | 'dead' | 'settled' | 'watch';

export class SignalMachine implements Machine<SignalIn, SignalOut> {
  readonly #options: SignalOptions;
  readonly #timers = new Timers<Timer>();
  readonly #out: SignalOut[] = [];
  #state: State = 'off';
  #url = '';
  #failures = 0;
  #replacedAt: Millis | undefined;
  /** By key: the name as I say it. */
  #wanted = new Map<string, string>();
  /** Keys that this socket was told of. */
  readonly #asked = new Set<string>();
  /** By key: the version that I was told last, for as long as I want the name. */
  readonly #versions = new Map<string, string>();
  #watchId = 0;
  #isPresent = false;
  #isStale = false;
  #wasLive = false;

  constructor(options: SignalOptions) {
    this.#options = options;
  }

  handle(input: SignalIn, now: Millis): void {
    dispatch(this.#inputs, input, now);
  }

  poll(): SignalOut | undefined {
    return this.#out.shift();
  }

  deadline(): Millis | undefined {
    return this.#timers.deadline();
  }

  readonly #inputs: ByKind<SignalIn, [now: Millis]> = {
    time: (_, now) => {
      for (const timer of this.#timers.takeDue(now)) this.#due[timer](now);
    },
    start: ({ url }, now) => {
      if (url === this.#url && this.#state !== 'off') {
        if (this.#state === 'waiting') this.#dial(now);
        return;
      }
      this.#stop();
      this.#url = url;
      this.#dial(now);
    },
    stop: () => this.#stop(),
    probe: (_, now) => {
      if (this.#state === 'waiting') this.#dial(now);
      if (this.#state !== 'up') return;
      this.#due.ping(now);
      this.#timers.set('dead', now + PROBE_MS);
    },
    opened: (_, now) => {
      if (this.#state !== 'dialling') return;
      this.#state = 'answering';
      this.#timers.set('dead', now + SIGNAL_DEAD_MS);
    },
    text: ({ text }, now) => this.#hear(text, now),
    closed: ({ code, isThere }, now) => {
      if (this.#state === 'off' || this.#state === 'waiting') return;
      this.#wait(this.#isHopeless(code, isThere, now) ? NOT_THERE_MS : undefined, now);
    },
    watch: ({ names }, now) => {
      this.#wanted = new Map(names.map((name) => [sameNameKey(name), name] as const).slice(0, MAX_WATCHED));
      for (const key of this.#versions.keys()) if (!this.#wanted.has(key)) this.#versions.delete(key);
      if (this.#state === 'up' && !this.#timers.isSet('watch')) this.#watch(now);
    },
    signal: ({ id, to, body }) => {
      if (this.#state === 'up') this.#send({ kind: 'signal', id, to, body });
      else this.#out.push({ kind: 'undeliverable', id, reason: 'offline' });
    },
  };

  readonly #due: Readonly<Record<Timer, (now: Millis) => void>> = {
    dial: (now) => this.#dial(now),
    opening: (now) => this.#giveUp(undefined, now),
    dead: (now) => this.#giveUp(undefined, now),
    ping: (now) => {
      this.#send({ kind: 'ping' });
      this.#timers.set('ping', now + SIGNAL_PING_MS);
    },
    settled: () => {
      this.#failures = 0;
    },
    watch: (now) => this.#watch(now),
  };

  /** What is not here is said to others or of no use. */
  readonly #frames: Partial<ByKind<ServerFrame, [now: Millis]>> = {
    challenge: ({ challenge, host }, now) => {
      if (this.#state !== 'answering') return;
      // A challenge for another host is another registry's: who signs it lets this one be me over there.
      if (host !== new URL(this.#url).host) return this.#giveUp(NOT_THERE_MS, now);
      const { me } = this.#options;
      const { publicKey } = me;
      const signature = me.sign(challengeBytes({ challenge, host, publicKey }));
      this.#send({ kind: 'answer', publicKey, signature });
    },
    welcome: (_, now) => {
      if (this.#state !== 'answering') return;
      this.#state = 'up';
      this.#timers.clear('opening');
      this.#timers.set('ping', now + SIGNAL_PING_MS);
      this.#timers.set('settled', now + SETTLED_MS);
      this.#out.push({ kind: 'welcome' });
      this.#watch(now, true);
    },
    people: ({ people }) => {
      const known = people.filter(({ name }) => this.#wanted.has(sameNameKey(name)));
      for (const { name, version } of known) this.#versions.set(sameNameKey(name), version);
      if (known.length > 0) this.#out.push({ kind: 'people', people: known });
    },
    present: ({ id }) => {
      if (id !== this.#watchId) return;
      this.#isPresent = true;
      this.#tellLive();
    },
    newcomers: ({ people, more }) => this.#out.push({ kind: 'newcomers', people, more }),
    stale: () => {
      this.#isStale = true;
      this.#tellLive();
    },
    fresh: () => {
      this.#isStale = false;
      this.#tellLive();
    },
    signal: ({ from, body }) => this.#out.push({ kind: 'signal', from, body }),
    undeliverable: ({ id, reason }) => this.#out.push({ kind: 'undeliverable', id, reason }),
  };

  #hear(text: string, now: Millis): void {
    if (this.#state !== 'answering' && this.#state !== 'up') return;
    const frame = parseFrame(ServerFrame, text);
    if (frame === undefined) return this.#giveUp(NOT_THERE_MS, now);
    this.#timers.set('dead', now + SIGNAL_DEAD_MS);
    const isEarly = this.#state === 'answering' && frame.kind !== 'challenge' && frame.kind !== 'welcome';
    if (isEarly) return;
    dispatch(this.#frames, frame, now);
  }

  #dial(now: Millis): void {
    this.#timers.clearAll();
    this.#state = 'dialling';
    this.#timers.set('opening', now + OPENING_MS);
    this.#out.push({ kind: 'dial', url: this.#url.replace(/^http/, 'ws') + SIGNAL_PATH });
  }

  /** Replaced once may be a late word of my own past at another instance; twice is another engine with my key. */
  #isHopeless(code: number, isThere: boolean, now: Millis): boolean {
    if (code !== SIGNAL_CLOSE.replaced) return !isThere || HOPELESS.has(code);
    const before = this.#replacedAt;
    this.#replacedAt = now;
    return before !== undefined && now - before < NOT_THERE_MS;
  }

  #giveUp(pauseMs: Millis | undefined, now: Millis): void {
    this.#out.push({ kind: 'hangUp' });
    this.#wait(pauseMs, now);
  }

  #wait(pauseMs: Millis | undefined, now: Millis): void {
    this.#timers.clearAll();
    this.#loseSocket();
    this.#state = 'waiting';
    const pause = pauseMs ?? backoffMs(++this.#failures, REDIAL, this.#options.random);
    this.#timers.set('dial', now + pause);
  }

  #stop(): void {
    if (this.#state !== 'off' && this.#state !== 'waiting') this.#out.push({ kind: 'hangUp' });
    this.#timers.clearAll();
    this.#loseSocket();
    this.#state = 'off';
    this.#failures = 0;
    this.#versions.clear();
  }

  #loseSocket(): void {
    this.#asked.clear();
    this.#isPresent = false;
    this.#isStale = false;
    this.#tellLive();
  }

  /** Says what is new in what I want. A new socket is told all of it, and at least one frame, as its answer makes us live. */
  #watch(now: Millis, isFirst = false): void {
    const add = [...this.#wanted].filter(([key]) => !this.#asked.has(key));
    const gone = [...this.#asked].filter((key) => !this.#wanted.has(key));
    for (let i = 0; i < Math.max(add.length, gone.length, Number(isFirst)); i += MAX_NAMES_IN_FRAME) {
      const some = add.slice(i, i + MAX_NAMES_IN_FRAME).map(([key, name]) => this.#wishOf(key, name));
      const remove = gone.slice(i, i + MAX_NAMES_IN_FRAME);
      this.#send({ kind: 'watch', id: ++this.#watchId, add: some, remove, newcomers: true });
      this.#timers.set('watch', now + WATCH_PAUSE_MS);
    }
    for (const [key] of add) this.#asked.add(key);
    for (const key of gone) this.#asked.delete(key);
  }

  #wishOf(key: string, name: string) {
    const have = this.#versions.get(key);
    return have === undefined ? { name } : { name, have };
  }

  #tellLive(): void {
    const isLive = this.#isPresent && !this.#isStale;
    if (isLive === this.#wasLive) return;
    this.#wasLive = isLive;
    this.#out.push({ kind: 'live', isLive });
  }

  #send(frame: ClientFrame): void {
    this.#out.push({ kind: 'send', text: JSON.stringify(frame) });
  }
}

/** Trying again soon would end the same way. */
const HOPELESS: ReadonlySet<number> = new Set([SIGNAL_CLOSE.malformed, SIGNAL_CLOSE.unauthenticated]);
