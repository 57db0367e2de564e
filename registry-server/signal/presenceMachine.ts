// Who is told what of whom: the watched names of one instance, their present state, and the news of each socket, gathered for
// a moment. Asks for reads of the store and is told their outcome; hears what other instances announce.
//
// A name is looked after while somebody watches it: followed on the bus, read once, and read again when its lease ends, when
// two announcements cannot be told apart in time, after the bus was lost, and when somebody changed the store whom no bus announces.

import { type ByKind, dispatch } from '../../src/base/byKind.ts';
import type { Millis } from '../../src/base/clock.ts';
import type { Machine } from '../../src/base/machine.ts';
import { Timers } from '../../src/base/timers.ts';
import { MAX_PEOPLE_IN_FRAME, MAX_WATCHED, type ServerFrame } from '../../src/contract/signal.ts';
import type { NameKeys } from '../nameKeys.ts';
import { LeaseEnds } from './leaseEnds.ts';
import { Outbox } from './outbox.ts';
import { NEWCOMER_TICK_MS, REREAD_MS, TICK_MS } from './params.ts';
import { type Holder, isSameHolder, Newcomers, type News, newsOf } from './presenceNews.ts';
import type { Wish } from './signalSession.ts';

export type PresenceIn<Socket> =
  | {
      readonly kind: 'watch';
      readonly socket: Socket;
      readonly id: number;
      readonly add: readonly Wish[];
      /** Sort keys. */
      readonly remove: readonly string[];
      readonly newcomers: boolean | undefined;
    }
  | { readonly kind: 'gone'; readonly socket: Socket }
  /** The outcome of a `read`: a holder, nobody … */
  | { readonly kind: 'found'; readonly sortKey: string; readonly holder: Holder | undefined }
  /** … or no answer. */
  | { readonly kind: 'unread'; readonly sortKey: string }
  /** Somebody registered, on any instance; without a holder: something changed, and the store knows what. */
  | { readonly kind: 'heard'; readonly sortKey: string; readonly holder: Holder | undefined }
  | { readonly kind: 'newcomer'; readonly holder: Holder }
  /** Somebody changed names whom no bus announces. */
  | { readonly kind: 'changed' }
  /** Announcements may have been missed since it was lost. */
  | { readonly kind: 'bus'; readonly isUp: boolean }
  | { readonly kind: 'time' };

export type PresenceOut<Socket> =
  /** Follow the name on the bus if `isNew`, then ask the store and say `found` or `unread`; nothing of it once nobody watches it. */
  | { readonly kind: 'read'; readonly keys: NameKeys; readonly isNew: boolean }
  | { readonly kind: 'unfollow'; readonly sortKey: string }
  /** `text` is a ServerFrame. */
  | { readonly kind: 'tell'; readonly socket: Socket; readonly text: string }
  | { readonly kind: 'tooMuch'; readonly socket: Socket };

/** A name that somebody watches. */
interface Watched<Socket> {
  readonly keys: NameKeys;
  /** As it was asked for: what nobody's name is called. */
  readonly asked: string;
  readonly watchers: Set<Watcher<Socket>>;
  /** Undefined until it is read for the first time. */
  news: News | undefined;
  holder: Holder | undefined;
  /** Whether an announcement came since the store was asked: it is younger than the answer. */
  isOvertaken: boolean;
  isReading: boolean;
  /** Whether it is in the table of lease ends, where a renewal does not move it. */
  isTimed: boolean;
  /** The answer that is on its way will be too old. */
  isToReadAgain: boolean;
}

interface Watcher<Socket> {
  readonly socket: Socket;
  /** The version that each name was last told in. */
  readonly told: Map<Watched<Socket>, string | undefined>;
  readonly dirty: Set<Watched<Socket>>;
  /** The watch whose names have not all been told. */
  unfinished: number | undefined;
  wantsNewcomers: boolean;
}

type Timer = 'tick' | 'newcomers' | 'reread';
export class PresenceMachine<Socket> implements Machine<PresenceIn<Socket>, PresenceOut<Socket>> {
  readonly #out = new Outbox<PresenceOut<Socket>>();
  readonly #timers = new Timers<Timer>();
  readonly #names = new Map<string, Watched<Socket>>();
  readonly #watchers = new Map<Socket, Watcher<Socket>>();
  readonly #ends = new LeaseEnds<Watched<Socket>>();
  readonly #dirty = new Set<Watcher<Socket>>();
  readonly #newcomers = new Newcomers();
  /** The store was away when these were asked for. */
  readonly #unread = new Set<Watched<Socket>>();
  /** After the bus came back: what has still to be read before everybody's news are whole again. */
  readonly #recovering = new Set<Watched<Socket>>();
  #isStale = false;
  #lastNow: Millis = 0;

  get watchedNames(): number {
    return this.#names.size;
  }

  isWatched(sortKey: string): boolean {
    return this.#names.has(sortKey);
  }

  handle(input: PresenceIn<Socket>, now: Millis): void {
    if (now < this.#lastNow) this.#clockWasSetBack(now);
    this.#lastNow = now;
    dispatch(this.#inputs, input, now);
  }

  poll(): PresenceOut<Socket> | undefined {
    return this.#out.shift();
  }

  deadline(): Millis | undefined {
    const [timer, end] = [this.#timers.deadline(), this.#ends.earliest()];
    return timer === undefined || end === undefined ? (timer ?? end) : Math.min(timer, end);
  }

  readonly #inputs: ByKind<PresenceIn<Socket>, [now: Millis]> = {
    watch: (input, now) => this.#watch(input, now),
    gone: ({ socket }) => this.#gone(socket),
    found: ({ sortKey, holder }, now) => {
      const watched = this.#names.get(sortKey);
      if (watched === undefined) return;
      watched.isReading = false;
      this.#settle(watched, watched.isOvertaken ? watched.holder : holder, now);
      if (watched.isToReadAgain) this.#read(watched);
      else this.#recovered(watched);
    },
    unread: ({ sortKey }, now) => {
      const watched = this.#names.get(sortKey);
      if (watched === undefined) return;
      watched.isReading = false;
      this.#unread.add(watched);
      if (!this.#timers.isSet('reread')) this.#timers.set('reread', now + REREAD_MS);
    },
    heard: ({ sortKey, holder }, now) => this.#hear(sortKey, holder, now),
    newcomer: ({ holder }, now) => this.#meet(holder, now),
    changed: () => {
      for (const watched of this.#names.values()) this.#read(watched);
    },
    bus: ({ isUp }) => (isUp ? this.#busIsBack() : this.#busIsLost()),
    time: (_, now) => {
      for (const timer of this.#timers.takeDue(now)) this.#due[timer]();
      this.#endLeases(now);
    },
  };

  readonly #due: Readonly<Record<Timer, () => void>> = {
    tick: () => {
      for (const watcher of this.#dirty) this.#tell(watcher);
      this.#dirty.clear();
    },
    newcomers: () => this.#tellNewcomers(),
    reread: () => {
      for (const watched of this.#unread) this.#read(watched);
      this.#unread.clear();
    },
  };

  #watch(input: Extract<PresenceIn<Socket>, { kind: 'watch' }>, now: Millis): void {
    const watcher = this.#watcherOf(input.socket);
    for (const sortKey of input.remove) this.#unwatch(watcher, this.#names.get(sortKey));
    for (const wish of input.add) this.#add(watcher, wish);
    if (watcher.told.size > MAX_WATCHED) {
      this.#out.push({ kind: 'tooMuch', socket: input.socket });
      return;
    }
    watcher.wantsNewcomers = input.newcomers ?? watcher.wantsNewcomers;
    watcher.unfinished = input.id;
    this.#arm(watcher, now);
  }

  #watcherOf(socket: Socket): Watcher<Socket> {
    const known = this.#watchers.get(socket);
    if (known !== undefined) return known;
    const watcher = {
      ...{ socket, told: new Map(), dirty: new Set<Watched<Socket>>() },
      ...{ unfinished: undefined, wantsNewcomers: false },
    };
    this.#watchers.set(socket, watcher);
    if (this.#isStale) this.#say(socket, { kind: 'stale' });
    return watcher;
  }

  #add(watcher: Watcher<Socket>, { name, keys, have }: Wish): void {
    const watched = this.#names.get(keys.sortKey) ?? this.#begin(name, keys);
    watched.watchers.add(watcher);
    watcher.told.set(watched, have);
    watcher.dirty.add(watched);
  }

  #begin(asked: string, keys: NameKeys): Watched<Socket> {
    const watched: Watched<Socket> = {
      ...{ keys, asked, watchers: new Set<Watcher<Socket>>(), news: undefined, holder: undefined },
      ...{ isOvertaken: false, isReading: false, isTimed: false, isToReadAgain: false },
    };
    this.#names.set(keys.sortKey, watched);
    this.#read(watched, true);
    return watched;
  }

  #read(watched: Watched<Socket>, isNew = false): void {
    if (watched.isReading) {
      watched.isToReadAgain = true;
      return;
    }
    watched.isReading = true;
    watched.isOvertaken = false;
    watched.isToReadAgain = false;
    this.#out.push({ kind: 'read', keys: watched.keys, isNew });
  }

  #unwatch(watcher: Watcher<Socket>, watched: Watched<Socket> | undefined): void {
    if (watched === undefined || !watcher.told.delete(watched)) return;
    watcher.dirty.delete(watched);
    watched.watchers.delete(watcher);
    if (watched.watchers.size > 0) return;
    this.#names.delete(watched.keys.sortKey);
    this.#unread.delete(watched);
    this.#recovering.delete(watched);
    this.#out.push({ kind: 'unfollow', sortKey: watched.keys.sortKey });
  }

  #gone(socket: Socket): void {
    const watcher = this.#watchers.get(socket);
    if (watcher === undefined) return;
    for (const watched of [...watcher.told.keys()]) this.#unwatch(watcher, watched);
    this.#watchers.delete(socket);
    this.#dirty.delete(watcher);
  }

  /** Of two announcements with one time, or in the wrong order, the store knows which is true. */
  #hear(sortKey: string, holder: Holder | undefined, now: Millis): void {
    const watched = this.#names.get(sortKey);
    if (watched === undefined) return;
    const known = watched.holder;
    if (holder === undefined) return this.#read(watched);
    if (known !== undefined && isSameHolder(known, holder)) return;
    if (known !== undefined && holder.lastSeenAt <= known.lastSeenAt) return this.#read(watched);
    watched.isOvertaken = true;
    this.#settle(watched, holder, now);
  }

  #settle(watched: Watched<Socket>, holder: Holder | undefined, now: Millis): void {
    watched.holder = holder;
    this.#time(watched, now);
    const news = newsOf(watched.asked, holder, now);
    if (news.version === watched.news?.version) return;
    watched.news = news;
    for (const watcher of watched.watchers) {
      watcher.dirty.add(watched);
      this.#arm(watcher, now);
    }
  }

  #time(watched: Watched<Socket>, now: Millis): void {
    const { holder, isTimed } = watched;
    if (isTimed || holder === undefined || holder.leaseUntil <= now) return;
    watched.isTimed = true;
    this.#ends.add(holder.leaseUntil, watched);
  }

  /** A renewal whose announcement was lost must not look like an end: the store is asked first. */
  #endLeases(now: Millis): void {
    for (let watched = this.#ends.takeDue(now); watched !== undefined; watched = this.#ends.takeDue(now)) {
      watched.isTimed = false;
      if (this.#names.get(watched.keys.sortKey) !== watched) continue;
      this.#time(watched, now);
      if (!watched.isTimed && watched.news?.isOnline === true) this.#read(watched);
    }
  }

  /** Leases are in wall time, and so is everything here. What was due soon would else wait for the old time to come again. */
  #clockWasSetBack(now: Millis): void {
    for (const timer of ['tick', 'newcomers', 'reread'] as const)
      if (this.#timers.isSet(timer)) this.#timers.set(timer, now);
  }

  #arm(watcher: Watcher<Socket>, now: Millis): void {
    this.#dirty.add(watcher);
    if (!this.#timers.isSet('tick')) this.#timers.set('tick', now + TICK_MS);
  }

  #tell(watcher: Watcher<Socket>): void {
    const texts: string[] = [];
    for (const watched of watcher.dirty) {
      if (watched.news === undefined) continue;
      watcher.dirty.delete(watched);
      if (watcher.told.get(watched) === watched.news.version) continue;
      watcher.told.set(watched, watched.news.version);
      texts.push(watched.news.text);
    }
    for (let i = 0; i < texts.length; i += MAX_PEOPLE_IN_FRAME) {
      const people = texts.slice(i, i + MAX_PEOPLE_IN_FRAME).join();
      this.#out.push({
        kind: 'tell',
        socket: watcher.socket,
        text: `{"kind":"people","people":[${people}]}`,
      });
    }
    this.#finish(watcher);
  }

  #finish(watcher: Watcher<Socket>): void {
    if (watcher.unfinished === undefined || watcher.dirty.size > 0) return;
    this.#say(watcher.socket, { kind: 'present', id: watcher.unfinished });
    watcher.unfinished = undefined;
  }

  #meet(holder: Holder, now: Millis): void {
    this.#newcomers.add(newsOf(holder.name, holder, now));
    if (!this.#timers.isSet('newcomers')) this.#timers.set('newcomers', now + NEWCOMER_TICK_MS);
  }

  #tellNewcomers(): void {
    const text = this.#newcomers.take();
    for (const { socket, wantsNewcomers } of this.#watchers.values())
      if (wantsNewcomers) this.#out.push({ kind: 'tell', socket, text });
  }

  #busIsLost(): void {
    if (this.#isStale) return;
    this.#isStale = true;
    this.#recovering.clear();
    for (const socket of this.#watchers.keys()) this.#say(socket, { kind: 'stale' });
  }

  #busIsBack(): void {
    if (!this.#isStale) return;
    for (const watched of this.#names.values()) {
      this.#recovering.add(watched);
      this.#read(watched);
    }
    this.#recovered(undefined);
  }

  /** Everybody is told what has changed meanwhile, then that this was all. */
  #recovered(watched: Watched<Socket> | undefined): void {
    if (watched !== undefined && !this.#recovering.delete(watched)) return;
    if (!this.#isStale || this.#recovering.size > 0) return;
    this.#isStale = false;
    this.#timers.clear('tick');
    this.#due.tick();
    for (const socket of this.#watchers.keys()) this.#say(socket, { kind: 'fresh' });
  }

  #say(socket: Socket, frame: ServerFrame): void {
    this.#out.push({ kind: 'tell', socket, text: JSON.stringify(frame) });
  }
}
