// The links that are open: takes channels in, lets one per peer live, asks my person about strangers, and passes on what
// each machine asks for. Dialling is the dialler's.

import type { Disposable } from '../../base/disposable.ts';
import type { Logger } from '../../base/logger.ts';
import { TokenBuckets } from '../../base/tokenBuckets.ts';
import { FailureError } from '../../contract/failure.ts';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import { type Entry, type Hello, TLS_CARRIER } from '../../wire/linkFrames.ts';
import type { Conversations } from '../conversations/conversations.ts';
import type { SecureChannel } from '../io/secureChannel.ts';
import { steadyClock, wallClock } from '../io/systemClock.ts';
import { chooseLink, type LinkFacts } from '../link/chooseLink.ts';
import type { LinkEnd, LocalEnd } from '../link/linkEnd.ts';
import type { AsideFrame, LinkIn, LinkOut, TransferFrame } from '../link/linkMessages.ts';
import type { People } from '../people/people.ts';
import { MAX_CANDIDATES, pathOf } from '../reach/candidates.ts';
import type { Store } from '../store/store.ts';
import { AskingLimits, MAX_ASKING } from './askingLimits.ts';
import { LiveLink } from './liveLink.ts';

/** Beyond so many the oldest of a stranger that has not said hello makes room: more than these are friends'. */
const MAX_WITH_STRANGERS = 256;
/** A bound on connections, below the listener's own (tlsListener.ts). Beyond it the oldest of anybody that has not said hello makes room. */
const MAX_LINKS = 768;
/**
 * A bound on one person's links that have said hello: two crossing dials, and what has died without a sign. Beyond it their oldest
 * makes room. With the bounds on questions it leaves places for everybody else.
 */
const MAX_OF_ONE = 4;
/**
 * How often one person may say that they have other entries of mine than I do, which gives everything that waits for them other numbers:
 * a store is put back once in a long time, and hardly four times in a row.
 */
export const SKIP_RATE = { burst: 4, perSecond: 1 / 600 } as const;
const DUPLICATE: LinkIn = { kind: 'end', reason: 'duplicate' };

export interface LinksListener {
  onUp(link: LiveLink): void;
  /** The link that everything went over has ended, and no other one is up. */
  onDown(peer: Fingerprint): void;
  /** The last link with this peer has ended. */
  onEnd(peer: Fingerprint, end: LinkEnd): void;
  onTransferFrame(link: LiveLink, frame: TransferFrame): void;
  onAside(link: LiveLink, frame: AsideFrame): void;
}

/** What each hello of mine says, apart from the numbers. */
export interface Introduction {
  /** Undefined while signed out: nobody is let in. */
  readonly name: string | undefined;
  /** 16 random hexadecimal digits of this engine's start. */
  readonly instance: string;
  readonly udpPort: number;
  readonly tcpPort?: number | undefined;
}

export class Links implements Disposable {
  readonly #people: People;
  readonly #conversations: Conversations;
  readonly #store: Store;
  readonly #introduction: () => Introduction;
  readonly #me: Fingerprint;
  readonly #log: Logger;
  readonly #open = new Map<Fingerprint, Set<LiveLink>>();
  /** The same links in the order in which they came. */
  readonly #all = new Set<LiveLink>();
  readonly #active = new Map<Fingerprint, LiveLink>();
  /** Came in this turn of the loop and is not stored yet. At most what a link may have unacknowledged. */
  readonly #gathered = new Map<LiveLink, Entry[]>();
  readonly #limits = new AskingLimits(steadyClock);
  readonly #skips = new TokenBuckets(SKIP_RATE, MAX_LINKS);
  #listener: LinksListener | undefined;
  #disposed = false;

  constructor(
    me: Fingerprint,
    people: People,
    conversations: Conversations,
    store: Store,
    introduction: () => Introduction,
    log: Logger,
  ) {
    this.#me = me;
    this.#people = people;
    this.#conversations = conversations;
    this.#store = store;
    this.#introduction = introduction;
    this.#log = log;
  }

  connect(listener: LinksListener): void {
    this.#listener = listener;
  }

  /** Takes a channel whose peer has proved its key. False when there is no place for it; it is closed then. */
  adopt(channel: SecureChannel): boolean {
    const { name, instance, udpPort, tcpPort } = this.#introduction();
    if (this.#disposed || name === undefined || channel.peer === this.#me || !this.#hasRoom()) {
      channel.close();
      return false;
    }
    const { entries } = this.#store;
    const marks = entries.marks(channel.peer);
    const options = {
      name,
      instance,
      udpPort,
      tcpPort,
      accepts: this.#people.contact(channel.peer)?.standing === 'accepted',
      received: marks.received,
      receivedId: entries.idOf(channel.peer, 'peer', marks.received),
      read: marks.readByMe,
      written: marks.lastMine,
      idOfMine: (number: number) => this.#idOfWaiting(channel.peer, number),
      capabilities: [TLS_CARRIER],
    };
    const link = new LiveLink(channel, options, (from, out) => this.#carryOut(from, out));
    this.#open.set(channel.peer, (this.#open.get(channel.peer) ?? new Set()).add(link));
    this.#all.add(link);
    return true;
  }

  /** The link that everything goes over. */
  up(peer: Fingerprint): LiveLink | undefined {
    return this.#active.get(peer);
  }

  asking(peer: Fingerprint): LiveLink | undefined {
    return this.#find(peer, 'asking');
  }

  isOpen(peer: Fingerprint): boolean {
    return (this.#open.get(peer)?.size ?? 0) > 0;
  }

  /** My person's answer; a "no" is remembered for a while. Nothing happens when nobody asks any more. */
  answer(peer: Fingerprint, accepted: boolean): void {
    if (!accepted) this.#limits.declined(peer);
    this.tell(peer, { kind: 'answer', accepted });
  }

  /** To every link with this peer. */
  tell(peer: Fingerprint, input: LinkIn): void {
    for (const link of [...(this.#open.get(peer) ?? [])]) link.handle(input);
  }

  end(peer: Fingerprint, reason: LocalEnd): void {
    this.tell(peer, { kind: 'end', reason });
  }

  /** Every connection has a few seconds to show that it lives. */
  probeAll(): void {
    for (const peer of [...this.#open.keys()]) this.tell(peer, { kind: 'probe' });
  }

  /** As an engine does that stops. */
  endAll(): void {
    for (const peer of [...this.#open.keys()]) this.end(peer, 'stopping');
  }

  /** A handshake that is under way may end later: its channel is not taken. */
  dispose(): void {
    this.#disposed = true;
    this.endAll();
  }

  /** Where they have another one now under the number of one that they have had, it is not my store that was put back last. */
  #idOfWaiting(peer: Fingerprint, number: number): string | undefined {
    const { entries } = this.#store;
    return number > entries.marks(peer).delivered ? entries.idOf(peer, 'me', number) : undefined;
  }

  #carryOut(link: LiveLink, out: LinkOut): void {
    // What follows an entry may depend on it: a file's receiver is ready right after it has said yes.
    if (out.kind === 'transfer' || out.kind === 'closed') this.#storeGathered(link);
    this.#guard(link, () => this.#obey(link, out));
    if (out.kind === 'ask' || out.kind === 'waiting' || out.kind === 'up') this.#boundGreeted(link.peer);
  }

  /** What the disk does not take is not acknowledged, and comes again over a later link. */
  #guard(link: LiveLink, work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof FailureError)) throw error;
      this.#log.error(`a link with ${this.#people.nameOf(link.peer)} ends: ${error.message}`);
      link.handle({ kind: 'end', reason: 'stopping' });
    }
  }

  #obey(link: LiveLink, out: LinkOut): void {
    const { peer } = link;
    switch (out.kind) {
      case 'ask':
        return this.#ask(link, out.hello);
      case 'waiting':
        return this.#people.setLink(peer, 'waiting');
      case 'up':
        return this.#comeUp(link, out.hello);
      case 'needEntries':
        return link.handle({
          kind: 'entries',
          entries: this.#conversations.mineAfter(peer, out.after, out.limit),
        });
      case 'entry':
        return this.#gather(link, out.entry);
      case 'sent':
        return this.#showSent(link, out.upTo);
      case 'delivered':
        return this.#conversations.delivered(peer, out.upTo);
      case 'read':
        return this.#conversations.readByPeer(peer, out.upTo);
      case 'transfer':
        return this.#listener?.onTransferFrame(link, out.frame);
      case 'aside':
        return this.#listener?.onAside(link, out.frame);
      case 'closed':
        return this.#closed(link, out.end);
      case 'send':
        return;
    }
  }

  /** After this turn's work: an entry goes out before windows hear of it, and they hear of it before they hear that it was sent. */
  #showSent(link: LiveLink, upTo: number): void {
    queueMicrotask(() => this.#guard(link, () => this.#people.setSent(link.peer, upTo)));
  }

  /** Entries that come together are stored together: each time costs a wait for the disk. */
  #gather(link: LiveLink, entry: Entry): void {
    const gathered = this.#gathered.get(link);
    if (gathered !== undefined) {
      gathered.push(entry);
      return;
    }
    this.#gathered.set(link, [entry]);
    queueMicrotask(() => this.#storeGathered(link));
  }

  #storeGathered(link: LiveLink): void {
    const entries = this.#gathered.get(link);
    if (entries === undefined) return;
    this.#gathered.delete(link);
    this.#guard(link, () =>
      this.#conversations.take(link.peer, entries, (upTo) => link.handle({ kind: 'stored', upTo })),
    );
  }

  #ask(link: LiveLink, hello: Hello): void {
    const { peer } = link;
    // My person has said yes since the connection was made.
    if (this.#people.contact(peer)?.standing === 'accepted')
      return link.handle({ kind: 'answer', accepted: true });
    const refusal = this.#refusalOf(peer, hello.name);
    if (refusal !== undefined) return link.handle(refusal);
    this.#people.meet(peer, hello.name);
    this.#people.setLink(peer, 'asking');
  }

  /** Why my person is not asked. */
  #refusalOf(peer: Fingerprint, name: string): LinkIn | undefined {
    // Whom my person has blocked hears what anybody hears who was declined a moment ago.
    if (this.#people.contact(peer)?.standing === 'blocked') return { kind: 'answer', accepted: false };
    const pinned = this.#people.fingerprintOf(name);
    const isImpostor =
      pinned !== undefined && pinned !== peer && this.#people.contact(pinned)?.standing === 'accepted';
    if (isImpostor) {
      // Only the registry's word marks the pinned person: else anybody could come between my person and a friend.
      this.#log.warn(`somebody with another key says to be ${name}: ${peer}`);
      return { kind: 'answer', accepted: false };
    }
    if (this.#limits.isQuiet(peer)) return { kind: 'answer', accepted: false };
    return this.#mayBeAsked(peer) ? undefined : { kind: 'end', reason: 'busy' };
  }

  /** The same person's question over another link counts like any other: else one would pay for all of them, for ever. */
  #mayBeAsked(peer: Fingerprint): boolean {
    return this.#othersAsking(peer) < MAX_ASKING && this.#limits.takeQuestion(peer);
  }

  #comeUp(link: LiveLink, hello: Hello): void {
    const { peer } = link;
    this.#learnFrom(link, hello);
    this.#conversations.delivered(peer, hello.received);
    this.#conversations.readByPeer(peer, hello.read);
    const older = this.#active.get(peer);
    const choice =
      older === undefined ? undefined : chooseLink(factsOf(older), factsOf(link), this.#me, peer);
    if (choice === 'closeNewer') return link.handle(DUPLICATE);
    // They may have another address by now: then nothing comes over the older one any more, and no word that it ends.
    if (choice === 'theirs') return older?.handle({ kind: 'probe' });
    this.#announce(link);
    older?.handle(DUPLICATE);
  }

  #announce(link: LiveLink): void {
    this.#active.set(link.peer, link);
    this.#people.setLink(link.peer, 'connected', pathOf(link.channel.localHost, link.channel.remoteHost));
    this.#listener?.onUp(link);
  }

  #learnFrom({ peer, channel }: LiveLink, hello: Hello): void {
    const { name } = hello;
    const isFree = !this.#people.isTaken(name);
    this.#people.learn(peer, {
      standing: 'accepted',
      lastSeenAt: wallClock.now(),
      ...(isFree ? { name } : {}),
      ...(channel.dialledByMe ? this.#placesOf(peer, channel) : {}),
    });
  }

  /** The address that has answered, and behind it the others: it may be gone while no registry says where else to look. */
  #placesOf(peer: Fingerprint, { remoteHost, remotePort }: SecureChannel) {
    const hosts = new Set([remoteHost, ...(this.#people.contact(peer)?.hosts ?? [])]);
    return { hosts: [...hosts].slice(0, MAX_CANDIDATES), tcpPort: remotePort };
  }

  #closed(link: LiveLink, end: LinkEnd): void {
    const { peer } = link;
    this.#log.info(`link with ${this.#people.nameOf(peer)} ended: ${JSON.stringify(end)}`);
    // While this one still counts as open, so that the peer's last end is told once, and is this one.
    if (end.kind === 'ahead' && this.#skipTo(peer, end.received)) this.#endStale(peer);
    this.#remove(link);
    if (this.#active.get(peer) === link) this.#replace(peer);
    if (this.isOpen(peer)) return this.#takeBack(link);
    this.#people.forget(peer);
    this.#listener?.onEnd(peer, end);
    if (link.upAt !== undefined) this.#people.seen(peer);
  }

  /** A question is shown while a link asks it; one that has not said hello asks nothing. */
  #takeBack({ peer, hello }: LiveLink): void {
    const stages = ['up', 'asking', 'waiting'] as const;
    const isShown = stages.some((stage) => this.#find(peer, stage) !== undefined);
    if (hello !== undefined && !isShown) this.#people.forget(peer);
  }

  /** Beyond the rate it is not believed: the link ends, and a later one may say it again. */
  #skipTo(peer: Fingerprint, received: number): boolean {
    return this.#skips.takeNow(peer, 1, steadyClock.now()) && this.#conversations.skipTo(peer, received);
  }

  /** My entries have other numbers now: what these links count from is not there any more. The active one last, as none may replace it. */
  #endStale(peer: Fingerprint): void {
    const active = this.#active.get(peer);
    const others = [...(this.#open.get(peer) ?? [])].filter((link) => link !== active);
    for (const link of others) link.handle({ kind: 'end', reason: 'stopping' });
    active?.handle({ kind: 'end', reason: 'stopping' });
  }

  #replace(peer: Fingerprint): void {
    this.#active.delete(peer);
    const next = this.#find(peer, 'up');
    if (next !== undefined) return this.#announce(next);
    this.#people.setLink(peer, 'none');
    this.#listener?.onDown(peer);
  }

  #remove(link: LiveLink): void {
    const links = this.#open.get(link.peer);
    links?.delete(link);
    this.#all.delete(link);
    if (links?.size === 0) this.#open.delete(link.peer);
  }

  #find(peer: Fingerprint, stage: LiveLink['stage']): LiveLink | undefined {
    return [...(this.#open.get(peer) ?? [])].find((link) => link.stage === stage);
  }

  #hasRoom(): boolean {
    const isFull = this.#all.size >= MAX_LINKS;
    const mayGo = ({ stage, peer }: LiveLink) =>
      stage === 'greeting' && (isFull || this.#people.contact(peer)?.standing !== 'accepted');
    if (this.#all.size >= MAX_WITH_STRANGERS) [...this.#all].find(mayGo)?.handle({ kind: 'lost' });
    return this.#all.size < MAX_LINKS;
  }

  #boundGreeted(peer: Fingerprint): void {
    const greeted = [...(this.#open.get(peer) ?? [])].filter(({ hello }) => hello !== undefined);
    if (greeted.length > MAX_OF_ONE) greeted[0]?.handle(DUPLICATE);
  }

  /** How many people beside this one ask now. */
  #othersAsking(peer: Fingerprint): number {
    const others = [...this.#open.keys()].filter((other) => other !== peer);
    return others.filter((other) => this.asking(other) !== undefined).length;
  }
}

function factsOf({ channel, hello, upAt }: LiveLink): LinkFacts {
  return { dialledBy: channel.dialledByMe ? 'me' : 'peer', instance: hello?.instance ?? '', upAt: upAt ?? 0 };
}
