// The rows of a search over all conversations: what was found, and what the answer leaves out.

import type { SearchHit, SearchPage } from '../../contract/search.ts';
import { isolatedBeside } from '../bidi.ts';
import { inText } from '../inText.ts';
import type { Language } from '../language.ts';
import { countText } from '../peers/amounts.ts';
import type { Found } from './foundList.ts';

/** As many characters as an excerpt has. */
const EXCERPT_LENGTH = 202;

/** `nameOf`: the person of the conversation. No rows where nothing was looked for. */
export function foundRows(
  query: string,
  page: SearchPage,
  nameOf: (hit: SearchHit) => string,
  language: Language,
): readonly Found[] {
  if (query.trim() === '') return [];
  const hits = page.hits.map((hit) => hitRow(hit, nameOf(hit), language));
  // Shown whatever the list's own filter thinks of them, which knows nothing of words.
  return [...hits, ...notesOn(page, language)].map((row) => ({ ...row, alwaysShow: true }));
}

function hitRow(hit: SearchHit, name: string, { t, locale }: Language): Found {
  const { from, at } = hit.message;
  const time = new Date(at).toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short' });
  return {
    hit,
    label: from === 'me' ? t('You to {0}', inText(name)) : inText(name),
    description: isolatedBeside(name, time),
    detail: inText(hit.excerpt, EXCERPT_LENGTH),
  };
}

/** Each in two short parts: a row does not wrap. */
function* notesOn({ hits, hasMore, isPartial }: SearchPage, { t, locale }: Language): Iterable<Found> {
  if (hits.length === 0) yield { label: t('Nothing found') };
  if (hasMore) {
    const label = t('Only the newest {0} are shown', countText(hits.length, locale));
    yield { label, detail: t('Add a word to find others.') };
  }
  if (isPartial) {
    const label = t('Older messages were not looked at');
    yield { label, detail: t('They can be searched when Hamta has got through them.') };
  }
}
