// The editor's own windows in Persian: their lines run from left to right, and a Persian sentence begins at its right end all the same.

import assert from 'node:assert/strict';
import type { Browser, Locator } from 'playwright-core';
import { launchBrowser } from '../../support/editor/browser.ts';
import { EditorUser } from '../../support/editor/editorUser.ts';
import type { TreeView } from '../../support/editor/treeView.ts';
import type { Workbench } from '../../support/editor/workbench.ts';
import { type Person as Friend, Town } from '../../support/engines.ts';

const fromTheLeft = (one: number, other: number) => one - other;

describe('An editor in Persian', () => {
  let browser: Browser;
  let town: Town;
  let bob: Friend;
  let user: EditorUser;
  let window: Workbench;
  let peers: TreeView;

  before(async () => {
    browser = await launchBrowser();
    town = await Town.open();
    bob = await town.person('2bob');
    user = await EditorUser.start(browser, {
      name: 'sara',
      settings: { 'hamta.registryUrl': town.registryUrl },
    });
    window = await user.openWindow();
    await window.page.addInitScript(speakPersian);
    await window.reload();
    peers = await window.openView('Hamta', 'همتایان');
    await peers.welcome.locator('.monaco-button').first().click();
    await window.quickInput.step('نامی برگزینید');
    await window.quickInput.answer('سارا');
    await peers.rows.filter({ hasText: 'دفتر نام‌ها برقرار' }).waitFor();
  });

  after(async () => {
    await user.close();
    await town.close();
    await browser.close();
  });

  it('says in a notification who wants to connect, and then that they do', async () => {
    const { peer } = await bob.request('lookUp', { name: 'سارا' });
    const connected = bob.request('connect', { peer });
    const notice = await window.notifications.toast('می‌خواهد متصل شود');
    await window.screenshot('46-persian-notification');
    const message = notice.row.locator('.notification-list-item-message');
    const places = await message.evaluate(placesIn, ['.', 'می‌خواهد', '2bob']);
    assert.deepEqual(places, places.toSorted(fromTheLeft));
    await notice.press('پذیرفتن');
    await connected;
  });

  it('turns nothing around behind the words that are answered, whatever they hold', async () => {
    const { peer } = await bob.request('lookUp', { name: 'سارا' });
    await bob.request('sendText', { peer, text: 'see \u202Etxt' });
    await (await window.notifications.toast('see')).press('پاسخ');
    const prompt: Locator = window.page.locator('.quick-input-widget:visible .quick-input-message');
    await prompt.filter({ hasText: 'Enter' }).waitFor();
    const places = await prompt.evaluate(placesIn, ['(Press', 'Enter']);
    assert.deepEqual(places, places.toSorted(fromTheLeft));
  });
});

/** Runs in the page. The editor takes the language from what a language pack would set. */
function speakPersian(): void {
  Object.assign(globalThis, { _VSCODE_NLS_LANGUAGE: 'fa' });
}

/** Runs in the page. CSS pixels from the left edge to where each of these words is drawn, in their order. */
function placesIn(element: Element, words: readonly string[]): number[] {
  const places = new Map<string, number>();
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node !== null; node = texts.nextNode())
    for (const word of words) {
      const at = node.textContent?.indexOf(word) ?? -1;
      if (at < 0) continue;
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + word.length);
      places.set(word, range.getBoundingClientRect().left);
    }
  return words.map((word) => {
    const place = places.get(word);
    if (place === undefined) throw new Error(`${word} is not drawn`);
    return place;
  });
}
