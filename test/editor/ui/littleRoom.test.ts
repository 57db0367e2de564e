// The chat page in a panel as narrow as a side bar can be, with somebody whose name is as long as names can be.

import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { failure } from '../../../src/contract/failure.ts';
import type { FromPanel, ToPanel } from '../../../src/contract/panel.ts';
import type { Peer } from '../../../src/contract/peer.ts';
import type { Transfer } from '../../../src/contract/transfer.ts';
import { launchBrowser } from '../../support/editor/browser.ts';
import { openChatPage, shootPage, tellPage } from '../../support/editor/chatPageAlone.ts';
import { bob, MALLORY, messageAt, showing, stateOf, transferOf } from '../../webview/support/conversation.ts';

const NAME = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerk🦊bauunterb';
const WIDTH = 170;
/** One line of text, and its row of buttons below it. */
const COMPOSER_PX = 80;

describe('The chat page in little room', () => {
  let browser: Browser;
  let page: Page;

  const open = async (peer: Partial<Peer> = {}, height = 700) => {
    const onIntent = (intent: FromPanel) => void answerSearch(intent);
    page = await openChatPage(browser, { width: WIDTH, height, shown: shown(peer), onIntent });
    await page.locator('article').last().waitFor();
  };
  const nothingIsCut = async () => assert.deepEqual(await page.evaluate(beyond), []);

  before(async () => {
    browser = await launchBrowser();
  });
  afterEach(() => page.close());
  after(() => browser.close());

  it('cuts no name, and keeps the empty field at one line', async () => {
    await open({ isTyping: true });
    await shootPage(page, '73-little-room');
    await nothingIsCut();
    assert.ok((await heightOf('.composer-box')) < COMPOSER_PX);
    await page.locator('textarea').fill('Here is more than one line, so that the field must grow with it');
    assert.ok((await heightOf('textarea')) > 2 * 18);
  });

  it('draws no letter alone of how they are connected: that is heard all the same', async () => {
    await open({ name: 'bob', path: 'lan' });
    assert.equal(await page.locator('.presence-words').innerText(), 'LAN');
    assert.equal(await widthOf('.presence-words'), 1);
    await page.setViewportSize({ width: 320, height: 700 });
    assert.ok((await widthOf('.presence-words')) > 20);
  });

  it('has all of a menu in sight, with all of its reactions', async () => {
    await open();
    await page.locator('.bubble').last().click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'More reactions' }).click();
    await page.locator('.menu.at-message .emoji').nth(20).waitFor();
    await shootPage(page, '74-little-room-menu');
    await nothingIsCut();
  });

  it('has the buttons of the search in sight, and room for what is looked for', async () => {
    await open();
    await page.keyboard.press('Control+F');
    await page.locator('.search-field input').fill('text');
    await page.locator('.search-hit').first().waitFor();
    await shootPage(page, '75-little-room-search');
    await nothingIsCut();
    assert.ok((await widthOf('.search-field input')) > WIDTH / 2);
  });

  for (const [what, peer] of [
    ['whether it is still them', { link: 'none', nameConflict: MALLORY }],
    ['whether they may connect', { link: 'asking', standing: 'unknown' }],
  ] as const)
    it(`has the buttons of the question in sight ${what}`, async () => {
      await open(peer);
      await page.locator('.gate').waitFor();
      await nothingIsCut();
    });

  it('has the words of the line under the header in sight, with what there is to do below them', async () => {
    await open();
    await tellPage(page, { kind: 'engineAway', stopped: failure('engineEnded', {}) });
    await page.getByRole('button', { name: 'Show Log' }).waitFor();
    for (const link of ['Connect', 'Disconnect'])
      assert.equal(await page.getByRole('button', { name: link, exact: true }).count(), 0);
    await nothingIsCut();
    assert.ok((await widthOf('.notice-text')) > WIDTH / 2);
  });

  it('lays nothing over the list where all of it would be too high, and leads to what is below', async () => {
    await open({ link: 'none', nameConflict: MALLORY, isTyping: true }, 300);
    await tellPage(page, {
      kind: 'failed',
      failure: failure('connectionUnanswered', { name: NAME, seconds: 60 }),
    });
    await page.locator('.notice.trouble').waitFor();
    const [list, trouble] = [page.locator('.conversation'), page.locator('.notice.trouble')];
    const [above, below] = [await list.boundingBox(), await trouble.boundingBox()];
    const strip = await page.locator('.strip').boundingBox();
    assert.ok(above !== null && below !== null && strip !== null);
    assert.ok(strip.y >= above.y && strip.y + strip.height <= below.y);
    await page.locator('.gate .button').last().scrollIntoViewIfNeeded();
    await page.locator('.gate .button').last().click({ trial: true });
  });

  it('has what did not work as wide as the field, as in much room', async () => {
    await open();
    await tellPage(page, {
      kind: 'failed',
      failure: failure('textTooLong', { length: 9_000, limit: 8_000 }),
    });
    await page.locator('.notice.trouble').waitFor();
    for (const width of [WIDTH, 700, 1_400]) {
      await page.setViewportSize({ width, height: 700 });
      const [trouble, field] = await Promise.all(
        ['.notice.trouble', '.composer-box'].map((part) => page.locator(part).boundingBox()),
      );
      assert.deepEqual([trouble?.x, trouble?.width], [field?.x, field?.width]);
    }
  });

  it('shows how far a file is where the system chooses all colours', async () => {
    await open();
    await page.emulateMedia({ forcedColors: 'active' });
    const colourOf = (selector: string) =>
      page.locator(selector).evaluate((part) => getComputedStyle(part).backgroundColor);
    assert.notEqual(await colourOf('.progress-done'), await colourOf('.card:has(.progress)'));
  });

  async function heightOf(selector: string): Promise<number> {
    return (await page.locator(selector).boundingBox())?.height ?? 0;
  }

  async function widthOf(selector: string): Promise<number> {
    return (await page.locator(selector).boundingBox())?.width ?? 0;
  }

  async function answerSearch(intent: FromPanel): Promise<void> {
    if (intent.kind !== 'searchConversation') return;
    const hits = [4, 2].map((order) => ({ message: messageAt(order, 'peer'), excerpt: `text ${order}` }));
    await tellPage(page, { kind: 'searched', wish: intent, page: { hits, hasMore: true } });
  }
});

function shown(peer: Partial<Peer>): ToPanel {
  const running: Partial<Transfer> = {
    state: { kind: 'running', bytes: 200_000, bytesPerSecond: 40_000, attempt: 1 },
  };
  const file = transferOf({ ...running, direction: 'send' });
  const declined = transferOf({ id: 'f'.repeat(32), direction: 'send', state: { kind: 'rejected' } });
  const about = (order: number, { id }: Transfer) =>
    messageAt(order, 'me', { body: { kind: 'transfer', transferId: id } });
  const quote = { id: 'id 2', order: 2, from: 'peer', excerpt: 'text 2' } as const;
  const messages = [
    about(1, file),
    messageAt(2, 'peer'),
    about(3, declined),
    messageAt(4, 'peer'),
    messageAt(5, 'me', { replyTo: quote }),
  ];
  const transfers = { [file.id]: file, [declined.id]: declined };
  return showing(stateOf(bob({ name: NAME, ...peer }), messages, { transfers }));
}

/** Runs in the page. What is seen of it only in part. */
function beyond(): string[] {
  const parts = document.querySelectorAll(
    'h2, p, span:not(.codicon), bdi, button, textarea, input, .card, .bubble, .menu',
  );
  const places = [...parts].map((part) => ({ part, place: part.getBoundingClientRect() }));
  return places
    .filter(({ part, place }) => place.width > 1 && !part.closest('.typing-line, .search-hit-words'))
    .filter(({ place }) => place.left < 0 || place.right > innerWidth)
    .map(({ part }) => `${part.className || part.tagName} ${part.textContent}`);
}
