// Who is let in, whom my person is asked about, and under which name they are shown, without a network.

import assert from 'node:assert/strict';
import { ALI, BABAK, fingerprintOf } from '../store/support.ts';
import { linksTrial } from './linksTrial.ts';

describe('links', () => {
  const trial = linksTrial();
  const { told, accept, adopted, up, shownLink } = trial;

  it('are not with whoever is blocked, who hears what anybody hears who was declined', () => {
    adopted(BABAK).hello();
    trial.links.answer(BABAK, false);
    trial.people.learn(ALI, { standing: 'blocked' });
    const words = [ALI, BABAK].map((peer) => {
      const channel = adopted(peer);
      channel.hello();
      return { closed: channel.isClosed, said: channel.sent };
    });
    assert.deepEqual(words[0], words[1]);
    assert.deepEqual(words[0]?.said.at(-1), { kind: 'reject', reason: 'declined' });
    assert.equal(trial.links.asking(ALI), undefined);
  });

  it('that are up end when my person blocks them, with no other word than declined', () => {
    accept(ALI);
    const channel = up(ALI);
    trial.links.end(ALI, 'blocked');
    assert.deepEqual(channel.lastWord, { kind: 'reject', reason: 'declined' });
    assert.deepEqual(told, ['up theirs', 'down', 'end local']);
  });

  it('do not put the same question over and over when it is taken back each time', () => {
    const words = Array.from({ length: 5 }, () => {
      const channel = adopted(ALI);
      channel.hello();
      if (!channel.isClosed) channel.lose();
      return channel.lastWord?.kind === 'reject' ? channel.lastWord.reason : 'asked';
    });
    assert.deepEqual(words, ['asked', 'asked', 'asked', 'busy', 'busy']);
  });

  it('put no question for nothing while the same person asks another one already', () => {
    const channels = Array.from({ length: 5 }, () => adopted(ALI));
    for (const channel of channels) channel.hello();
    const words = channels.map(({ lastWord }) => (lastWord?.kind === 'reject' ? lastWord.reason : 'asked'));
    assert.deepEqual(words, ['asked', 'asked', 'asked', 'busy', 'busy']);
  });

  it('show a question only while a link asks it, whatever else the same person holds open', () => {
    const [first, second, silent] = [adopted(ALI), adopted(ALI), adopted(ALI)];
    for (const channel of [first, second]) channel.hello();
    first.lose();
    assert.equal(shownLink(ALI), 'asking');
    second.lose();
    assert.deepEqual([silent.isClosed, shownLink(ALI)], [false, undefined]);
    assert.equal(trial.people.contact(ALI), undefined, 'nothing of a stranger is kept');
    silent.hello();
    assert.equal(shownLink(ALI), 'asking');
  });

  it('show that somebody else is being asked only while a link waits for it', () => {
    accept(ALI);
    const [first, second, silent] = [adopted(ALI), adopted(ALI), adopted(ALI)];
    for (const channel of [first, second]) channel.hello({ accepts: false });
    first.lose();
    assert.equal(shownLink(ALI), 'waiting');
    second.lose();
    assert.deepEqual([silent.isClosed, shownLink(ALI)], [false, 'none']);
  });

  it('ask my person about a stranger once, and remember the no for a while', () => {
    const first = adopted(ALI);
    first.hello();
    assert.ok(trial.links.asking(ALI));
    trial.links.answer(ALI, false);
    assert.deepEqual(first.lastWord, { kind: 'reject', reason: 'declined' });
    const second = adopted(ALI);
    second.hello();
    assert.deepEqual(second.lastWord, { kind: 'reject', reason: 'declined' });
    assert.equal(trial.people.contact(ALI)?.standing, undefined, 'nothing of a stranger is stored');
  });

  it('answer every question of a person at once', () => {
    const channels = [adopted(ALI), adopted(ALI)];
    for (const channel of channels) channel.hello();
    accept(ALI);
    trial.links.answer(ALI, true);
    assert.deepEqual(
      channels.map(({ sent }) => sent.some(({ kind }) => kind === 'accept')),
      [true, true],
    );
  });

  it('do not ask about somebody whom my person accepted while they came', () => {
    const channel = adopted(ALI);
    accept(ALI);
    channel.hello();
    assert.deepEqual(told, ['up theirs']);
  });

  it('put a few questions before my person at a time', () => {
    const digits = [...'0123456789'];
    const channels = digits.map((digit) => {
      const stranger = fingerprintOf(digit);
      adopted(stranger);
      const channel = adopted(stranger);
      channel.hello({ name: `stranger ${digit}` });
      return channel;
    });
    const busy = channels.filter(({ lastWord }) => lastWord?.kind === 'reject' && lastWord.reason === 'busy');
    assert.equal(busy.length, 2);
  });

  it('put a question before my person however many friends are connected', () => {
    for (const digit of '0123456789') {
      accept(fingerprintOf(digit), `friend ${digit}`);
      up(fingerprintOf(digit));
    }
    adopted(ALI).hello({ name: 'Zahra' });
    assert.ok(trial.links.asking(ALI));
  });

  it('put no question of somebody who takes a friend’s name, and do not doubt the friend', () => {
    accept(BABAK, 'Babak');
    const impostor = adopted(ALI);
    impostor.hello({ name: 'BABAK' });
    assert.deepEqual(impostor.lastWord, { kind: 'reject', reason: 'declined' });
    assert.deepEqual([shownLink(ALI), trial.people.contact(BABAK)?.nameConflict], [undefined, undefined]);
  });

  it('put the question of somebody who has the name of one who is no friend, or their own', () => {
    trial.people.learn(BABAK, { name: 'Ali' });
    adopted(ALI).hello();
    adopted(BABAK).hello();
    assert.deepEqual([shownLink(ALI), shownLink(BABAK)], ['asking', 'asking']);
  });

  it('show a stranger by their key whose name looks like a friend’s, also after a yes', () => {
    accept(BABAK, 'Babak');
    const name = 'B\u0430bak'; // the second letter is Cyrillic
    adopted(ALI).hello({ name });
    assert.equal(trial.published.state.peers[ALI]?.name, ALI.slice(0, 8));
    trial.people.accept(ALI);
    trial.links.answer(ALI, true);
    adopted(ALI).hello({ name });
    assert.deepEqual([shownLink(ALI), trial.people.nameOf(ALI)], ['connected', ALI.slice(0, 8)]);
  });

  it('leave a name to whoever has it, though it looks like a friend’s', () => {
    accept(BABAK, 'Ian');
    accept(ALI, 'Lan');
    for (const [peer, name] of [
      [ALI, 'Lan'],
      [BABAK, 'Ian'],
    ] as const)
      adopted(peer).hello({ name });
    assert.deepEqual([trial.people.nameOf(ALI), trial.people.nameOf(BABAK)], ['Lan', 'Ian']);
    assert.deepEqual([shownLink(ALI), shownLink(BABAK)], ['connected', 'connected']);
  });

  it('keep a name that is somebody else’s from whoever comes up under it', () => {
    accept(ALI);
    accept(BABAK, 'Babak');
    const channel = adopted(BABAK);
    channel.hello({ name: 'ali' });
    assert.deepEqual(
      [trial.people.nameOf(BABAK), trial.people.contact(ALI)?.nameConflict],
      ['Babak', undefined],
    );
  });
});
