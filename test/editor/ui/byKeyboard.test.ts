// The chat page without a pointer: everything can be reached, and the focus is never lost with what it was on.

import assert from 'node:assert/strict';
import type { Browser, Locator, Page } from 'playwright-core';
import type { FromPanel, ToPanel } from '../../../src/contract/panel.ts';
import type { Peer } from '../../../src/contract/peer.ts';
import { launchBrowser } from '../../support/editor/browser.ts';
import { openChatPage, tellPage } from '../../support/editor/chatPageAlone.ts';
import { differingPixels } from '../../support/editor/differingPixels.ts';
import { bob, messageAt, showing, stateOf, transferOf } from '../../webview/support/conversation.ts';

const COUNT = 6;
const STRANGER: Partial<Peer> = { standing: 'unknown', link: 'none' };

describe('The chat page by keyboard', () => {
  let browser: Browser;
  let page: Page;

  const open = async (peer: Partial<Peer> = {}, onIntent?: (intent: FromPanel) => void) => {
    page = await openChatPage(browser, { shown: shown(peer), ...(onIntent ? { onIntent } : {}) });
    await message(COUNT).waitFor();
  };
  const message = (order: number): Locator => page.locator(`article[data-order="${order}"]`);
  const named = (role: 'button' | 'menuitem' | 'menuitemcheckbox', name: string): Locator =>
    page.getByRole(role, { name, exact: true });
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const hasFocus = (what: Locator) => what.and(page.locator(':focus')).waitFor();
  const composer = (): Locator => page.locator('textarea');

  before(async () => {
    browser = await launchBrowser();
  });
  afterEach(() => page.close());
  after(() => browser.close());

  it('leads from a message to its tools and on', async () => {
    await open();
    await message(COUNT).focus();
    await press('Tab');
    await hasFocus(named('button', 'React'));
    await press('Tab');
    await hasFocus(named('button', 'Reply'));
    await press('Enter');
    await hasFocus(composer());
    await page.locator('.mode-strip', { hasText: `text ${COUNT}` }).waitFor();
  });

  it('shows no tools of a message that was clicked once the pointer is elsewhere', async () => {
    await open();
    await message(COUNT).locator('.bubble').click();
    await page.locator('.message-tools').waitFor();
    await page.locator('.header').hover();
    await page.locator('.message-tools').waitFor({ state: 'detached' });
  });

  it('calls a message by who says what, when, and how far it has got', async () => {
    await open({ receipts: { sent: COUNT, delivered: COUNT, read: 0 } });
    await message(4).focus();
    const theirs = page.getByRole('article', { name: /^bob text 4 9:04 AM$/ });
    await hasFocus(theirs);
    await page.getByRole('article', { name: /^You text 5 9:05 AM Delivered to \W?bob\W?$/ }).waitFor();
    const name = /^bob trace\.png 1920×1080 · 412 KB \W?bob\W? wants to send this picture Accept/;
    await page.getByRole('article', { name }).waitFor();
  });

  it('is back at the message when its menu is closed', async () => {
    await open();
    await message(3).focus();
    await press('Tab', 'Tab', 'Tab', 'Enter');
    await hasFocus(named('menuitemcheckbox', 'Thumbs up'));
    await press('Escape');
    await hasFocus(message(3));
    await press('ArrowDown');
    await hasFocus(message(4));
  });

  const waysIn: readonly [string, readonly string[]][] = [
    ['React', ['Tab', 'Enter']],
    ['More', ['Tab', 'Tab', 'Tab', 'Enter']],
    ['the key of menus', ['Shift+F10']],
  ];
  for (const [way, keys] of waysIn)
    it(`leaves the menu of a message with Tab, to its tools or back to it, opened by ${way}`, async () => {
      await open();
      await message(3).focus();
      await press(...keys);
      await hasFocus(named('menuitemcheckbox', 'Thumbs up'));
      await press('Tab');
      await page.locator('.menu.at-message').waitFor({ state: 'detached' });
      await hasFocus(message(3).getByRole('button', { name: 'React' }));
      await press('Enter');
      await hasFocus(named('menuitemcheckbox', 'Thumbs up'));
      await press('Shift+Tab');
      await page.locator('.menu.at-message').waitFor({ state: 'detached' });
      await hasFocus(message(3));
    });

  it('goes from reaction to reaction sideways, and down from them to what else there is', async () => {
    await open();
    await message(3).focus();
    await press('Shift+F10');
    await hasFocus(named('menuitemcheckbox', 'Thumbs up'));
    await press('ArrowRight', 'ArrowDown');
    await hasFocus(named('menuitem', 'Copy'));
    await press('ArrowUp');
    await hasFocus(named('menuitemcheckbox', 'Thumbs up'));
    await press('End', 'ArrowDown');
    await hasFocus(named('menuitemcheckbox', 'Thumbs up'));
  });

  it('goes on among the reactions when more of them are shown', async () => {
    await open();
    await message(3).focus();
    await press('Shift+F10');
    await named('menuitem', 'More reactions').focus();
    await press('Enter');
    await hasFocus(named('menuitemcheckbox', 'Thumbs down'));
    await press('ArrowRight');
    await hasFocus(named('menuitemcheckbox', 'Thanks'));
  });

  it('leaves a menu with Tab, and goes on behind the button that opened it', async () => {
    await open();
    await named('button', 'More').focus();
    await press('Enter');
    await hasFocus(named('menuitem', 'Send picture…'));
    await press('Tab');
    await page.locator('#more').waitFor({ state: 'hidden' });
    await hasFocus(page.locator('.scroller'));
  });

  it('is where one writes when what was begun, or a trouble, is left with its button', async () => {
    await open();
    await message(3).focus();
    await press('Shift+F10');
    await named('menuitem', 'Reply').focus();
    await press('Enter');
    await named('button', 'Do not reply').focus();
    await press('Enter');
    await hasFocus(composer());
    await tellPage(page, { kind: 'failed', failure: { code: 'peerAway', details: { name: 'bob' } } });
    await named('button', 'Dismiss').focus();
    await press('Enter');
    await hasFocus(composer());
  });

  it('is on the message of a file once its question is answered, and goes on from there', async () => {
    await open();
    const card = message(2);
    await card.getByRole('button', { name: 'Accept' }).focus();
    await press('Enter');
    const running = { kind: 'running', bytes: 100, bytesPerSecond: 1_000, attempt: 1 } as const;
    const transfer = transferOf({ state: running });
    await tellPage(page, { kind: 'event', event: { kind: 'transferChanged', transfer } });
    await card.getByRole('button', { name: 'Cancel' }).waitFor();
    await hasFocus(card);
    await press('Tab');
    await hasFocus(card.getByRole('button', { name: 'Cancel' }));
  });

  it('stays on the button of the gate while that makes way for another one', async () => {
    await open(STRANGER);
    const gate = page.locator('.gate');
    await gate.getByRole('button', { name: 'Connect' }).focus();
    await press('Enter');
    await tellPeer({ ...STRANGER, link: 'dialling' });
    await hasFocus(gate.getByRole('button', { name: 'Cancel' }));
    await tellPeer({});
    await hasFocus(composer());
  });

  it('stays on the buttons of the search at either end, and Escape leaves the search from anywhere in it', async () => {
    await open({}, answerSearch);
    await press('Control+F');
    await page.locator('.search-field input').fill('text');
    await page.locator('.search-hit').nth(1).waitFor();
    for (const name of ['Older', 'Newer'] as const) {
      await named('button', name).focus();
      await press('Enter', 'Enter', 'Enter');
      await page.locator(`button[aria-label="${name}"][aria-disabled="true"]`).waitFor();
      await hasFocus(named('button', name));
    }
    await page.locator('.search-hit').first().focus();
    await press('Escape');
    await page.locator('.search-bar').waitFor({ state: 'detached' });
    await hasFocus(composer());
  });

  it('shows where it is on what has the colour of its ring: a reaction of mine, the chosen hit, a pill with words', async () => {
    const reactions = [{ emoji: '👍', from: 'me' as const }];
    await open({}, answerSearch);
    await tellPage(page, {
      kind: 'event',
      event: { kind: 'messageChanged', message: messageAt(3, 'me', { reactions }) },
    });
    await press('Control+F');
    await page.locator('.search-field input').fill('text');
    await page.locator('.search-hit').nth(1).waitFor();
    await press('Enter');
    await page.locator('article.found').waitFor({ state: 'detached' });
    await showsFocus(page.locator('.reaction.mine-too'));
    await showsFocus(page.locator('.search-hit[aria-current="true"]'));
    await named('button', 'Close search').click();
    await page.setViewportSize({ width: 700, height: 300 });
    await page.locator('.scroller').press('Home');
    await named('button', 'Go to the newest message').waitFor();
    await tellPage(page, {
      kind: 'event',
      event: { kind: 'messageAdded', message: messageAt(COUNT + 1, 'peer') },
    });
    await showsFocus(named('button', '1 new message'));
  });

  it('does not take the focus from where somebody has clicked', async () => {
    await open();
    await page.locator('.presence-words').click();
    await tellPeer({ path: 'lan' });
    await page.locator('.presence-words', { hasText: 'LAN' }).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement === document.body), true);
  });

  /** A ring of 1 px around even the smallest of them has more pixels. */
  async function showsFocus(what: Locator): Promise<void> {
    const place = await what.boundingBox();
    assert.ok(place !== null);
    const { x, y, width, height } = place;
    const shoot = () =>
      page.screenshot({ clip: { x: x - 4, y: y - 4, width: width + 8, height: height + 8 } });
    await what.focus();
    const focused = await shoot();
    await what.blur();
    const differing = await differingPixels(page, focused, await shoot());
    assert.ok(differing > 40, `${differing} pixels`);
  }

  async function tellPeer(peer: Partial<Peer>): Promise<void> {
    await tellPage(page, { kind: 'event', event: { kind: 'peerChanged', peer: bob(peer) } });
  }

  function answerSearch(intent: FromPanel): void {
    if (intent.kind !== 'searchConversation') return;
    const hits = [6, 5].map((order) => ({ message: messageAt(order, 'peer'), excerpt: `text ${order}` }));
    void tellPage(page, { kind: 'searched', wish: intent, page: { hits, hasMore: false } });
  }
});

function shown(peer: Partial<Peer>): ToPanel {
  const messages = Array.from({ length: COUNT }, (_, at) => messageAt(at + 1, at % 2 === 0 ? 'me' : 'peer'));
  const offer = transferOf();
  const offered = messageAt(2, 'peer', { body: { kind: 'transfer', transferId: offer.id } });
  return showing(stateOf(bob(peer), messages.toSpliced(1, 1, offered), { transfers: { [offer.id]: offer } }));
}
