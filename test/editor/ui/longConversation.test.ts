// A conversation of 100,000 messages: opened, scrolled, searched, and left for the newest message again.

import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { MAX_LOADED_MESSAGES } from '../../../src/contract/state.ts';
import { FIRST_PAINT } from '../../../webview/paintMarks.ts';
import { launchBrowser } from '../../support/editor/browser.ts';
import { recordFrames } from '../../support/editor/frameRecorder.ts';
import { startWithLongConversation } from '../../support/editor/longConversation.ts';
import { heldBy } from '../../support/editor/pageHeap.ts';
import { Town } from '../../support/engines.ts';
import { Chat, Person } from './person.ts';

const COUNT = 100_000;
/** CSS pixels of a turn of the wheel, less than a screen; and turns, for more messages than a page holds at a time. */
const TURN_PX = 500;
const TURNS = 320;
const SEED_MS = 120_000;
const SCROLL_MS = 120_000;
/** Messages that say another word. */
const NEEDLES = [400, 96_000];
/** Far below what the messages that are scrolled through would take. */
const MOST_GROWTH_BYTES = 12_000_000;
const MOST_ELEMENTS = 1_000;
const NOTHING_WRONG = { leftOut: 0, blank: 0, disordered: 0, backwards: 0 };

describe('A conversation of 100,000 messages', () => {
  let browser: Browser;
  let town: Town;
  let sara: Person;
  let chat: Chat;

  const topOrder = () => chat.page.locator('.scroller').evaluate(orderInSight);

  before(async function () {
    this.timeout(SEED_MS);
    browser = await launchBrowser();
    town = await Town.open();
    const options = { name: 'sara', settings: { 'hamta.registryUrl': town.registryUrl } };
    const conversation = { count: COUNT, extra: (i: number) => (NEEDLES.includes(i) ? 'with a needle' : '') };
    sara = await Person.at(await startWithLongConversation(browser, options, conversation));
    await sara.join();
    // The tree has come to rest.
    await sara.peers.rowSaying('dara', 'away').waitFor();
  });

  after(async () => {
    await sara.user.close();
    await town.close();
    await browser.close();
  });

  it('opens at its end with no more rows than a few screens hold', async () => {
    chat = await sara.openChat('dara');
    await chat.message(`Message ${COUNT} `).waitFor();
    assert.ok((await chat.page.locator('article').count()) < 100);
    const paintMs = await chat.page
      .locator('.scroller')
      .evaluate((_, name) => performance.getEntriesByName(name)[0]?.duration, FIRST_PAINT);
    console.log(`      first paint ${paintMs?.toFixed(0)} ms after the page was told`);
    await sara.window.screenshot('20-long-conversation');
  });

  it('scrolls through more than it holds: each message in its order, no blank frame, and memory that stays flat', async function () {
    this.timeout(SCROLL_MS);
    const scroller = chat.page.locator('.scroller');
    const held = await heldBy(sara.window.page, scroller);
    const before = await held();
    const recorder = await scroller.evaluateHandle(recordFrames, { count: COUNT, isUp: true });
    await scroller.hover();
    for (let turn = 0; turn < TURNS; turn += 1) await sara.window.page.mouse.wheel(0, -TURN_PX);
    await sara.window.screenshot('21-long-conversation-scrolled');
    const { from, to, leftOut, blank, disordered, backwards, elements } = await recorder.evaluate((each) =>
      each.end(),
    );
    const grown = (await held()).heapBytes - before.heapBytes;
    console.log(`      scrolled to message ${from}: heap ${(grown / 1e6).toFixed(1)} MB larger`);
    assert.deepEqual({ leftOut, blank, disordered, backwards }, NOTHING_WRONG);
    assert.equal(to, COUNT);
    assert.ok(from < COUNT - MAX_LOADED_MESSAGES, `only as far as message ${from}`);
    assert.ok(grown < MOST_GROWTH_BYTES, `${grown} bytes more`);
    assert.ok(elements < MOST_ELEMENTS, `${elements} elements`);
  });

  it('what is read stays where it is while pages come and go around it', async () => {
    await chat.page.locator('.scroller[aria-busy="false"]').waitFor();
    const moved = await chat.page.locator('.scroller').evaluate(scrollAndCompare, 4_000);
    assert.deepEqual(moved, [4_000]);
  });

  it('whoever looks elsewhere and comes back reads on at the same place', async () => {
    const order = await topOrder();
    await sara.window.runCommand('File: New Untitled Text File');
    await chat.page.locator('.scroller').waitFor({ state: 'hidden' });
    await sara.window.editorTab('dara').click();
    chat = new Chat(await sara.window.webview('.header'));
    await chat.page.locator('article').first().waitFor();
    const again = (await topOrder()) ?? 0;
    assert.ok(Math.abs(again - (order ?? COUNT)) <= 3, `was at ${order}, is at ${again}`);
  });

  it('one key leads back to the newest message', async () => {
    await chat.page.locator('.scroller').press('End');
    await chat.message(`Message ${COUNT} `).waitFor();
    await chat.page.locator('.jump-pill').waitFor({ state: 'hidden' });
  });

  it('a search finds messages of last month and of two years ago, and leads to each', async () => {
    await sara.window.page.keyboard.press('Control+F');
    await chat.page.locator('.search-field input').fill('needle');
    await chat.page.locator('.search-hit', { hasText: 'needle' }).first().waitFor();
    await chat.page.locator('.search-count', { hasText: '2 found' }).waitFor();
    for (const _ of [1, 2]) await chat.page.locator('.search-field input').press('Enter');
    await chat.page.locator('.search-count', { hasText: '2 of 2' }).waitFor();
    await chat.page.locator('article.found', { hasText: 'Message 400 ' }).waitFor();
    await sara.window.screenshot('22-search');
    await chat.page.locator('.search-field input').press('Escape');
    await chat.page.locator('.search-bar').waitFor({ state: 'hidden' });
  });
});

/** Runs in the page. The order of what is in the middle of the list; undefined where nothing is drawn there. */
function orderInSight(scroller: Element): number | undefined {
  const { left, top, width, height } = scroller.getBoundingClientRect();
  const middle = top + height / 2;
  const cells = Array.from(document.querySelectorAll<HTMLElement>('.cell'));
  const cell = cells.find((each) => {
    const box = each.getBoundingClientRect();
    return box.top <= middle && box.bottom >= middle && box.left < left + width;
  });
  return cell === undefined ? undefined : Number(cell.dataset.at);
}

/** Runs in the page. By how much each row that is drawn before and after has moved. */
async function scrollAndCompare(scroller: Element, px: number): Promise<number[]> {
  const tops = () =>
    new Map(
      Array.from(document.querySelectorAll<HTMLElement>('.cell')).map((cell) => [
        cell.dataset.key,
        cell.getBoundingClientRect().top,
      ]),
    );
  const frames = async (count: number) => {
    for (let i = 0; i < count; i += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
  };
  const moves = new Set<number>();
  let sum = 0;
  for (let left = px; left > 0; left -= 200) {
    const before = tops();
    scroller.scrollTop -= 200;
    await frames(3);
    const moved = [...tops()].flatMap(([key, top]) => {
      const was = before.get(key);
      return was === undefined ? [] : [Math.round(top - was)];
    });
    for (const each of new Set(moved)) moves.add(each);
    sum += 200;
  }
  return moves.size === 1 && moves.has(200) ? [sum] : [...moves];
}
