// More files in one drop than one intent of the chat page may carry.

import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../support/editor/browser.ts';
import { type Person as Friend, Town } from '../../support/engines.ts';
import { type Chat, Person } from './person.ts';

/** Fewer than a person may have waiting for an answer. */
const NAMES = Array.from({ length: 60 }, (_, index) => `page-${index + 1}.txt`);
const OFFERED_MS = 30_000;

describe('Many files in one drop', () => {
  let browser: Browser;
  let town: Town;
  let bob: Friend;
  let sara: Person;
  let chat: Chat;

  before(async () => {
    browser = await launchBrowser();
    town = await Town.open();
    bob = await town.person('bob');
    sara = await Person.sara(browser, town);
    await sara.befriendedBy(bob.window);
    chat = await sara.openChat('bob');
  });

  after(async () => {
    await sara.user.close();
    await town.close();
    await browser.close();
  });

  it('are all offered, in the order of the drop', async () => {
    const folder = path.join(town.folder, 'pages');
    await mkdir(folder);
    await Promise.all(NAMES.map((name) => writeFile(path.join(folder, name), name)));
    const uris = NAMES.map((name) => pathToFileURL(path.join(folder, name)).href);
    await chat.composer.evaluate(dropUris, uris.join('\r\n'));
    const offered = await bob.window.until(({ transfers }) => {
      const names = Object.values(transfers).map(({ name }) => name);
      return names.length === NAMES.length && names;
    }, OFFERED_MS);
    assert.deepEqual(offered, NAMES);
  });
});

/** Runs in the page. */
function dropUris(on: Element, list: string): void {
  const dataTransfer = new DataTransfer();
  dataTransfer.setData('text/uri-list', list);
  on.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
}
