import assert from 'node:assert/strict';
import type { StreamedEvent } from '../../../src/contract/rpc.ts';
import { Mirror } from '../../../src/extension/engine/mirror.ts';
import { message, person, stateWith } from '../people.ts';

const unread = (revision: number, count: number): StreamedEvent => ({
  revision,
  event: { kind: 'peerChanged', peer: person('b', { unread: count }) },
});

function mirrored() {
  const asked: number[] = [];
  const mirror = new Mirror(() => asked.push(mirror.state?.revision ?? -1));
  const unreadNow = () => Object.values(mirror.state?.peers ?? {})[0]?.unread;
  return { mirror, asked, unreadNow };
}

describe('the mirror', () => {
  it('folds the events that follow its snapshot', () => {
    const { mirror, unreadNow } = mirrored();
    mirror.reset(stateWith({}, { revision: 7 }));
    mirror.receive(unread(8, 1));
    mirror.receive(unread(9, 2));
    assert.equal(unreadNow(), 2);
    assert.equal(mirror.state?.revision, 9);
  });

  it('folds events that came before their snapshot, without those that it holds already', () => {
    const { mirror, asked, unreadNow } = mirrored();
    mirror.receive(unread(7, 1));
    mirror.receive(unread(8, 2));
    mirror.reset(stateWith({ people: [person('b', { unread: 1 })] }, { revision: 7 }));
    assert.equal(unreadNow(), 2);
    assert.deepEqual(asked, []);
  });

  it('asks once for another snapshot when an event is missing, and is right after it', () => {
    const { mirror, asked, unreadNow } = mirrored();
    mirror.reset(stateWith({}, { revision: 1 }));
    mirror.receive(unread(3, 3));
    mirror.receive(unread(4, 4));
    assert.deepEqual(asked, [1]);
    assert.equal(unreadNow(), undefined);
    mirror.reset(stateWith({ people: [person('b', { unread: 3 })] }, { revision: 3 }));
    assert.equal(unreadNow(), 4);
    assert.deepEqual(asked, [1]);
  });

  it('forgets what a connection that ended still sent', () => {
    const { mirror, unreadNow } = mirrored();
    mirror.reset(stateWith({}, { revision: 5 }));
    mirror.pause();
    mirror.receive(unread(6, 9));
    mirror.pause();
    mirror.reset(stateWith({ people: [person('b')] }, { revision: 5 }));
    assert.equal(unreadNow(), 0);
  });

  it('tells what each event changed', () => {
    const { mirror } = mirrored();
    const seen: number[][] = [];
    mirror.onDidChange(({ before, after }) => seen.push([before.revision, after.revision]));
    mirror.reset(stateWith({}, { revision: 1 }));
    mirror.receive(unread(2, 1));
    assert.deepEqual(seen, [[1, 2]]);
  });

  it('takes a page of history without losing its place in the stream', () => {
    const { mirror, asked } = mirrored();
    mirror.reset(stateWith({}, { revision: 1 }));
    const { peer } = message(1);
    mirror.fold({
      kind: 'historyLoaded',
      history: { peer, messages: [message(1)], transfers: [], hasEarlier: false },
    });
    mirror.receive({ revision: 2, event: { kind: 'messageAdded', message: message(2) } });
    assert.deepEqual(
      mirror.state?.conversations[peer]?.messages.map(({ order }) => order),
      [1, 2],
    );
    assert.deepEqual(asked, []);
  });
});
