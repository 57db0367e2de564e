// The chat panel's page: folds what the extension says into one value and draws it.

import { render } from 'preact';
import { useLayoutEffect, useReducer } from 'preact/hooks';
import { type Host, openHost } from './host.ts';
import { inBatches, type Pace } from './model/batches.ts';
import { nextPage } from './model/page.ts';
import { EMPTY_PAGE } from './model/pageState.ts';
import { speak, wordsIn } from './model/words.ts';
import { inNextFrame } from './nextFrame.ts';
import { markShown } from './paintMarks.ts';
import { App } from './views/App.tsx';
import { isForField } from './views/composer/isForField.ts';

/** Three frames: nobody sees the wait, and a flood leaves the page time for the person. */
const DRAW_EVERY_MS = 50;
const PACE: Pace = {
  everyMs: DRAW_EVERY_MS,
  startTimer: (ms, onTime) => setTimeout(onTime, ms),
  // The first word is waited for, and there is no list yet.
  startFrame: (onFrame) => (document.querySelector('.scroller') === null ? onFrame() : inNextFrame(onFrame)),
};

function Root({ host }: { readonly host: Host }) {
  const [page, dispatch] = useReducer(nextPage, EMPTY_PAGE);
  // Before the first paint: what a hidden page is told comes at once, its effects late.
  useLayoutEffect(() => {
    const take = (messages: readonly Parameters<typeof dispatch>[0][]) => {
      for (const message of messages) {
        if (message.kind === 'show') markShown();
        dispatch(message);
      }
    };
    host.onMessage(inBatches(PACE, take));
    host.send({ kind: 'ready' });
  }, [host]);
  return <App page={page} host={host} dispatch={dispatch} />;
}

function makeRoot(): HTMLElement {
  const root = document.createElement('div');
  root.id = 'root';
  document.body.append(root);
  return root;
}

/** A file dropped where nothing takes it must not replace the page. */
function refuseDrop(event: DragEvent): void {
  if (isForField(event)) return;
  event.preventDefault();
  if (event.dataTransfer !== null) event.dataTransfer.dropEffect = 'none';
}

document.addEventListener('dragover', refuseDrop);
document.addEventListener('drop', refuseDrop);
const root = document.getElementById('root') ?? makeRoot();
speak(wordsIn(root.dataset.words, document.documentElement));
render(<Root host={openHost(root)} />, root);
