// The registry server that a person starts from the editor.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Browser } from 'playwright-core';
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
  let hostOnRedis: Person;

  before(async () => {
    browser = await launchBrowser();
    redis = await startRedis();
    port = await freePort();
    const place = { 'hamta.registryUrl': `http://127.0.0.1:${port}`, 'hamta.registry.port': port };
    host = await Person.at(await EditorUser.start(browser, { name: 'host', settings: place }));
    const withRedis = { ...place, 'hamta.registry.redisUrl': redis.url };
    hostOnRedis = await Person.at(
      await EditorUser.start(browser, { name: 'redis-host', settings: withRedis }),
    );
  });

  after(async () => {
    await host.user.close();
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
    const somebody = createServer().listen(port, '127.0.0.1');
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

  it('it starts on the embedded store and says so; the status bar shows it', async () => {
    await host.window.runCommand('Hamta: Start Registry Server');
    const notice = await host.window.notifications.waitFor('The registry server runs at');
    assert.match(await notice.text(), /store: embedded .*registry\.db/);
    await host.window.statusBarItem(STATUS).waitFor();
    await host.window.screenshot('registry-running');
    await notice.dismiss();
    await host.signUp('sara');
    await host.peers.rowSaying('sara (me)', 'registry ok').waitFor();
  });

  it('when it stops, the tree says so calmly, and recovers by itself on another store', async () => {
    await host.window.runCommand('Hamta: Stop Registry Server');
    await host.window.statusBarItem(STATUS).waitFor({ state: 'hidden' });
    await host.window.runCommand('Hamta: Refresh Peers');
    await host.peers.rowSaying('sara (me)', 'registry not reachable').waitFor({ timeout: 45_000 });
    await host.window.screenshot('registry-stopped');
    await hostOnRedis.window.runCommand('Hamta: Start Registry Server');
    const notice = await hostOnRedis.window.notifications.waitFor('The registry server runs at');
    assert.match(await notice.text(), new RegExp(`store: redis 127\\.0\\.0\\.1:${redis.port}`));
    await host.peers.rowSaying('sara (me)', 'registry ok').waitFor({ timeout: 45_000 });
  });
});
