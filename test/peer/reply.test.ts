import assert from 'node:assert/strict';
import { failure } from '../../src/contract/failure.ts';
import { welcome } from '../../src/peer/answer.ts';
import { MAX_PICTURE_BYTES, reactionsAtStart, reactionsTo } from '../../src/peer/reply.ts';
import {
  done,
  id,
  messageOf,
  peerChanged,
  peerOf,
  sara,
  stateOf,
  transferChanged,
  transferOf,
} from './things.ts';

const offered = { kind: 'offered' } as const;
const mina = { ...stateOf().me, name: 'mina' };
const checking = { kind: 'checking' } as const;

describe('the demo peer', () => {
  it('lets everybody in, once', () => {
    const event = peerChanged({ link: 'asking' });
    assert.deepEqual(reactionsTo(event, stateOf()), [{ kind: 'letIn', peer: sara }]);
    assert.deepEqual(reactionsTo(event, stateOf(peerOf({ link: 'asking' }))), []);
  });

  it('welcomes those with whom it has not spoken yet', () => {
    const before = stateOf(peerOf({ link: 'asking' }));
    assert.deepEqual(reactionsTo(peerChanged({ link: 'connected' }), before), [
      { kind: 'say', peer: sara, text: welcome() },
    ]);
    assert.deepEqual(reactionsTo(peerChanged({ link: 'connected', lastMessageAt: 1 }), before), []);
  });

  it('reads what is written to it, and answers', () => {
    const message = messageOf({ kind: 'text', text: 'one two' });
    assert.deepEqual(reactionsTo({ kind: 'messageAdded', message }, stateOf()), [
      { kind: 'markRead', peer: sara, upTo: 7 },
      { kind: 'say', peer: sara, text: 'You wrote “one two”. The other way round: “two one”.' },
    ]);
  });

  it('draws a picture when it is asked for one', () => {
    const message = messageOf({ kind: 'text', text: 'picture' });
    const kinds = reactionsTo({ kind: 'messageAdded', message }, stateOf()).map(({ kind }) => kind);
    assert.deepEqual(kinds, ['markRead', 'say', 'draw']);
  });

  it('does not answer itself', () => {
    const message = messageOf({ kind: 'text', text: 'hello' }, 'me');
    assert.deepEqual(reactionsTo({ kind: 'messageAdded', message }, stateOf()), []);
  });

  it('has seen a picture that is offered, and takes it', () => {
    const message = messageOf({ kind: 'transfer', transferId: id });
    assert.deepEqual(reactionsTo({ kind: 'messageAdded', message }, stateOf()), [
      { kind: 'markRead', peer: sara, upTo: 7 },
    ]);
    assert.deepEqual(reactionsTo(transferChanged(transferOf(offered)), stateOf()), [
      { kind: 'answerTransfer', id, accept: true },
    ]);
  });

  for (const changed of [{ mediaType: 'image/svg+xml' }, { sizeBytes: MAX_PICTURE_BYTES + 1 }])
    it(`declines what has ${JSON.stringify(changed)}, and says why`, () => {
      assert.deepEqual(reactionsTo(transferChanged(transferOf(offered, changed)), stateOf()), [
        { kind: 'answerTransfer', id, accept: false },
        { kind: 'say', peer: sara, text: 'I only take pictures, up to 64 MB.' },
      ]);
    });

  it('sends a picture back when it has arrived, once', () => {
    const arrived = transferOf(done, { path: '/x/cat.png' });
    const before = stateOf(undefined, transferOf(checking));
    assert.deepEqual(reactionsTo(transferChanged(arrived), before), [
      { kind: 'say', peer: sara, text: 'cat.png arrived, verified. Here it is, mirrored and grey.' },
      { kind: 'sendBack', transfer: arrived },
    ]);
    assert.deepEqual(reactionsTo(transferChanged(arrived), stateOf(undefined, arrived)), []);
  });

  it('tells the sender of a picture that did not arrive what the sender can do about it', () => {
    const failed = transferOf({ kind: 'failed', failure: failure('digestMismatch', { name: 'cat.png' }) });
    const text = 'cat.png arrived damaged at mina: its digest differs, so it was not kept. Try again.';
    const before = { ...stateOf(undefined, transferOf(checking)), me: mina };
    assert.deepEqual(reactionsTo(transferChanged(failed), before), [{ kind: 'say', peer: sara, text }]);
  });

  it('says nothing of what went wrong on the side of the sender, who was told there', () => {
    const theirs = failure('peerFailed', { name: 'cat.png', code: 'fileChanged' });
    const failed = transferOf({ kind: 'failed', failure: theirs });
    assert.deepEqual(reactionsTo(transferChanged(failed), stateOf(undefined, transferOf(checking))), []);
  });

  it('says nothing of what was over before', () => {
    const before = stateOf(undefined, transferOf({ kind: 'cancelled', by: 'peer' }));
    assert.deepEqual(reactionsTo(transferChanged(transferOf(done)), before), []);
    assert.deepEqual(reactionsTo(transferChanged(transferOf(done)), stateOf()), []);
  });

  it('leaves its own pictures alone', () => {
    const mine = { direction: 'send' } as const;
    const before = stateOf(undefined, transferOf(checking, mine));
    assert.deepEqual(reactionsTo(transferChanged(transferOf(done, mine)), before), []);
  });

  it('begins with those who are waiting', () => {
    const state = stateOf(peerOf({ link: 'asking' }), transferOf(offered));
    assert.deepEqual(reactionsAtStart(state), [
      { kind: 'letIn', peer: sara },
      { kind: 'answerTransfer', id, accept: true },
    ]);
    assert.deepEqual(reactionsAtStart(stateOf(peerOf({ link: 'connected' }), transferOf(done))), []);
    const declined = stateOf(undefined, transferOf(offered, { mediaType: 'text/plain' }));
    assert.deepEqual(reactionsAtStart(declined), [{ kind: 'answerTransfer', id, accept: false }]);
  });
});
