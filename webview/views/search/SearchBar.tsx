// Below the header while somebody searches: the field, how much was found, and the list of it.

import { useEffect, useRef } from 'preact/hooks';
import type { Millis } from '../../../src/base/clock.ts';
import type { Peer } from '../../../src/contract/peer.ts';
import { moreOf, type Search, wishOf } from '../../model/search.ts';
import { t } from '../../model/words.ts';
import { Button } from '../controls/Button.tsx';
import { isComposed } from '../controls/isComposed.ts';
import { useSurroundings } from '../controls/surroundings.ts';
import { SearchHits } from './SearchHits.tsx';

/** Somebody who types does not want to read what each letter finds. */
const ASK_AFTER_MS = 150;

interface Props {
  readonly search: Search;
  readonly peer: Peer;
  readonly now: Millis;
}

export function SearchBar({ search, peer, now }: Props) {
  const { dispatch } = useSurroundings();
  const field = useRef<HTMLInputElement>(null);
  const goTo = useHits(search);
  useAsking(search);
  useEffect(() => field.current?.focus(), []);
  const close = () => {
    dispatch({ kind: 'searchClosed' });
    document.querySelector('textarea')?.focus();
  };
  const at = search.at ?? -1;
  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposed(event)) return;
    if (event.key === 'Enter' || event.key === 'ArrowDown' || event.key === 'ArrowUp')
      goTo(at + (event.shiftKey || event.key === 'ArrowUp' ? -1 : 1));
    else return;
    event.preventDefault();
  };
  const onKeyAnywhere = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || isComposed(event)) return;
    close();
    event.preventDefault();
  };
  return (
    <search
      class="search-bar"
      aria-label={t('Search the conversation with {0}', peer.name)}
      onKeyDown={onKeyAnywhere}
    >
      <div class="search-field">
        <input
          ref={field}
          type="text"
          dir={search.query === '' ? undefined : 'auto'}
          value={search.query}
          placeholder={t('Search this conversation')}
          aria-label={t('Search this conversation')}
          onInput={(event) => dispatch({ kind: 'searchTyped', query: event.currentTarget.value })}
          onKeyDown={onKeyDown}
        />
        <Count search={search} />
        <Button
          label={t('Newer')}
          icon="chevron-up"
          look="icon"
          isResting={at <= 0}
          onPress={() => goTo(at - 1)}
        />
        <Button
          label={t('Older')}
          icon="chevron-down"
          look="icon"
          isResting={at >= search.hits.length - 1 && !search.hasMore}
          onPress={() => goTo(at + 1)}
        />
        <Button
          label={t('Close search')}
          tooltip={t('Close (Esc)')}
          icon="close"
          look="icon"
          onPress={close}
        />
      </div>
      <SearchHits search={search} peer={peer} now={now} onChoose={goTo} />
    </search>
  );
}

function Count({ search: { answered, query, hits, hasMore, at } }: { readonly search: Search }) {
  const { format } = useSurroundings();
  const many = `${format.count(hits.length)}${hasMore ? '+' : ''}`;
  const words = at === undefined ? t('{0} found', many) : t('{0} of {1}', format.count(at + 1), many);
  return (
    <span class="search-count" role="status">
      {answered !== undefined && query.trim() !== '' && (hits.length === 0 ? t('Nothing found') : words)}
    </span>
  );
}

/** Goes to a hit by its place; beyond the last one more are asked for. */
function useHits(search: Search): (at: number) => void {
  const { dispatch, send } = useSurroundings();
  return (at) => {
    const order = search.hits[at]?.message.order;
    if (order !== undefined) {
      dispatch({ kind: 'searchAt', at });
      dispatch({ kind: 'goTo', target: { kind: 'message', order, isSought: true } });
    }
    const more = at >= search.hits.length - 1 ? moreOf(search) : undefined;
    if (more === undefined) return;
    dispatch({ kind: 'searchAsked', wish: more });
    send(more);
  };
}

function useAsking(search: Search): void {
  const { dispatch, send } = useSurroundings();
  useEffect(() => {
    const wish = wishOf(search);
    if (wish === undefined) return;
    const timer = setTimeout(() => {
      dispatch({ kind: 'searchAsked', wish });
      send(wish);
    }, ASK_AFTER_MS);
    return () => clearTimeout(timer);
  }, [search.query, search.answered]);
}
