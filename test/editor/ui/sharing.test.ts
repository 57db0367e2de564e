// Files that are shared from the Explorer and fetched from the tree. Sara has an editor, Bob is an engine without one. One story:
// each test goes on from where the one before it ended.

import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { noisePicture } from '../../../bench/noisePicture.ts';
import type { SharedItem } from '../../../src/contract/shared.ts';
import type { Event } from '../../../src/contract/state.ts';
import { launchBrowser } from '../../support/editor/browser.ts';
import { EditorUser } from '../../support/editor/editorUser.ts';
import type { TreeView } from '../../support/editor/treeView.ts';
import { type Person as Friend, Town } from '../../support/engines.ts';
import { Person } from './person.ts';

const RECEIVED = ['home', 'Downloads', 'Hamta'];

describe('Files that are shared', () => {
  let browser: Browser;
  let town: Town;
  let bob: Friend;
  let sara: Person;
  let atSara: { peer: Friend['fingerprint'] };

  /** What bob's window shows of hers, once it is so many. */
  const seenByBob = (count: number): Promise<readonly SharedItem[]> =>
    bob.window.until(({ sharedBy }) => {
      const items = sharedBy?.[atSara.peer] ?? [];
      return items.length === count && items;
    });

  async function bobShares(name: string, bytes: string | Buffer): Promise<string> {
    const place = path.join(town.folder, name);
    await writeFile(place, bytes);
    await bob.request('share', { paths: [place], with: 'accepted' });
    return place;
  }

  const explorer = (): Promise<TreeView> => sara.window.openView('Explorer', 'Explorer Section');
  const peers = (): Promise<TreeView> => sara.window.openView('Hamta', 'Peers');

  before(async () => {
    browser = await launchBrowser();
    town = await Town.open();
    bob = await town.person('bob');
    const user = await EditorUser.start(browser, {
      name: 'sara',
      // Showing where an opened file is would undo a selection.
      settings: { 'hamta.registryUrl': town.registryUrl, 'explorer.autoReveal': false },
    });
    sara = await Person.at(user);
    await writeFile(path.join(user.root, 'project', 'notes.md'), '# Notes for bob\n');
    await writeFile(path.join(user.root, 'project', 'diagram.png'), noisePicture(60_000));
    await sara.join();
    atSara = { peer: await sara.befriendedBy(bob.window) };
  });

  after(async () => {
    await sara.user.close();
    await town.close();
    await browser.close();
  });

  it('who looks for something to fetch where nobody shares is told so', async () => {
    await sara.window.runCommand('Hamta: Fetch Shared File');
    const notice = await sara.window.notifications.waitFor('Nobody who is connected shares anything');
    await notice.dismiss();
  });

  it('a file is shared from the Explorer with everybody who is accepted', async () => {
    const files = await explorer();
    await files.openMenu('notes.md');
    await sara.window.screenshot('60-share-menu');
    await files.menuEntry('Share with Hamta…').hover();
    await sara.window.page.keyboard.press('Enter');
    await sara.window.quickInput.step('Share notes.md with whom?');
    await sara.window.screenshot('61-share-with-whom');
    await sara.window.quickInput.pick('Everybody I have accepted');
    await sara.window.statusBarText('Shared: notes.md');
    const [item] = await seenByBob(1);
    assert.deepEqual([item?.name, item?.mediaType], ['notes.md', 'text/plain']);
  });

  it('several are shared at once with people who are chosen', async () => {
    const files = await explorer();
    await files.row('diagram.png').click();
    await sara.window.editorTab('diagram.png').waitFor();
    await files.row('notes.md').click({ modifiers: ['ControlOrMeta'] });
    await files.pane.locator('.monaco-list-row.selected').nth(1).waitFor();
    await files.menuAction('notes.md', 'Share with Hamta…');
    await sara.window.quickInput.step('Share 2 files with whom?');
    const hint = await sara.window.quickInput.field.getAttribute('placeholder');
    assert.equal(hint, 'Pictures go without location and camera data');
    await sara.window.quickInput.pick('People I choose');
    await sara.window.quickInput.pick('bob');
    await sara.window.page.keyboard.press('Enter');
    await seenByBob(2);
    const tree = await peers();
    await tree.expand('Shared by me (2)');
    await tree.rowSaying('notes.md', /bob$/).waitFor();
    await tree.rowSaying('diagram.png', /bob$/).waitFor();
  });

  it('the other side fetches one without a question here', async () => {
    const items = await seenByBob(2);
    const picture = items.find(({ name }) => name === 'diagram.png');
    const { id } = await bob.request('fetchShared', { ...atSara, itemId: picture?.id ?? '' });
    const { path: place = '' } = await bob.window.transfer(id, 'done');
    const original = await readFile(path.join(sara.user.root, 'project', 'diagram.png'));
    assert.ok((await readFile(place)).equals(original));
  });

  it('what bob shares stands under his name, and a click fetches it', async () => {
    const bytes = noisePicture(200_000);
    await bobShares('trace.png', bytes);
    await bobShares('readme.txt', 'read me first');
    const tree = await peers();
    await tree.expand('Shared (2)');
    await tree.rowSaying('readme.txt', '13 B').waitFor();
    await sara.window.screenshot('62-shared');
    await tree.click('trace.png');
    const chat = await sara.openChat('bob');
    await chat.message('saved and verified').filter({ hasText: 'trace.png' }).waitFor();
    await tree.click('readme.txt');
    await chat.message('saved and verified').filter({ hasText: 'readme.txt' }).waitFor();
    await sara.window.screenshot('63-fetched');
    const received = await sara.files(...RECEIVED);
    assert.ok(received.get('trace.png')?.equals(bytes));
    assert.equal(received.get('readme.txt')?.toString(), 'read me first');
  });

  it('his windows know that she has asked for it before they hear of the offer', () => {
    const { events } = bob.window;
    const isKnown = (id: string) => (event: Event) =>
      event.kind === 'transferChanged' && event.transfer.id === id && event.transfer.itemId !== undefined;
    const offers = events.flatMap((event, at) =>
      event.kind === 'messageAdded' && event.message.from === 'me' && event.message.body.kind === 'transfer'
        ? [{ at, known: events.findIndex(isKnown(event.message.body.transferId)) }]
        : [],
    );
    assert.equal(offers.length, 2);
    assert.ok(offers.every(({ at, known }) => known >= 0 && known < at));
  });

  it('what is gone is said to be gone', async () => {
    const place = await bobShares('gone.txt', 'x');
    const tree = await peers();
    await tree.row('Shared (3)').waitFor();
    await rm(place);
    await tree.click('gone.txt');
    const notice = await sara.window.notifications.waitFor('gone.txt is not where it was');
    await sara.window.screenshot('64-gone');
    await notice.dismiss();
    await tree.row('Shared (2)').waitFor();
  });

  it('what I share is taken back with one press', async () => {
    const tree = await peers();
    await tree.inlineAction('diagram.png', 'Stop Sharing');
    await tree.row('Shared by me (1)').waitFor();
    await seenByBob(1);
  });

  it('what somebody shares goes with them', async () => {
    await bob.stop();
    const tree = await peers();
    await tree.row('Shared (2)').waitFor({ state: 'hidden' });
    await bob.start();
    await tree.row('Shared (2)').waitFor({ timeout: 30_000 });
  });
});
