// What is searched for in this conversation, what was found, and which of it is being looked at.

import { MAX_QUERY_LENGTH, type SearchWish } from '../../src/contract/panel.ts';
import type { SearchHit, SearchPage } from '../../src/contract/search.ts';
import { type SearchWord, SPACELESS, searchWords } from '../../src/contract/searchWords.ts';
import { withoutFences } from './textBlocks.ts';

export interface Search {
  /** As it stands in the field. */
  readonly query: string;
  /** What is being looked for, and not answered yet. */
  readonly asked: SearchWish | undefined;
  /** What `hits` are the answer to; undefined until there is one. */
  readonly answered: string | undefined;
  /** Newest first. */
  readonly hits: readonly SearchHit[];
  readonly hasMore: boolean;
  /** Older messages were not looked at. */
  readonly isPartial: boolean;
  /** The place among the hits of the one that was gone to last. */
  readonly at: number | undefined;
}

export type SearchAction =
  | { readonly kind: 'searchOpened' }
  | { readonly kind: 'searchClosed' }
  | { readonly kind: 'searchTyped'; readonly query: string }
  | { readonly kind: 'searchAsked'; readonly wish: SearchWish }
  | { readonly kind: 'searchAt'; readonly at: number };

export const OPENED: Search = {
  query: '',
  asked: undefined,
  answered: undefined,
  hits: [],
  hasMore: false,
  isPartial: false,
  at: undefined,
};

export function nextSearch(search: Search | undefined, action: SearchAction): Search | undefined {
  if (action.kind === 'searchOpened') return search ?? OPENED;
  if (search === undefined || action.kind === 'searchClosed') return undefined;
  if (action.kind === 'searchTyped') return { ...search, query: action.query };
  return action.kind === 'searchAsked' ? { ...search, asked: action.wish } : { ...search, at: action.at };
}

/** An answer to a question that was asked no more is none. */
export function withAnswer(
  search: Search | undefined,
  wish: SearchWish,
  page: SearchPage,
): Search | undefined {
  if (search?.asked === undefined || search.asked.query !== wish.query || search.asked.before !== wish.before)
    return search;
  const isMore = wish.before !== undefined && search.answered === wish.query;
  return {
    ...search,
    asked: undefined,
    answered: wish.query,
    hits: isMore ? [...search.hits, ...page.hits] : page.hits,
    hasMore: page.hasMore,
    isPartial: page.isPartial === true || (isMore && search.isPartial),
    at: isMore ? search.at : undefined,
  };
}

/** What to ask for now, if anything: the words in the field, while nothing else is being asked. */
export function wishOf({ query, asked, answered }: Search): SearchWish | undefined {
  const words = query.trim().slice(0, MAX_QUERY_LENGTH);
  if (words === '' || words === answered || words === asked?.query) return undefined;
  return { kind: 'searchConversation', query: words };
}

/** The next page of the same. */
export function moreOf({ asked, answered, hits, hasMore }: Search): SearchWish | undefined {
  const before = hits.at(-1)?.message.order;
  if (!hasMore || asked !== undefined || answered === undefined || before === undefined) return undefined;
  return { kind: 'searchConversation', query: answered, before };
}

export interface Part {
  readonly text: string;
  readonly isFound: boolean;
}

/** UTF-16 units before the first word that was found: it must be in sight where the line is cut off. */
const MAX_LEAD = 30;

/** What is marked as one, with the signs inside it that are not seen; in scripts without spaces, a character. */
const WORD = new RegExp(
  String.raw`([${SPACELESS}]\p{M}*|[\p{L}\p{N}](?:(?![${SPACELESS}])[\p{L}\p{N}\p{M}\p{Cf}])*)`,
  'u',
);

/** The excerpt in parts, those marked that begin with a word of the query, as the search compares them. */
export function partsOf(excerpt: string, query: string): Part[] {
  const sought = searchWords(query);
  const parts = withoutFences(excerpt)
    .split(WORD)
    .filter((text) => text !== '')
    .map((text) => ({ text, isFound: searchWords(text).some((word) => isSought(word, sought)) }));
  return withShortLead(parts);
}

/** What one side joins, the other may write in parts. */
function isSought({ parts, joined }: SearchWord, sought: readonly SearchWord[]): boolean {
  return sought.some(
    (word) => [...parts, joined].some((form) => form.startsWith(word.joined)) || word.parts.includes(joined),
  );
}

/** Whole words are left out, so that the first one that is found stands near the beginning. */
function withShortLead(parts: Part[]): Part[] {
  const found = parts.findIndex(({ isFound }) => isFound);
  let [from, length] = [found, 0];
  while (from > 0 && length + (parts[from - 1]?.text.length ?? 0) <= MAX_LEAD) {
    from -= 1;
    length += parts[from]?.text.length ?? 0;
  }
  return from > 0 ? [{ text: '…', isFound: false }, ...parts.slice(from)] : parts;
}
