// The whole page: header, line, messages, and what there is to answer or to write.

import { useEffect, useLayoutEffect, useMemo } from 'preact/hooks';
import type { Peer } from '../../src/contract/peer.ts';
import type { Host } from '../host.ts';
import { formatOf } from '../model/format.ts';
import { readUpTo } from '../model/marks.ts';
import type { PageAction } from '../model/page.ts';
import { type Page, peerIn, type Shown, type Trouble } from '../model/pageState.ts';
import { gateOf, noticeOf, unheardNotice } from '../model/peerView.ts';
import { t } from '../model/words.ts';
import { measureFirstPaint } from '../paintMarks.ts';
import { Composer } from './composer/Composer.tsx';
import { useDraft } from './composer/useDraft.ts';
import { useKeptWriting } from './composer/useKeptWriting.ts';
import { Icon } from './controls/Icon.tsx';
import { type Reading, type Surroundings, SurroundingsContext } from './controls/surroundings.ts';
import { useNow } from './controls/useNow.ts';
import { Conversation } from './conversation/Conversation.tsx';
import { ConnectionCard } from './page/ConnectionCard.tsx';
import { GateCard } from './page/GateCard.tsx';
import { Header } from './page/Header.tsx';
import { NoticeLine } from './page/NoticeLine.tsx';
import { TroubleBar } from './page/TroubleBar.tsx';
import { SearchBar } from './search/SearchBar.tsx';
import { useSearchKey } from './search/useSearchKey.ts';

interface Props {
  readonly page: Page;
  readonly host: Host;
  readonly dispatch: (action: PageAction) => void;
}

export function App({ page, host, dispatch }: Props) {
  const { shown } = page;
  const peer = peerIn(page);
  if (shown === undefined) return <Waiting trouble={page.isUnheard ? unheardNotice() : page.trouble} />;
  if (peer === undefined) return <p class="empty">{t('This person is no longer in your list.')}</p>;
  return <Panel page={page} shown={shown} peer={peer} host={host} dispatch={dispatch} />;
}

/** Before the first word of the extension. Seen only when that takes longer than usual (styles/page.css). */
function Waiting({ trouble }: { readonly trouble: Pick<Trouble, 'text'> | undefined }) {
  return (
    <div class="empty waiting" role="status">
      <Icon name={trouble === undefined ? 'loading' : 'error'} />
      <p>{trouble?.text ?? t('Opening the conversation…')}</p>
    </div>
  );
}

interface PanelProps extends Props {
  readonly shown: Shown;
  readonly peer: Peer;
}

function Panel({ page, shown, peer, host, dispatch }: PanelProps) {
  const { locale, fileBase, state } = shown;
  const format = useMemo(() => formatOf(locale), [locale]);
  const surroundings = useMemo<Surroundings>(
    () => ({
      send: host.send,
      dispatch,
      format,
      fileBase,
      reading: readingOf(host),
      loadHighlighter: host.loadHighlighter,
    }),
    [host, dispatch, format, fileBase],
  );
  const now = useNow();
  useReadReceipts(page, host);
  useLayoutEffect(measureFirstPaint, []);
  return (
    <SurroundingsContext.Provider value={surroundings}>
      <SearchKey />
      <Header peer={peer} now={now} canConnect={state.me.name !== undefined && page.stopped === undefined} />
      {page.search !== undefined && <SearchBar search={page.search} peer={peer} now={now} />}
      <NoticeLine
        notice={
          page.isUnheard ? unheardNotice() : noticeOf(state, peer, page.engineAway, format, page.stopped)
        }
      />
      <Conversation page={page} shown={shown} peer={peer} now={now} />
      <TroubleBar trouble={page.trouble} />
      <Writing page={page} shown={shown} peer={peer} host={host} />
    </SurroundingsContext.Provider>
  );
}

function SearchKey() {
  useSearchKey();
  return null;
}

function readingOf({ saved, remember }: Host): Reading {
  return { saved: saved.readingAt, keep: (readingAt) => remember({ readingAt }) };
}

interface WritingProps {
  readonly page: Page;
  readonly shown: Shown;
  readonly peer: Peer;
  readonly host: Host;
}

/**
 * The composer; or why there is none. While a stranger's question waits, the question alone. What stands there instead is read out:
 * its element is always there, as that of NoticeLine.
 */
function Writing({ page, shown, peer, host }: WritingProps) {
  const [draft, changeDraft] = useDraft(page, host, peer.fingerprint);
  const [written, change] = useKeptWriting(page, host, draft, changeDraft);
  const isAsking = peer.link === 'asking';
  const isQuestionAlone = isAsking && peer.standing === 'unknown';
  const gate = isQuestionAlone ? undefined : gateOf(peer, shown.state.me.name !== undefined);
  const { transfers } = shown.state;
  return (
    <>
      <div role="status">
        {isAsking && <ConnectionCard name={peer.name} />}
        {gate !== undefined && <GateCard gate={gate} />}
      </div>
      {gate === undefined && !isQuestionAlone && (
        <Composer page={page} peer={peer} transfers={transfers} written={written} change={change} />
      )}
    </>
  );
}

function useReadReceipts(page: Page, host: Host): void {
  const upTo = readUpTo(page);
  useEffect(() => {
    if (upTo !== undefined) host.send({ kind: 'markRead', upTo });
  }, [upTo, host]);
}
