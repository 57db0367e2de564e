// What was found, newest first: who said it, when, and the words around.

import { useEffect, useRef } from 'preact/hooks';
import type { Millis } from '../../../src/base/clock.ts';
import type { Peer } from '../../../src/contract/peer.ts';
import type { SearchHit } from '../../../src/contract/search.ts';
import { partsOf, type Search } from '../../model/search.ts';
import { t } from '../../model/words.ts';
import { showWhole } from '../controls/showWhole.ts';
import { useSurroundings } from '../controls/surroundings.ts';

interface Props {
  readonly search: Search;
  readonly peer: Peer;
  readonly now: Millis;
  readonly onChoose: (at: number) => void;
}

export function SearchHits({ search, peer, now, onChoose }: Props) {
  const list = useRef<HTMLDivElement>(null);
  const { hits, at, answered, isPartial } = search;
  useEffect(() => showChosen(list.current), [at]);
  if ((hits.length === 0 && !isPartial) || search.query.trim() === '') return null;
  return (
    <div class="search-hits" ref={list}>
      {hits.map((hit, i) => (
        <Hit
          key={hit.message.order}
          hit={hit}
          query={answered ?? ''}
          writer={hit.message.from === 'me' ? t('You') : peer.name}
          now={now}
          isChosen={i === at}
          onChoose={() => onChoose(i)}
        />
      ))}
      {isPartial && (
        <p class="search-note">
          {t('Older messages were not looked at: they can be searched when Hamta has got through them.')}
        </p>
      )}
    </div>
  );
}

interface HitProps {
  readonly hit: SearchHit;
  readonly query: string;
  readonly writer: string;
  readonly now: Millis;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

function Hit({ hit: { message, excerpt }, query, writer, now, isChosen, onChoose }: HitProps) {
  const { format } = useSurroundings();
  return (
    <button type="button" class="search-hit" aria-current={isChosen} onClick={onChoose}>
      <span class="search-hit-writer" dir="auto">
        {writer}
      </span>
      <span class="search-hit-time">{`${format.day(message.at, now)} ${format.time(message.at)}`}</span>
      <span class="search-hit-words" dir="auto">
        {partsOf(excerpt, query).map(({ text, isFound }, i) =>
          isFound ? <mark key={i}>{text}</mark> : text,
        )}
      </span>
    </button>
  );
}

function showChosen(list: HTMLElement | null): void {
  const chosen = list?.querySelector<HTMLElement>('[aria-current="true"]');
  if (list && chosen) showWhole(list, chosen);
}
