import assert from 'node:assert/strict';
import {
  asksNoMore,
  isLeftToLine,
  isOpen,
  isTakenBack,
  isWanted,
  noticeOf,
  questionsOf,
} from '../../../src/extension/notices/notice.ts';
import { fingerprintOf, message, NOW, person, stateWith, transfer } from '../people.ts';

const peer = fingerprintOf('b');
const asking = person('b', { standing: 'unknown', link: 'asking' });

describe('what is worth a notification', () => {
  it('is a message of theirs, not one of mine', () => {
    const theirs = noticeOf({ kind: 'messageAdded', message: message(1) }, stateWith());
    assert.deepEqual(theirs, { kind: 'message', peer, text: 'text 1', number: 1 });
    const mine = noticeOf({ kind: 'messageAdded', message: message(2, { from: 'me' }) }, stateWith());
    assert.equal(mine, undefined);
  });

  it('is somebody who begins to ask, once', () => {
    assert.deepEqual(noticeOf({ kind: 'peerChanged', peer: asking }, stateWith()), {
      kind: 'connection',
      peer,
    });
    assert.equal(noticeOf({ kind: 'peerChanged', peer: asking }, stateWith({ people: [asking] })), undefined);
  });

  it('is an offer, once, and nothing that I send', () => {
    const offer = transfer('1');
    const expected = { kind: 'offer', peer, transfer: offer.id };
    assert.deepEqual(noticeOf({ kind: 'transferChanged', transfer: offer }, stateWith()), expected);
    const known = stateWith({ transfers: [offer] });
    assert.equal(noticeOf({ kind: 'transferChanged', transfer: offer }, known), undefined);
    const mine = transfer('2', { direction: 'send' });
    assert.equal(noticeOf({ kind: 'transferChanged', transfer: mine }, stateWith()), undefined);
  });

  it('is never somebody who is blocked', () => {
    const blocked = person('b', { standing: 'blocked', link: 'asking' });
    assert.equal(noticeOf({ kind: 'peerChanged', peer: blocked }, stateWith()), undefined);
  });

  it('is every open question that a window finds when it comes', () => {
    const state = stateWith({ people: [asking], transfers: [transfer('1')] });
    assert.deepEqual(
      questionsOf(state).map(({ kind }) => kind),
      ['connection', 'offer'],
    );
  });

  it('is settled when it was answered or read somewhere else', () => {
    const accepted = stateWith({
      people: [person('b', { link: 'connected' })],
      transfers: [transfer('1', { state: { kind: 'done', at: NOW, sha256: '' } })],
    });
    const all = [
      { kind: 'connection', peer } as const,
      { kind: 'offer', peer, transfer: '1'.repeat(32) } as const,
      { kind: 'message', peer, text: 'x', number: 1 } as const,
    ];
    assert.deepEqual(
      all.map((notice) => isOpen(notice, accepted)),
      [false, false, false],
    );
  });

  it('is withdrawn by whoever asked, unless they were let in or blocked meanwhile', () => {
    const ended = [
      undefined,
      person('b', { standing: 'unknown', link: 'none' }),
      person('b', { standing: 'accepted', link: 'none' }),
      person('b', { standing: 'blocked', link: 'none' }),
      person('b', { standing: 'unknown', link: 'dialling' }),
      asking,
    ];
    assert.deepEqual(ended.map(asksNoMore), [true, true, false, false, false, false]);
  });

  it('is taken back by whoever sends it, and by nobody else', () => {
    const ended = [
      { kind: 'cancelled', by: 'peer' },
      { kind: 'cancelled', by: 'me' },
      { kind: 'rejected' },
      { kind: 'done', at: NOW, sha256: '' },
    ] as const;
    assert.deepEqual(
      ended.map((state) => isTakenBack(transfer('1', { state }))),
      [true, false, false, false],
    );
  });

  it('is not an offer that is taken by itself once the file before it is here', () => {
    const offer = { kind: 'offer', peer, transfer: '1'.repeat(32) } as const;
    const running = transfer('2', { state: { kind: 'waiting' } });
    const isLeft = (autoAccept: boolean | undefined, transfers = [transfer('1'), running]) => {
      const people = [person('b', autoAccept === undefined ? {} : { autoAccept })];
      return [true, false].map((unasked) => isLeftToLine(offer, stateWith({ people, transfers }), unasked));
    };
    assert.deepEqual(isLeft(undefined), [true, false]);
    assert.deepEqual(isLeft(true), [true, true]);
    assert.deepEqual(isLeft(false), [false, false]);
    assert.deepEqual(isLeft(true, [transfer('1'), transfer('3')]), [false, false], 'it did not work');
  });

  it('follows the settings', () => {
    const text = { kind: 'message', peer, text: 'x', number: 1 } as const;
    const question = { kind: 'connection', peer } as const;
    assert.deepEqual(
      (['all', 'requests', 'none'] as const).map((level) => [
        isWanted(text, level),
        isWanted(question, level),
      ]),
      [
        [true, true],
        [false, true],
        [false, false],
      ],
    );
  });
});
