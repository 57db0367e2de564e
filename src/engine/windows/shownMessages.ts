// Messages as windows show them, made of stored entries, with what they answer as it stands now.

import type { ParamsOf } from '../../contract/commands.ts';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import { type Message, type Quote, quotedText } from '../../contract/message.ts';
import type { SearchPage } from '../../contract/search.ts';
import type { History } from '../../contract/state.ts';
import { type StoredEntry, searchableText } from '../store/entryRow.ts';
import type { HistoryPage } from '../store/messages.ts';
import { soughtWords } from '../store/searchText.ts';
import type { Store } from '../store/store.ts';
import { shownTransfer } from '../store/transfers.ts';
import { excerptAround } from './excerpt.ts';
import type { Published } from './published.ts';

/** The most messages in one page of history. */
const MAX_PAGE = 500;
/** The most messages in one answer to a search. */
const MAX_HITS = 100;

/** Which page of a conversation. */
export type PageWish = Omit<ParamsOf<'history'>, 'peer'>;

export class ShownMessages {
  readonly #store: Store;
  readonly #published: Published;

  constructor(store: Store, published: Published) {
    this.#store = store;
    this.#published = published;
  }

  /** Nothing for an entry that no person sees. */
  of(entry: StoredEntry): Message | undefined {
    const { id, peer, from, number, order, at, body, editedText, editedAt, reactions } = entry;
    const shown = { id, peer, from, number, order, at };
    if (entry.isDeleted) return { ...shown, body: { kind: 'deleted' } };
    const marks = reactions === undefined ? {} : { reactions };
    if (body.kind === 'offer')
      return { ...shown, body: { kind: 'transfer', transferId: body.transferId }, ...marks };
    if (body.kind !== 'text') return undefined;
    return {
      ...shown,
      body: { kind: 'text', text: editedText ?? body.text },
      ...(body.replyTo === undefined ? {} : { replyTo: this.#quoteOf(peer, body.replyTo) }),
      ...(editedAt === undefined ? {} : { editedAt }),
      ...marks,
    };
  }

  /** The message of this id as it stands in the store. */
  now(peer: Fingerprint, id: string): Message | undefined {
    const entry = this.#store.messages.get(peer, id);
    return entry === undefined ? undefined : this.of(entry);
  }

  history(peer: Fingerprint, wish: PageWish): History {
    const limit = Math.max(1, Math.min(wish.limit, MAX_PAGE));
    const { page, ...place } = this.#pageOf(peer, { ...wish, limit });
    const messages = page.entries.flatMap((entry) => this.of(entry) ?? []);
    const ids = messages.flatMap(({ body }) => (body.kind === 'transfer' ? [body.transferId] : []));
    const shown = this.#published.state.transfers;
    const transfers = this.#store.transfers
      .many(ids)
      .map((stored) => shown[stored.id] ?? shownTransfer(stored));
    return { peer, messages, transfers, hasEarlier: page.hasEarlier, ...place };
  }

  search({ query, peer, before, limit }: ParamsOf<'searchMessages'>): SearchPage {
    const sought = soughtWords(query);
    if (sought.length === 0) return { hits: [], hasMore: false };
    const most = Math.max(1, Math.min(limit, MAX_HITS));
    const { entries, hasMore, isPartial } = this.#store.search.find({ sought, peer, before, limit: most });
    const hits = entries.flatMap((entry) => {
      const message = this.of(entry);
      return message === undefined
        ? []
        : [{ message, excerpt: excerptAround(searchableText(entry), sought) }];
    });
    return { hits, hasMore, ...(isPartial ? { isPartial } : {}) };
  }

  #pageOf(
    peer: Fingerprint,
    { before, after, around, newest, limit }: PageWish,
  ): Pick<History, 'hasLater' | 'place'> & { readonly page: HistoryPage } {
    const { messages } = this.#store;
    if (around !== undefined) {
      const page = messages.pageAround(peer, around, limit);
      return { page, place: 'apart', hasLater: page.hasLater };
    }
    if (after !== undefined) {
      const page = messages.pageAfter(peer, after, limit);
      return { page, place: 'joinedLater', hasLater: page.hasLater };
    }
    const page = messages.pageBefore(peer, newest ? undefined : before, limit);
    return newest ? { page, place: 'apart', hasLater: false } : { page };
  }

  #quoteOf(peer: Fingerprint, id: string): Quote {
    const entry = this.#store.messages.get(peer, id);
    if (entry === undefined) return { id, excerpt: '' };
    return { id, order: entry.order, from: entry.from, excerpt: quotedText(searchableText(entry)) };
  }
}
