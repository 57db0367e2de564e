// What others share, and what my person fetches of it. Asking is the yes to the offer that answers it; before that offer comes
// nothing is stored, and an owner who stays silent is asked three times.

import { randomBytes } from 'node:crypto';
import type { Disposable } from '../../base/disposable.ts';
import { type Failure, fail, failure } from '../../contract/failure.ts';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import { safeFileName } from '../../contract/names.ts';
import type { Abort } from '../../contract/rpc.ts';
import type { SharedItem } from '../../contract/shared.ts';
import { MAX_ATTEMPTS, type Transfer } from '../../contract/transfer.ts';
import type { LiveLink } from '../connections/liveLink.ts';
import type { OfferBody } from '../files/transferWords.ts';
import type { AsideFrame } from '../link/linkMessages.ts';
import type { People } from '../people/people.ts';
import type { Store } from '../store/store.ts';
import { type StoredTransfer, shownTransfer } from '../store/transfers.ts';
import type { Published } from '../windows/published.ts';

/**
 * How long one try waits for the offer: as long as the course's protocols wait for an answer about a file, where only one about a
 * connection may take longer (15 s). The owner may have to draw a picture.
 */
export const FETCH_ANSWER_MS = 10_000;
/** A bound on what windows can have asked for at a time. */
const MAX_ASKS = 64;
/** Beside its doubling: what a small file may grow by between the list and the offer. */
const MAX_GROWTH_BYTES = 2 ** 20;
/** A list that changes faster is shown at this pace: a bound on what an owner can make windows do. */
const NEWS_EVERY_MS = 200;

export type SharedFrame = Extract<AsideFrame, { kind: 'shared' }>;
export type FetchRefusedFrame = Extract<AsideFrame, { kind: 'fetchRefused' }>;

export interface Fetch {
  readonly peer: Fingerprint;
  readonly itemId: string;
  readonly folder: string;
}

/** A yes that was said before the offer came. */
export interface Wish {
  readonly folder: string;
}

interface Ask extends Fetch {
  readonly transferId: string;
  /** As it stood on the list when my person asked. */
  readonly item: SharedItem;
  readonly answer: PromiseWithResolvers<Transfer>;
  tries: number;
  timer?: NodeJS.Timeout;
}

interface News {
  readonly timer: NodeJS.Timeout;
  latest?: readonly SharedItem[];
}

export class Fetches implements Disposable {
  readonly #store: Store;
  readonly #people: People;
  readonly #published: Published;
  readonly #linkOf: (peer: Fingerprint) => LiveLink | undefined;
  readonly #accept: (id: string, folder: string, abort?: Abort) => Promise<void>;
  readonly #expectWritable: (folder: string, abort?: Abort) => Promise<void>;
  /** By the id of the transfer. */
  readonly #asks = new Map<string, Ask>();
  /** Ids of transfers whose asks were called off: their owners may have offered them already. */
  readonly #calledOff = new Set<string>();
  readonly #news = new Map<Fingerprint, News>();

  constructor(parts: {
    readonly store: Store;
    readonly people: People;
    readonly published: Published;
    readonly linkOf: (peer: Fingerprint) => LiveLink | undefined;
    /** Says yes to an offer that waits for an answer. */
    readonly accept: (id: string, folder: string, abort?: Abort) => Promise<void>;
    /** Looks at the folder before anybody is asked: an offer that is taken without a question must find it. */
    readonly expectWritable: (folder: string, abort?: Abort) => Promise<void>;
  }) {
    this.#store = parts.store;
    this.#people = parts.people;
    this.#published = parts.published;
    this.#linkOf = parts.linkOf;
    this.#accept = parts.accept;
    this.#expectWritable = parts.expectWritable;
  }

  /**
   * `abort`: nobody waits for it any more. Failures: peerAway, notShared, sharedGone, fetchRefused, fetchBusy,
   * fetchUnanswered, fetchCancelled, folderUnwritable, folderSlow, engineGone.
   */
  async fetch(fetch: Fetch, abort?: Abort): Promise<Transfer> {
    const { peer, itemId, folder } = fetch;
    const owner = this.#people.nameOf(peer);
    if (this.#linkOf(peer) === undefined) throw fail('peerAway', { name: owner });
    const item = this.#published.state.sharedBy?.[peer]?.find(({ id }) => id === itemId);
    if (item === undefined) throw fail('notShared', { owner });
    const running = this.#runningOf(fetch);
    if (running !== undefined) return this.#goOn(running, item, folder, abort);
    const asked = [...this.#asks.values()].find((ask) => ask.peer === peer && ask.itemId === itemId);
    if (asked !== undefined) return this.#answerTo(asked, abort);
    if (this.#asks.size >= MAX_ASKS) throw fail('fetchBusy', { owner });
    return this.#begin(fetch, item, abort);
  }

  /** Whether their offer is what my person has asked for, as it was shown: then it is not asked about again. */
  wished(peer: Fingerprint, offer: OfferBody): Wish | undefined {
    const ask = this.#asks.get(offer.transferId);
    if (ask === undefined || ask.peer !== peer || ask.itemId !== offer.itemId) return undefined;
    return isAsShown(offer, ask.item) ? { folder: ask.folder } : undefined;
  }

  /** Whether their offer is what my person has asked for and called off again. This engine knows that, and no other one. */
  isCalledOff(transferId: string): boolean {
    return this.#calledOff.has(transferId);
  }

  /** An offer was stored. */
  came(transfer: StoredTransfer): void {
    const ask = this.#asks.get(transfer.id);
    if (ask === undefined || ask.peer !== transfer.peer) return;
    this.#end(ask);
    ask.answer.resolve(shownTransfer(transfer));
  }

  onShared(peer: Fingerprint, { items }: SharedFrame): void {
    const shown = shownItems(items);
    const news = this.#news.get(peer);
    if (news === undefined) this.#show(peer, shown);
    else news.latest = shown;
  }

  onRefused(peer: Fingerprint, { transferId, code }: FetchRefusedFrame): void {
    const ask = this.#asks.get(transferId);
    if (ask?.peer === peer) this.#fail(ask, this.#refusal(ask, code));
  }

  onUp({ peer }: LiveLink): void {
    for (const ask of this.#asks.values()) if (ask.peer === peer) this.#send(ask);
  }

  /** Their list goes with the link; what was asked for is asked again over the next one. */
  onDown(peer: Fingerprint): void {
    clearTimeout(this.#news.get(peer)?.timer);
    this.#news.delete(peer);
    this.#publish(peer, []);
  }

  dispose(): void {
    for (const { timer } of this.#news.values()) clearTimeout(timer);
    this.#news.clear();
    for (const ask of [...this.#asks.values()]) this.#fail(ask, failure('engineGone', {}));
  }

  async #begin(fetch: Fetch, item: SharedItem, abort?: Abort): Promise<Transfer> {
    const transferId = randomBytes(16).toString('hex');
    const ask: Ask = { ...fetch, item, transferId, answer: Promise.withResolvers<Transfer>(), tries: 0 };
    // It may fail before anybody waits for it: the engine may stop while the folder is looked at.
    ask.answer.promise.catch(() => undefined);
    this.#asks.set(transferId, ask);
    const answer = this.#answerTo(ask, abort);
    try {
      await this.#expectWritable(fetch.folder, abort);
    } catch (error) {
      this.#end(ask);
      ask.answer.reject(error);
    }
    if (this.#asks.has(transferId)) this.#try(ask);
    return answer;
  }

  /** `abort` calls it off for everybody: it is one person who asks, in whichever window. */
  #answerTo(ask: Ask, abort?: Abort): Promise<Transfer> {
    abort?.addEventListener('abort', () => this.#callOff(ask));
    return ask.answer.promise;
  }

  #callOff(ask: Ask): void {
    this.#calledOff.add(ask.transferId);
    this.#fail(ask, failure('fetchCancelled', { name: ask.item.name }));
  }

  #try(ask: Ask): void {
    ask.tries++;
    this.#send(ask);
    ask.timer = setTimeout(() => this.#unanswered(ask), FETCH_ANSWER_MS);
  }

  #send({ peer, itemId, transferId, tries }: Ask): void {
    if (tries > 0)
      this.#linkOf(peer)?.handle({ kind: 'aside', frame: { kind: 'fetch', itemId, transferId } });
  }

  #unanswered(ask: Ask): void {
    if (ask.tries < MAX_ATTEMPTS) return this.#try(ask);
    const { name } = ask.item;
    const owner = this.#people.nameOf(ask.peer);
    this.#fail(ask, failure('fetchUnanswered', { name, owner, attempts: ask.tries }));
  }

  #fail(ask: Ask, { code, details }: Failure): void {
    this.#end(ask);
    ask.answer.reject(fail(code, details));
  }

  #end({ transferId, timer }: Ask): void {
    clearTimeout(timer);
    this.#asks.delete(transferId);
  }

  #refusal({ peer, item: { name } }: Ask, code: string): Failure {
    const owner = this.#people.nameOf(peer);
    if (code === 'notShared' || code === 'sharedGone') return failure(code, { name, owner });
    return code === 'fetchBusy' ? failure(code, { owner }) : failure('fetchRefused', { name, owner, code });
  }

  #runningOf({ peer, itemId }: Fetch): StoredTransfer | undefined {
    return this.#store.transfers
      .unfinished(peer)
      .find((transfer) => transfer.direction === 'receive' && transfer.itemId === itemId);
  }

  /**
   * It is on its way already, or was offered before anybody asked, or as more than was shown then: asking for what the list shows
   * by now is the yes to it. To anything else the question stays.
   */
  async #goOn(transfer: StoredTransfer, item: SharedItem, folder: string, abort?: Abort): Promise<Transfer> {
    if (transfer.state.kind === 'offered' && isAsShown(transfer, item))
      await this.#accept(transfer.id, folder, abort);
    return shownTransfer(this.#store.transfers.get(transfer.id) ?? transfer);
  }

  #show(peer: Fingerprint, items: readonly SharedItem[]): void {
    this.#publish(peer, items);
    const timer = setTimeout(() => {
      const { latest } = this.#news.get(peer) ?? {};
      this.#news.delete(peer);
      if (latest !== undefined) this.#show(peer, latest);
    }, NEWS_EVERY_MS);
    this.#news.set(peer, { timer });
  }

  #publish(peer: Fingerprint, items: readonly SharedItem[]): void {
    const known = this.#published.state.sharedBy?.[peer] ?? [];
    if (JSON.stringify(known) === JSON.stringify(items)) return;
    this.#published.publish({ kind: 'sharedByChanged', peer, items });
  }
}

/** A file may have grown since the list was made; far more than was shown is another question. */
function isAsShown(offer: { readonly name: string; readonly sizeBytes: number }, item: SharedItem): boolean {
  return safeFileName(offer.name) === item.name && offer.sizeBytes <= 2 * item.sizeBytes + MAX_GROWTH_BYTES;
}

/** Names that are safe to show and to save under, and each id once. */
function shownItems(items: readonly SharedItem[]): readonly SharedItem[] {
  const byId = new Map(items.map((item) => [item.id, { ...item, name: safeFileName(item.name) }]));
  return [...byId.values()];
}
