// What a screen reader says by itself on the chat page: what comes into an element that was there before, each thing once.

import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import type { Message } from '../../../src/contract/message.ts';
import type { FromPanel } from '../../../src/contract/panel.ts';
import type { Peer } from '../../../src/contract/peer.ts';
import type { Event } from '../../../src/contract/state.ts';
import { launchBrowser } from '../../support/editor/browser.ts';
import { openChatPage, tellPage } from '../../support/editor/chatPageAlone.ts';
import { BOB, bob, messageAt, showing, stateOf, transferOf } from '../../webview/support/conversation.ts';

/** Of pages so long nobody asks for the next. */
const OLD = [1, 200] as const;
const SOUGHT = 100;
const NEW = [401, 600] as const;

const messagesOf = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => messageAt(from + at, 'peer'));

describe('A screen reader on the chat page', () => {
  let browser: Browser;
  let page: Page;

  const open = async (peer: Partial<Peer>, messages: readonly Message[] = [], hasEarlier = false) => {
    const conversations = { [BOB]: { messages, hasEarlier } };
    const shown = showing(stateOf(bob(peer), [], { conversations }));
    page = await openChatPage(browser, { shown, onIntent: (intent) => void answer(intent) });
    await page.locator('.header').waitFor();
    await page.evaluate(listen);
  };
  const happens = (event: Event) => tellPage(page, { kind: 'event', event });
  const says = (order: number) => happens({ kind: 'messageAdded', message: messageAt(order, 'peer') });
  const hears = async (...words: readonly string[]) => {
    const marks = /[\u2068\u2069]/g;
    const heard = () => page.evaluate(() => (globalThis as unknown as Ears).heard);
    const last = words.at(-1) ?? '';
    await page.waitForFunction(
      (text) => (globalThis as unknown as Ears).heard.some((said) => said.includes(text)),
      last.split(' ').at(-1) ?? '',
    );
    assert.deepEqual(
      (await heard()).map((said) => said.replace(marks, '')),
      words,
    );
  };

  before(async () => {
    browser = await launchBrowser();
  });
  afterEach(() => page.close());
  after(() => browser.close());

  it('says each message that comes, the first of a conversation, too', async () => {
    await open({});
    await says(1);
    await says(2);
    await hears('bob: text 1', 'bob: text 2');
  });

  it('says no message again when the list comes back to it from what was said long ago', async () => {
    await open({}, messagesOf(...NEW), true);
    await says(601);
    await page.keyboard.press('Control+F');
    await page.locator('.search-field input').fill('text');
    await page.locator('.search-hit').waitFor();
    await page.keyboard.press('Enter');
    await page.locator(`article[data-order="${SOUGHT}"]`).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Go to the newest message' }).click();
    await page.locator('article[data-order="601"]').waitFor();
    await says(602);
    await hears('bob: text 601', '1 found', '1 of 1', 'bob: text 602');
  });

  it('says of a file that it is a question, and how it ended, and nothing in between', async () => {
    await open({}, messagesOf(1, 1));
    const offer = transferOf();
    const changed = (state: typeof offer.state) =>
      happens({ kind: 'transferChanged', transfer: { ...offer, state } });
    await changed(offer.state);
    const body = { kind: 'transfer', transferId: offer.id } as const;
    await happens({ kind: 'messageAdded', message: messageAt(2, 'peer', { body }) });
    await page.locator('article').last().getByRole('button', { name: 'Accept' }).waitFor();
    for (const bytes of [100, 200_000, 400_000]) {
      await changed({ kind: 'running', bytes, bytesPerSecond: 1_000, attempt: 1 });
      await page.locator(`[aria-valuenow="${Math.floor((100 * bytes) / offer.sizeBytes)}"]`).waitFor();
    }
    await changed({ kind: 'done', at: 0, sha256: '' });
    await hears('bob wants to send this picture: trace.png', 'trace.png: saved and verified');
  });

  it('says who wants to connect, and what stands in the place of the composer', async () => {
    await open({ standing: 'unknown', link: 'none' });
    const becomes = (peer: Partial<Peer>) => happens({ kind: 'peerChanged', peer: bob(peer) });
    await becomes({ standing: 'unknown', link: 'asking' });
    await page.getByRole('button', { name: 'Accept' }).waitFor();
    await becomes({});
    await page.locator('textarea').waitFor();
    await becomes({ standing: 'blocked', link: 'none' });
    const heard = () => page.evaluate(() => (globalThis as unknown as Ears).heard.join('\n'));
    await page.getByRole('button', { name: 'Unblock', exact: true }).waitFor();
    assert.match(await heard(), /bob\W? wants to connect[^\n]+Accept.*\n.*You blocked \W?bob/);
  });

  async function answer(intent: FromPanel): Promise<void> {
    const load = (messages: readonly Message[], hasLater: boolean) => {
      const history = { peer: BOB, messages, transfers: [], hasEarlier: !hasLater, hasLater } as const;
      return happens({ kind: 'historyLoaded', history: { ...history, place: 'apart' } });
    };
    if (intent.kind === 'loadAround') await load(messagesOf(...OLD), true);
    if (intent.kind === 'loadNewest') await load([...messagesOf(...NEW), messageAt(601, 'peer')], false);
    if (intent.kind !== 'searchConversation') return;
    const hits = [{ message: messageAt(SOUGHT, 'peer'), excerpt: `text ${SOUGHT}` }];
    await tellPage(page, { kind: 'searched', wish: intent, page: { hits, hasMore: false } });
  }
});

interface Ears {
  heard: string[];
}

/** Runs in the page. What is added to a live region, or changed in one; of one that comes with its words nothing is heard. */
function listen(): void {
  const heard: string[] = [];
  Object.assign(globalThis, { heard });
  const isLive = (node: Node) => {
    const element = node instanceof Element ? node : node.parentElement;
    const region = element?.closest('[role="log"], [role="status"], [role="alert"], [aria-live]');
    return region?.getAttribute('aria-live') !== 'off' && region !== undefined && region !== null;
  };
  new MutationObserver((changes) => {
    for (const { target, addedNodes, type } of changes) {
      if (!isLive(target)) continue;
      if (type === 'characterData') heard.push(target.textContent ?? '');
      for (const node of addedNodes) heard.push(node.textContent ?? '');
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}
