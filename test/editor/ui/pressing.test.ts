// The chat page's buttons under a hand that presses twice: what takes the place of a button is not pressed for it.

import assert from 'node:assert/strict';
import type { Browser, Locator, Page } from 'playwright-core';
import { failure } from '../../../src/contract/failure.ts';
import type { FromPanel, ToPanel } from '../../../src/contract/panel.ts';
import type { Peer } from '../../../src/contract/peer.ts';
import type { Transfer } from '../../../src/contract/transfer.ts';
import { launchBrowser } from '../../support/editor/browser.ts';
import { openChatPage, PAGE_ORIGIN, shootPage, tellPage } from '../../support/editor/chatPageAlone.ts';
import { BOB, bob, messageAt, stateOf, transferOf } from '../../webview/support/conversation.ts';

const PDF = { name: 'design.pdf', mediaType: 'application/pdf' } as const;
const STRANGER: Partial<Peer> = { standing: 'unknown', link: 'none' };
const FRIEND: Partial<Peer> = { standing: 'accepted', link: 'none' };
const WORDS = new Set<FromPanel['kind']>(['ready', 'markRead', 'unsent']);

describe('A button that makes way for another one', () => {
  let browser: Browser;
  let page: Page;
  let sent: FromPanel['kind'][];

  const open = async (shown: ToPanel, width = 700) => {
    sent = [];
    const onIntent = ({ kind }: FromPanel) => WORDS.has(kind) || sent.push(kind);
    page = await openChatPage(browser, { width, shown, onIntent });
  };
  const button = (name: string): Locator => page.getByRole('button', { name, exact: true });
  const become = (transfer: Partial<Transfer>) =>
    tellPage(page, {
      kind: 'event',
      event: { kind: 'transferChanged', transfer: transferOf({ ...PDF, ...transfer }) },
    });
  const becomePeer = (peer: Partial<Peer>) =>
    tellPage(page, { kind: 'event', event: { kind: 'peerChanged', peer: bob(peer) } });
  /** Where the pointer is left. */
  const pressWithin = async (place: Locator) => {
    await place.hover();
    await clickHere(1);
  };
  const clickHere = async (clickCount: number) => {
    await page.mouse.down({ clickCount });
    await page.mouse.up({ clickCount });
  };
  /** The one that rests, and the same once it does not. */
  const resting = (name: string) => page.locator(`button[aria-label="${name}"][aria-disabled="true"]`);
  const ready = (name: string) => page.locator(`button[aria-label="${name}"]:not([aria-disabled])`);

  before(async () => {
    browser = await launchBrowser();
  });
  afterEach(() => page.close());
  after(() => browser.close());

  for (const [first, intent, width] of [
    ['Accept', 'answerTransfer', 700],
    ['Accept', 'answerTransfer', 320],
    ['Save in…', 'acceptInto', 320],
  ] as const)
    it(`is not followed by a cancelled file when "${first}" is pressed twice, ${width} pixels wide`, async () => {
      await open(showing(PDF), width);
      await pressWithin(button(first));
      await resting(first).waitFor();
      await clickHere(2);
      await become({ state: { kind: 'waiting' } });
      await resting('Cancel').waitFor();
      await button('Cancel').hover({ force: true });
      await clickHere(2);
      await clickHere(1);
      await ready('Cancel').waitFor();
      assert.deepEqual(sent, [intent]);
      await clickHere(2);
      assert.deepEqual(sent, [intent]);
      await clickHere(1);
      await untilSent([intent, 'cancelTransfer']);
    });

  it('opens no file that was there at once', async () => {
    await open(showing(PDF));
    await pressWithin(button('Accept'));
    await become({ state: { kind: 'done', at: 0, sha256: '' }, path: '/home/sara/design.pdf' });
    await resting('Open').waitFor();
    await clickHere(2);
    await ready('Open').waitFor();
    assert.deepEqual(sent, ['answerTransfer']);
  });

  it('sends a file once more once, and again when it is asked for later', async () => {
    const state = {
      kind: 'failed',
      failure: failure('transferStalled', { name: 'bob', attempts: 3 }),
    } as const;
    await open(showing({ ...PDF, direction: 'send', path: '/home/sara/design.pdf', state }));
    await button('Try again').dblclick();
    await shootPage(page, '72-try-again-pressed');
    await ready('Try again').waitFor();
    assert.deepEqual(sent, ['retryTransfer']);
    await button('Try again').click();
    await untilSent(['retryTransfer', 'retryTransfer']);
  });

  for (const [where, peer, selector] of [
    ['the gate', STRANGER, '.gate'],
    ['the line under the header', FRIEND, '.notice'],
    ['the header', FRIEND, '.header'],
  ] as const)
    it(`keeps on connecting when "Connect" in ${where} is pressed twice`, async () => {
      await open(showing(PDF, peer));
      const connect = page.locator(selector).getByRole('button', { name: 'Connect', exact: true });
      const cancel = page.locator(selector).getByRole('button', { name: 'Cancel', exact: true });
      await pressWithin(connect);
      await becomePeer({ ...peer, link: 'dialling' });
      await cancel.waitFor();
      await clickHere(2);
      await clickHere(1);
      assert.deepEqual(sent, ['connect']);
      await cancel.click();
      await untilSent(['connect', 'cancelConnect']);
    });

  it('is pressed once by a key that is held, and keeps the focus where another one takes its element', async () => {
    await open(showing(PDF, FRIEND));
    const notice = page.locator('.notice');
    await notice.getByRole('button', { name: 'Connect' }).focus();
    await page.keyboard.down('Enter');
    await becomePeer({ ...FRIEND, link: 'dialling' });
    await notice.locator('button[aria-label="Cancel"]:not([aria-disabled])').waitFor();
    await page.keyboard.down('Enter');
    await page.keyboard.up('Enter');
    assert.deepEqual(sent, ['connect']);
    await page.keyboard.press('Enter');
    await untilSent(['connect', 'cancelConnect']);
  });

  it('rests for nobody who has pressed nothing', async () => {
    await open(showing(PDF));
    await button('Accept').waitFor();
    await become({ state: { kind: 'waiting' } });
    await button('Cancel').waitFor();
    assert.equal(await resting('Cancel').count(), 0);
  });

  async function untilSent(kinds: readonly FromPanel['kind'][]): Promise<void> {
    const deadline = Date.now() + 5_000;
    while (sent.length < kinds.length && Date.now() < deadline) await page.waitForTimeout(10);
    assert.deepEqual(sent, kinds);
  }
});

function showing(transfer: Partial<Transfer>, peer: Partial<Peer> = {}): Extract<ToPanel, { kind: 'show' }> {
  const file = transferOf(transfer);
  const body = { kind: 'transfer', transferId: file.id } as const;
  const from = file.direction === 'send' ? 'me' : 'peer';
  const state = stateOf(bob(peer), [messageAt(1, from, { body })], { transfers: { [file.id]: file } });
  return { kind: 'show', peer: BOB, state, fileBase: `${PAGE_ORIGIN}/files`, locale: 'en' };
}
