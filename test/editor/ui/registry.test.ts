// The registry server that a person starts from the editor.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Browser } from 'playwright-core';
import { inviteLinkOf } from '../../../src/extension/invite/inviteLink.ts';
import { launchBrowser } from '../../support/editor/browser.ts';
import { EditorUser } from '../../support/editor/editorUser.ts';
import { freePort } from '../../support/freePort.ts';
import { startRedis, type TestRedis } from '../../support/redis.ts';
import { Person } from './person.ts';

const STATUS = 'hamta.hamta.hamta.registry';

describe('The registry started from the editor', () => {
  let browser: Browser;
  let redis: TestRedis;
  let port: number;
  let host: Person;
  let guest: Person;
  let hostOnRedis: Person;
  let link: string;

  before(async () => {
    browser = await launchBrowser();
    redis = await startRedis();
    port = await freePort();
    const place = { 'hamta.registryUrl': `http://127.0.0.1:${port}`, 'hamta.registry.port': port };
    host = await Person.at(await EditorUser.start(browser, { name: 'host', settings: place }));
    const withoutRedis = { 'hamta.registry.redisUrl': `redis://127.0.0.1:${await freePort()}` };
    guest = await Person.at(await EditorUser.start(browser, { name: 'guest', settings: withoutRedis }));
    const withRedis = { ...place, 'hamta.registry.redisUrl': redis.url };
    hostOnRedis = await Person.at(
      await EditorUser.start(browser, { name: 'redis-host', settings: withRedis }),
    );
  });

  after(async () => {
    await host.user.close();
    await guest.user.close();
    await hostOnRedis.user.close();
    await redis.stop();
    await browser.close();
  });

  it('without one, signing up says so and what to do', async () => {
    await host.signUp('sara');
    const notice = await host.window.notifications.waitFor('No registry answers at');
    assert.match(await notice.text(), /Start one with "Hamta: Start Registry Server"/);
    await host.window.screenshot('registry-missing');
    await notice.dismiss();
  });

  it('a port that somebody else has is named, with what to do', async () => {
    const somebody = createServer((socket) => socket.resume()).listen(port, '127.0.0.1');
    await once(somebody, 'listening');
    await host.window.runCommand('Hamta: Start Registry Server');
    const notice = await host.window.notifications.waitFor(`${port}`);
    assert.match(await notice.text(), /in use/);
    assert.ok((await notice.buttons()).length > 0);
    await host.window.screenshot('registry-port-in-use');
    await notice.dismiss();
    somebody.close();
    await once(somebody, 'close');
  });

  it('it starts on the embedded store and says so once it is healthy; the status bar shows it', async () => {
    await host.window.runCommand('Hamta: Start Registry Server');
    const notice = await host.window.notifications.waitFor('The registry server runs at');
    assert.equal((await fetch(`http://127.0.0.1:${port}/healthz`)).status, 200);
    assert.match(await notice.text(), /store: embedded .*registry\.db/);
    assert.deepEqual(await notice.buttons(), ['Copy Invite Link', 'Copy Address']);
    await host.window.statusBarItem(STATUS).waitFor();
    await host.window.screenshot('registry-running');
    await notice.press('Copy Invite Link');
    const copied = await host.window.notifications.waitFor('The invite link to');
    assert.match(await copied.text(), /works on this machine only/);
    await copied.dismiss();
    link = await host.window.clipboardText();
    assert.match(
      link,
      new RegExp(`^[a-z-]+://hamta\\.hamta/join\\?registry=http%3A%2F%2F127\\.0\\.0\\.1%3A${port}$`),
    );
    await host.signUp('sara');
    await host.peers.rowSaying('sara (me)', 'registry ok').waitFor();
  });

  it('another window is told that it runs already, with what can be done', async () => {
    await hostOnRedis.window.runCommand('Hamta: Start Registry Server');
    const notice = await hostOnRedis.window.notifications.waitFor('A registry server runs already');
    assert.match(await notice.text(), new RegExp(`at http://127\\.0\\.0\\.1:${port}\\.`));
    assert.deepEqual(await notice.buttons(), ['Copy Invite Link', 'Choose Another Port']);
    await hostOnRedis.window.screenshot('registry-runs-already');
    await notice.dismiss();
  });

  it('one that cannot start says why, and stands as failed in the status bar until its log was looked at', async () => {
    await guest.window.runCommand('Hamta: Start Registry Server');
    const notice = await guest.window.notifications.waitFor('The registry server did not start');
    assert.match(await notice.text(), /redis/i);
    assert.deepEqual(await notice.buttons(), ['Open Settings', 'Show Log']);
    const item = guest.window.statusBarItem(STATUS);
    await item.locator('.codicon-error').waitFor();
    await guest.window.screenshot('registry-failed');
    await notice.press('Open Settings');
    const settings = guest.window.page.locator('.settings-editor', { hasText: 'Redis Url' });
    await settings.waitFor();
    await guest.window.screenshot('registry-redis-setting');
    await guest.window.page.keyboard.press('Escape');
    await settings.waitFor({ state: 'detached' });
    await item.click();
    await item.waitFor({ state: 'hidden' });
    await guest.window.runCommand('View: Toggle Output');
  });

  it('a link with more in it than an address changes nothing, and its opener is told', async () => {
    await guest.window.openLink(`${link}&name=mallory`);
    const notice = await guest.window.notifications.waitFor('Nothing was changed by the link');
    await notice.dismiss();
    await guest.window.openLink(link.replace('http%3A', 'javascript%3A'));
    await (await guest.window.notifications.waitFor('does not begin with http')).dismiss();
    assert.equal((await guest.settings())['hamta.registryUrl'], undefined);
  });

  it('a link whose question is not answered with Join changes nothing', async () => {
    await guest.window.openLink(link);
    await guest.window.answerDialog('Cancel');
    await guest.window.dialogGone();
    assert.equal((await guest.settings())['hamta.registryUrl'], undefined);
  });

  it('whoever opens the invite link is asked, and chooses a name at the registry it names', async () => {
    await guest.window.openLink(link);
    assert.match(
      await guest.window.dialogText(),
      new RegExp(`Join the registry at http://127\\.0\\.0\\.1:${port}\\?`),
    );
    await guest.window.screenshot('invite-question');
    await guest.window.answerDialog('Join');
    await guest.window.quickInput.step('Choose a name');
    await guest.window.quickInput.message(`at the registry http://127.0.0.1:${port}`);
    await guest.window.quickInput.answer('bob');
    await guest.peers.rowSaying('bob (me)', 'registry ok').waitFor();
    await host.peers.row('bob').waitFor({ timeout: 30_000 });
  });

  it('opened again it says that nothing needs to be done, and an invited person can invite', async () => {
    await guest.window.openLink(link);
    const notice = await guest.window.notifications.waitFor('already, as bob');
    await notice.dismiss();
    await guest.peers.menuAction('bob (me)', 'Copy Invite Link');
    await (await guest.window.notifications.waitFor('The invite link to')).dismiss();
    assert.equal(await guest.window.clipboardText(), link);
  });

  it('who has a name is asked to go on under it at another registry', async () => {
    const another = `http://localhost:${port}`;
    await guest.window.openLink(inviteLinkOf(new URL(link).protocol.slice(0, -1), another) ?? '');
    assert.match(await guest.window.dialogText(), /You will be bob there, and leave the registry/);
    await guest.window.answerDialog('Join');
    await guest.window.statusBarText(`Hamta uses the registry ${another}`);
    assert.equal((await guest.settings())['hamta.registryUrl'], another);
    await guest.peers.rowSaying('bob (me)', 'registry ok').waitFor();
  });

  it('when it stops, the tree says so calmly, and recovers by itself on another store', async () => {
    await host.window.runCommand('Hamta: Stop Registry Server');
    await host.window.statusBarItem(STATUS).waitFor({ state: 'hidden' });
    await host.window.runCommand('Hamta: Refresh Peers');
    await host.peers.rowSaying('sara (me)', 'registry not reachable').waitFor({ timeout: 45_000 });
    await host.peers.rowSaying('The registry does not answer', 'try now').waitFor();
    await host.window.screenshot('registry-stopped');
    await hostOnRedis.window.runCommand('Hamta: Start Registry Server');
    const notice = await hostOnRedis.window.notifications.waitFor('The registry server runs at');
    assert.match(await notice.text(), new RegExp(`store: redis 127\\.0\\.0\\.1:${redis.port}`));
    await host.peers.rowSaying('sara (me)', 'registry ok').waitFor({ timeout: 45_000 });
  });

  it('giving a name up at one that answers nothing says so while it waits, and that it did not work', async () => {
    await hostOnRedis.window.runCommand('Hamta: Stop Registry Server');
    await hostOnRedis.window.statusBarItem(STATUS).waitFor({ state: 'hidden' });
    const silent = createServer((socket) => socket.on('error', () => {}).resume()).listen(port, '127.0.0.1');
    await once(silent, 'listening');
    await host.window.runCommand('Hamta: Give Up My Name');
    await host.window.answerDialog('Give Up');
    await host.window.statusBarText('Giving up the name sara');
    await host.window.screenshot('registry-giving-up');
    const notice = await host.window.notifications.waitFor('No registry answers at');
    await notice.dismiss();
    await host.peers.rowSaying('sara (me)', 'registry').waitFor();
    silent.close();
  });
});
