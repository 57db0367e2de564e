// What my person shares: shown to those who may see it, and offered to whoever of them asks. Permission is looked up anew
// for each list and each fetch, and so is the file; an asker names an item, never a path.

import { randomBytes } from 'node:crypto';
import { basename, dirname } from 'node:path';
import type { Logger } from '../../base/logger.ts';
import { turnsByKey } from '../../base/turns.ts';
import { type FailureCode, FailureError, fail } from '../../contract/failure.ts';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import { safeFileName } from '../../contract/names.ts';
import type { Abort } from '../../contract/rpc.ts';
import { MAX_SHARED_ITEMS, type OwnSharedItem, type SharedItem } from '../../contract/shared.ts';
import { losesMetadata } from '../../contract/transfer.ts';
import type { LiveLink } from '../connections/liveLink.ts';
import { FileLooks } from '../files/fileLooks.ts';
import type { FetchedItem, Offer } from '../files/offers.ts';
import { DiskCalls } from '../io/diskCalls.ts';
import type { DiskThreads } from '../io/diskThreads.ts';
import { steadyClock } from '../io/systemClock.ts';
import type { AsideFrame } from '../link/linkMessages.ts';
import type { People } from '../people/people.ts';
import type { Store } from '../store/store.ts';
import type { Published } from '../windows/published.ts';
import { FetchLimits } from './fetchLimits.ts';
import { lookAt, type Seen, type SharableFile, sharableFile } from './sharedFile.ts';

/**
 * For a list, one file is looked at for so long, and none any more once so much time has passed: a network drive may hang. What is
 * not seen counts as it was.
 */
const LOOK_MS = 3_000;

const UNREADABLE: Seen = { kind: 'unreadable' };

export type FetchFrame = Extract<AsideFrame, { kind: 'fetch' }>;
type SharedWith = OwnSharedItem['with'];

export class Shares {
  readonly #store: Store;
  readonly #people: People;
  readonly #published: Published;
  readonly #linkOf: (peer: Fingerprint) => LiveLink | undefined;
  readonly #offer: (offer: Offer) => Promise<unknown>;
  readonly #log: Logger;
  readonly #items: Map<string, OwnSharedItem>;
  readonly #limits = new FetchLimits();
  readonly #looks: FileLooks;
  /** For lists. All are of one folder to it: while one is not answered there is no other, whichever folders a drive has. */
  readonly #glances = new DiskCalls();
  readonly #threads: DiskThreads;
  /** Asked for and not offered yet: who, and the id of the transfer. At most MAX_RUNNING_FETCHES each. */
  readonly #answering = new Map<string, Fingerprint>();
  /** The looks for fetches, in each folder. */
  readonly #inTurn = turnsByKey<string>();
  readonly #toTell = new Set<Fingerprint>();
  /** What each has been told last, over which link. */
  readonly #told = new Map<Fingerprint, { readonly link: LiveLink; readonly list: string }>();
  #isTelling = false;

  constructor(parts: {
    readonly store: Store;
    readonly people: People;
    readonly published: Published;
    readonly linkOf: (peer: Fingerprint) => LiveLink | undefined;
    readonly offer: (offer: Offer) => Promise<unknown>;
    /** Of all who ask people's own disks. */
    readonly threads: DiskThreads;
    readonly log: Logger;
  }) {
    this.#store = parts.store;
    this.#people = parts.people;
    this.#published = parts.published;
    this.#linkOf = parts.linkOf;
    this.#offer = parts.offer;
    this.#log = parts.log;
    this.#looks = new FileLooks(parts.threads);
    this.#threads = parts.threads;
    this.#items = new Map(this.#store.shared.all().map((item) => [item.id, item]));
    if (this.#items.size > 0) this.#publish();
  }

  /** `abort`: they are not to be shared any more. Failures: notAFile, fileEmpty, fileUnreadable, fileSlow, sharedTooMany, engineGone. */
  async share(
    paths: readonly string[],
    sharedWith: SharedWith,
    abort?: Abort,
  ): Promise<readonly OwnSharedItem[]> {
    if (paths.length > MAX_SHARED_ITEMS) throw fail('sharedTooMany', { limit: MAX_SHARED_ITEMS });
    const shared = new Map<string, OwnSharedItem>();
    for (const path of paths) {
      const file = await this.#looks.at(path, () => sharableFile(path), abort);
      shared.set(file.path, this.#itemOf(path, file, sharedWith));
    }
    const added = [...shared.values()].filter(({ id }) => !this.#items.has(id)).length;
    if (this.#items.size + added > MAX_SHARED_ITEMS) throw fail('sharedTooMany', { limit: MAX_SHARED_ITEMS });
    this.#store.transaction(() => {
      for (const item of shared.values()) this.#store.shared.put(item);
    });
    for (const item of shared.values()) this.#items.set(item.id, item);
    this.#changed();
    return [...shared.values()];
  }

  /** Failures: sharedUnknown. */
  unshare(id: string): void {
    if (!this.#items.has(id)) throw fail('sharedUnknown', {});
    this.#remove(id);
    this.#changed();
  }

  onUp({ peer }: LiveLink): void {
    this.#tell([peer]);
  }

  onDown(peer: Fingerprint): void {
    this.#told.delete(peer);
  }

  onFetch(link: LiveLink, { itemId, transferId }: FetchFrame): void {
    const { peer } = link;
    const asked = `${peer} ${transferId}`;
    const known = this.#store.transfers.get(transferId);
    const isAnswered = known?.peer === peer && known.direction === 'send' && known.itemId === itemId;
    // Asked again: the offer is in the conversation, or about to be.
    if (isAnswered || this.#answering.has(asked)) return;
    const refuse = (code: FailureCode) => this.#refuse(peer, transferId, code);
    if (known !== undefined) return refuse('notShared');
    if (!this.#limits.takes(peer, this.#runningOf(peer), steadyClock.now())) return refuse('fetchBusy');
    this.#answering.set(asked, peer);
    this.#offerItem(peer, itemId, transferId)
      .catch((error) => {
        if (!(error instanceof FailureError)) throw error;
        this.#log.info(`${this.#people.nameOf(peer)} does not get what they asked for: ${error.message}`);
        refuse(error.failure.code);
      })
      .finally(() => this.#answering.delete(asked));
  }

  async #offerItem(peer: Fingerprint, itemId: string, transferId: string): Promise<void> {
    const item = this.#visible(peer, itemId);
    const seen = await this.#lookForFetch(item.path);
    if (this.#note(item.id, seen)) this.#changed();
    const { path, name, mediaType } = this.#visible(peer, itemId, 'sharedGone');
    const fetched: FetchedItem = {
      itemId,
      transferId,
      mediaType,
      // By what its row has said until now: the look may have changed that.
      losesMetadata: losesMetadata(item),
      // It may be taken back while its picture is drawn.
      check: () => this.#visible(peer, itemId),
    };
    await this.#offer({ peer, path, name, asPicture: 'ifItIsOne', fetched });
  }

  /**
   * One after the other in each folder: a look that its disk does not answer holds one of the few threads by which this process reads
   * any file, and others may ask for many.
   */
  #lookForFetch(path: string): Promise<Seen> {
    return this.#inTurn(dirname(path), () => this.#looks.at(path, () => lookAt(path)));
  }

  /** Throws a failure with `code` unless this person may have it. To them it is all one whether there is such an item. */
  #visible(peer: Fingerprint, itemId: string, code: 'notShared' | 'sharedGone' = 'notShared'): OwnSharedItem {
    const item = this.#items.get(itemId);
    if (item === undefined || !this.#isFor(item, peer))
      throw fail(code, { name: item?.name ?? 'this file', owner: 'you' });
    return item;
  }

  #isFor({ with: sharedWith }: OwnSharedItem, peer: Fingerprint): boolean {
    if (this.#people.contact(peer)?.standing !== 'accepted') return false;
    return sharedWith === 'accepted' || sharedWith.includes(peer);
  }

  #refuse(peer: Fingerprint, transferId: string, code: FailureCode): void {
    this.#linkOf(peer)?.handle({ kind: 'aside', frame: { kind: 'fetchRefused', transferId, code } });
  }

  #runningOf(peer: Fingerprint): number {
    const running = this.#store.transfers
      .unfinished(peer)
      .filter(({ direction, itemId }) => direction === 'send' && itemId !== undefined).length;
    return running + [...this.#answering.values()].filter((asker) => asker === peer).length;
  }

  /** The item for a file: with its old id where it is shared already. */
  #itemOf(path: string, file: SharableFile, sharedWith: SharedWith): OwnSharedItem {
    const known = [...this.#items.values()].find((item) => item.path === file.path);
    const id = known?.id ?? randomBytes(16).toString('hex');
    return { ...file, id, name: safeFileName(basename(path)), with: sharedWith };
  }

  #changed(): void {
    this.#publish();
    this.#tell([...this.#people.contacts()].map(({ fingerprint }) => fingerprint));
  }

  #publish(): void {
    this.#published.publish({ kind: 'sharedChanged', items: [...this.#items.values()] });
  }

  /** After a look at the files; whoever is to be told in the meantime is told with the others. */
  #tell(peers: readonly Fingerprint[]): void {
    for (const peer of peers) if (this.#linkOf(peer) !== undefined) this.#toTell.add(peer);
    if (!this.#isTelling)
      this.#tellAll().catch((error) => this.#log.warn(`what is shared was not told: ${error}`));
  }

  async #tellAll(): Promise<void> {
    this.#isTelling = true;
    try {
      while (this.#toTell.size > 0) {
        if (await this.#lookAtAll()) this.#publish();
        const peers = [...this.#toTell];
        this.#toTell.clear();
        for (const peer of peers) this.#tellOne(peer);
      }
    } finally {
      this.#isTelling = false;
    }
  }

  #tellOne(peer: Fingerprint): void {
    const link = this.#linkOf(peer);
    if (link === undefined) return;
    const items = [...this.#items.values()].filter((item) => this.#isFor(item, peer)).map(shownItem);
    const list = JSON.stringify(items);
    const told = this.#told.get(peer);
    if (told?.link === link && told.list === list) return;
    this.#told.set(peer, { link, list });
    link.handle({ kind: 'aside', frame: { kind: 'shared', items } });
  }

  /** Whether anything is not as it was. */
  async #lookAtAll(): Promise<boolean> {
    const enough = steadyClock.now() + LOOK_MS;
    let isChanged = false;
    for (const { id, path } of [...this.#items.values()]) {
      if (steadyClock.now() > enough) break;
      const seen = await this.#glanceAt(path);
      isChanged = this.#note(id, seen) || isChanged;
    }
    return isChanged;
  }

  #glanceAt(path: string): Promise<Seen> {
    const slow = () => fail('fileSlow', { path, seconds: LOOK_MS / 1_000 });
    const wait = { slow, patienceMs: LOOK_MS };
    const look = () => this.#threads.lend(dirname(path), () => lookAt(path));
    return this.#glances.ask('', look, wait).catch(() => UNREADABLE);
  }

  /** What is unreadable now may be readable soon: it stays. */
  #note(id: string, seen: Seen): boolean {
    const item = this.#items.get(id);
    if (item === undefined || seen.kind === 'unreadable') return false;
    if (seen.kind === 'gone') {
      this.#log.info(`${item.path} is not shared any more: it was moved, deleted or replaced`);
      this.#remove(id);
      return true;
    }
    const { sizeBytes, modifiedAt } = seen;
    if (sizeBytes === item.sizeBytes && modifiedAt === item.modifiedAt) return false;
    const changed = { ...item, sizeBytes, modifiedAt };
    this.#store.shared.put(changed);
    this.#items.set(id, changed);
    return true;
  }

  #remove(id: string): void {
    this.#store.shared.remove(id);
    this.#items.delete(id);
  }
}

/** What others see: neither where it is nor who else may see it. */
function shownItem({ path: _path, with: _with, ...item }: OwnSharedItem): SharedItem {
  return item;
}
