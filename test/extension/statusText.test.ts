import assert from 'node:assert/strict';
import { failure } from '../../src/contract/failure.ts';
import { remediesFor } from '../../src/extension/remedies.ts';
import { startingText, statusText, stoppedText } from '../../src/extension/statusText.ts';
import { english, fingerprintOf, NOW, person, stateWith, transfer } from './people.ts';

describe('the status bar', () => {
  it('invites to choose a name while signed out', () => {
    const me = { fingerprint: fingerprintOf('a'), addresses: [] };
    for (const state of [undefined, stateWith({}, { me })]) {
      assert.deepEqual(statusText(state, NOW, english), {
        text: '$(comment-discussion) Hamta',
        words: 'Hamta: choose a name to chat',
      });
    }
  });

  it('does not invite to what cannot be done without an engine', () => {
    assert.deepEqual(stoppedText(english), { text: '$(warning) Hamta', words: 'Hamta could not be started' });
  });

  it('does not invite somebody who has a name while the engine that knows it is on its way', () => {
    assert.deepEqual(startingText(english), {
      text: '$(comment-discussion) Hamta',
      words: 'Hamta is starting',
    });
  });

  it('shows my name, and says how many are connected in words: a number there is what waits', () => {
    const people = [person('b', { link: 'connected' }), person('c')];
    assert.deepEqual(statusText(stateWith({ people }), NOW, english), {
      text: '$(comment-discussion) Sara',
      words: 'Hamta: Sara, 1 connected',
    });
  });

  it('shortens a long name: others have items there, too', () => {
    const me = { ...stateWith().me, name: 'Maximiliane von Hohenstein-Waldburg' };
    const { text, words } = statusText(stateWith({}, { me }), NOW, english);
    assert.equal(text, '$(comment-discussion) Maximiliane…n-Waldburg');
    assert.equal(words, `Hamta: ${me.name}, 0 connected`);
  });

  it('shows what waits for me before anything else', () => {
    const people = [person('b', { unread: 3 })];
    const { text, words } = statusText(stateWith({ people, transfers: [transfer('1')] }), NOW, english);
    assert.equal(text, '$(bell-dot) Sara 4');
    assert.match(words, /4 wait for you/);
    const persian = statusText(stateWith({ people }), NOW, { ...english, locale: 'fa' });
    assert.equal(persian.text, '$(bell-dot) Sara ۳');
    assert.match(persian.words, /۰ connected، ۳ wait for you/);
    const [one] = people.map((each) => ({ ...each, unread: 1 }));
    assert.ok(one);
    assert.match(statusText(stateWith({ people: [one] }), NOW, english).words, /1 waits for you/);
  });

  it('shows that I am not to be disturbed, until when, and still what waits', () => {
    const me = { ...stateWith().me, doNotDisturbUntil: NOW + 60_000 };
    assert.equal(statusText(stateWith({}, { me }), NOW, english).text, '$(bell-slash) Sara');
    const waiting = statusText(stateWith({ people: [person('b', { unread: 2 })] }, { me }), NOW, english);
    assert.equal(waiting.text, '$(bell-slash) Sara 2');
    assert.match(waiting.words, /do not disturb until .*, 2 wait for you/);
    const after = statusText(stateWith({}, { me }), NOW + 60_000, english);
    assert.equal(after.text, '$(comment-discussion) Sara', 'its end needs no word of the engine');
  });

  it('does not count what somebody wrote who is blocked now', () => {
    const people = [person('b', { unread: 3, standing: 'blocked' })];
    assert.equal(statusText(stateWith({ people }), NOW, english).text, '$(comment-discussion) Sara');
  });
});

describe('remedies', () => {
  const downloads = '/home/sara/Downloads/Hamta';

  it('start with a registry of one`s own only where the address is this machine`s', () => {
    const here = remediesFor(failure('registryUnreachable', { url: 'http://localhost:8000' }), downloads);
    const there = remediesFor(failure('registryUnreachable', { url: 'http://10.0.0.7:8000' }), downloads);
    assert.equal(here[0], 'startRegistry');
    assert.equal(there.includes('startRegistry'), false);
  });

  it('are the setting of the download folder only where that is the folder', () => {
    const of = (path: string) =>
      [
        failure('folderUnwritable', { path, detail: 'EACCES' }),
        failure('diskFull', { path }),
        failure('folderSlow', { path }),
      ].map((each) => remediesFor(each, downloads));
    assert.deepEqual(of(downloads), [['folderSetting'], ['folderSetting'], ['folderSetting']]);
    for (const other of ['/home/sara/.config/hamta/notes', `${downloads}/for this file`])
      assert.deepEqual(of(other), [[], [], []]);
  });

  it('are to try again, and the log, where Hamta cannot listen', () => {
    const unheard = failure('listenFailed', { host: '0.0.0.0', detail: 'EADDRNOTAVAIL' });
    assert.deepEqual(remediesFor(unheard, downloads), ['tryAgain', 'showLog']);
  });

  it('are none where the text says all', () => {
    assert.deepEqual(remediesFor(failure('fileEmpty', { name: 'a.png' }), downloads), []);
  });
});
