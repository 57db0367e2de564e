import assert from 'node:assert/strict';
import { failure } from '../../src/contract/failure.ts';
import { remediesFor } from '../../src/extension/remedies.ts';
import { statusText, stoppedText } from '../../src/extension/statusText.ts';
import { english, fingerprintOf, person, stateWith, transfer } from './people.ts';

describe('the status bar', () => {
  it('invites to choose a name while signed out', () => {
    const me = { fingerprint: fingerprintOf('a'), addresses: [] };
    for (const state of [undefined, stateWith({}, { me })]) {
      assert.deepEqual(statusText(state, english), {
        text: '$(comment-discussion) Hamta',
        words: 'Hamta: choose a name to chat',
      });
    }
  });

  it('does not invite to what cannot be done without an engine', () => {
    assert.deepEqual(stoppedText(english), { text: '$(warning) Hamta', words: 'Hamta could not be started' });
  });

  it('shows my name, and says how many are connected in words: a number there is what waits', () => {
    const people = [person('b', { link: 'connected' }), person('c')];
    assert.deepEqual(statusText(stateWith({ people }), english), {
      text: '$(comment-discussion) Sara',
      words: 'Hamta: Sara, 1 connected',
    });
  });

  it('shows what waits for me before anything else', () => {
    const people = [person('b', { unread: 3 })];
    const { text, words } = statusText(stateWith({ people, transfers: [transfer('1')] }), english);
    assert.equal(text, '$(bell-dot) Sara 4');
    assert.match(words, /4 wait for you/);
    const [one] = people.map((each) => ({ ...each, unread: 1 }));
    assert.ok(one);
    assert.match(statusText(stateWith({ people: [one] }), english).words, /1 waits for you/);
  });
});

describe('remedies', () => {
  it('start with a registry of one`s own only where the address is this machine`s', () => {
    const here = remediesFor(failure('registryUnreachable', { url: 'http://localhost:8000' }));
    const there = remediesFor(failure('registryUnreachable', { url: 'http://10.0.0.7:8000' }));
    assert.equal(here[0], 'startRegistry');
    assert.equal(there.includes('startRegistry'), false);
  });

  it('are none where the text says all', () => {
    assert.deepEqual(remediesFor(failure('fileEmpty', { name: 'a.png' })), []);
  });
});
