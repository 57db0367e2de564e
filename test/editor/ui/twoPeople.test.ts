// The main job, done by two people in two editors: find each other, agree to talk, talk, and pass a picture.
// One story: each test goes on from where the one before it ended.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { noisePicture } from '../../../bench/noisePicture.ts';
import { launchBrowser } from '../../support/editor/browser.ts';
import { EditorUser } from '../../support/editor/editorUser.ts';
import { startBuiltRegistry, type TestRegistry } from '../../support/registry.ts';
import { Chat, Person } from './person.ts';

const RECEIVED = ['home', 'Downloads', 'Hamta'];
const STORAGE = ['data', 'data', 'User', 'globalStorage', 'hamta.hamta'];
const OUTBOX = [...STORAGE, 'outbox'];
const ENGINE = [...STORAGE, 'engine'];

describe('Two people in two editors', () => {
  let browser: Browser;
  let registry: TestRegistry;
  let sara: Person;
  let bob: Person;
  let saraWithBob: Chat;
  let bobWithSara: Chat;

  before(async () => {
    browser = await launchBrowser();
    registry = await startBuiltRegistry();
    const settings = { 'hamta.registryUrl': registry.url };
    const [first, second] = await Promise.all([
      EditorUser.start(browser, { name: 'sara', settings }),
      EditorUser.start(browser, { name: 'bob', settings }),
    ]);
    sara = await Person.at(first);
    bob = await Person.at(second);
  });

  after(async () => {
    await sara.user.close();
    await bob.user.close();
    await registry.stop();
    await browser.close();
  });

  it('a newcomer is told what this is and what to do first', async () => {
    await sara.peers.welcome.getByRole('button', { name: 'Choose a Name' }).waitFor();
    await sara.window.screenshot('01-welcome');
  });

  it('nothing runs and no key is made before a name is chosen', async () => {
    assert.equal(existsSync(path.join(sara.user.root, ...ENGINE)), false);
  });

  it('a name is taken once: the second person is told and asked again', async () => {
    await sara.signUp('sara');
    await sara.peers.rowSaying('sara (me)', 'registry ok').waitFor();
    assert.equal(existsSync(path.join(sara.user.root, ...ENGINE)), true);
    await bob.signUp('Sara');
    await bob.window.quickInput.message('belongs to somebody else');
    await bob.window.screenshot('03-name-taken');
    await bob.window.quickInput.answer('bob');
    await bob.peers.rowSaying('bob (me)', 'registry ok').waitFor();
  });

  it('each sees the other in the Peers view', async () => {
    await sara.peers.row('bob').waitFor({ timeout: 30_000 });
    await bob.peers.row('sara').waitFor({ timeout: 30_000 });
  });

  it('an address can be looked up, and nobody is called nobody', async () => {
    await sara.askAddressOf('nobody');
    const notice = await sara.window.notifications.waitFor('Nobody is called nobody');
    await notice.dismiss();
    await sara.askAddressOf('bob');
    const address = await sara.window.notifications.waitFor(/127\.0\.0\.1:\d+/);
    assert.deepEqual(await address.buttons(), ['Copy']);
    await address.dismiss();
  });

  it('who is asked to connect sees it in the tree until it is answered', async () => {
    saraWithBob = await sara.openChat('bob');
    await saraWithBob.button('Connect').click();
    await bob.peers.rowSaying('sara', 'wants to connect').waitFor();
    await saraWithBob.page.locator('text=Waiting').first().waitFor();
    await sara.window.screenshot('04-waiting-for-answer');
    await bob.window.screenshot('05-asked-to-connect');
    await bob.peers.inlineAction('sara', 'Accept');
    await sara.peers.rowSaying('bob', 'this machine').waitFor();
    await bob.peers.rowSaying('sara', 'this machine').waitFor();
  });

  it('messages go both ways, and each mark is true', async () => {
    await saraWithBob.write('Look at this trace, please');
    await saraWithBob.receipt('Look at this trace', 'delivered').waitFor();
    await bob.peers.rowSaying('sara', /1/).waitFor();
    await bob.window.screenshot('06-unread');
    bobWithSara = await bob.openChat('sara');
    await bobWithSara.message('Look at this trace').waitFor();
    await saraWithBob.receipt('Look at this trace', 'read').waitFor();
    await bobWithSara.write('سلام سارا، حتماً. همین الان نگاه می‌کنم');
    const persian = saraWithBob.message('سلام سارا');
    await persian.waitFor();
    const direction = await persian.locator('.text p').evaluate((words) => getComputedStyle(words).direction);
    assert.equal(direction, 'rtl');
  });

  it('a pasted picture is asked for, taken, and the same on both disks', async () => {
    await saraWithBob.page.pasteImage('textarea', noisePicture(150_000));
    await saraWithBob.message('waiting for').waitFor();
    await bobWithSara.button('Accept').waitFor();
    await bob.window.screenshot('07-picture-offered');
    await bobWithSara.button('Accept').click();
    await saraWithBob.message('saved and verified by').waitFor();
    await bobWithSara.message('saved and verified').locator('.picture img').last().waitFor();
    await sara.window.screenshot('08-picture-sent');
    await bob.window.screenshot('09-picture-received');
    const [[, sent] = []] = await sara.files(...OUTBOX);
    const [[, received] = []] = await bob.files(...RECEIVED);
    assert.ok(sent !== undefined && received !== undefined && sent.length > 100_000);
    assert.ok(sent.equals(received));
  });

  it('a picture from the disk arrives under its own name, byte for byte', async () => {
    const file = path.join(bob.user.root, 'diagram.png');
    const picture = noisePicture(3_000_000);
    await writeFile(file, picture);
    await bob.peers.inlineAction('sara', 'Send Picture');
    await bob.window.quickInput.chooseFile(file);
    await saraWithBob.message('diagram.png').waitFor();
    await saraWithBob.button('Accept').click();
    await bobWithSara.message('diagram.png').filter({ hasText: 'saved and verified by' }).waitFor();
    const received = await sara.files(...RECEIVED);
    assert.ok(received.get('diagram.png')?.equals(picture));
  });

  it('a declined picture moves no byte, and both see it', async () => {
    await saraWithBob.page.pasteImage('textarea', noisePicture(20_000));
    await bobWithSara.button('Reject').click();
    await saraWithBob.message('declined').waitFor();
    await bobWithSara.message('you declined').waitFor();
    assert.equal((await bob.files(...RECEIVED)).size, 1);
  });

  it('a reloaded window shows the same conversation again', async () => {
    await sara.window.reload();
    saraWithBob = new Chat(await sara.window.webview('.header'));
    await saraWithBob.message('Look at this trace').waitFor();
    await saraWithBob.message('سلام سارا').waitFor();
    await sara.peers.rowSaying('bob', 'this machine').waitFor({ timeout: 30_000 });
    await sara.window.screenshot('10-after-reload');
  });

  it('a message for somebody who is away waits, says so, and goes by itself', async () => {
    await bob.window.close();
    await sara.peers.rowSaying('bob', /away/).waitFor({ timeout: 30_000 });
    await saraWithBob.write('See you tomorrow');
    await saraWithBob.receipt('See you tomorrow', 'queued').waitFor();
    await sara.window.screenshot('11-waiting-message');
    bob = await Person.at(bob.user);
    await saraWithBob.receipt('See you tomorrow', 'read').waitFor({ timeout: 30_000 });
    bobWithSara = new Chat(await bob.window.webview('.header'));
    await bobWithSara.message('See you tomorrow').waitFor();
    assert.equal(await bobWithSara.page.locator('article', { hasText: 'See you tomorrow' }).count(), 1);
  });

  it('signing out leads back to the beginning', async () => {
    await bob.window.runCommand('Hamta: Sign Out');
    await bob.peers.welcome.getByRole('button', { name: 'Choose a Name' }).waitFor();
    await sara.peers.rowSaying('bob', /away/).waitFor({ timeout: 30_000 });
    await bobWithSara.page.locator('.notice', { hasText: 'You are signed out' }).waitFor();
    await bob.window.screenshot('12-signed-out');
  });

  it('whoever signs up again in a chat is asked with the name that they had, ready to be typed over', async () => {
    const { quickInput } = bob.window;
    await bobWithSara.button('Sign Up').click();
    await quickInput.step('Choose a name');
    assert.equal(await quickInput.field.inputValue(), 'bob');
    assert.deepEqual(await quickInput.field.evaluate(selectionOf), [0, 'bob'.length]);
  });
});

/** Runs in the page. */
function selectionOf(field: Element): [number | null, number | null] {
  const { selectionStart, selectionEnd } = field as HTMLInputElement;
  return [selectionStart, selectionEnd];
}
