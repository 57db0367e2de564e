import assert from 'node:assert/strict';
import { failure } from '../../../src/contract/failure.ts';
import type { Transfer } from '../../../src/contract/transfer.ts';
import { formatOf } from '../../../webview/model/format.ts';
import { isDoubtful, isOpenable, transferView } from '../../../webview/model/transferView.ts';
import { bob, transferOf } from '../support/conversation.ts';

const format = formatOf('en');
/** Without direction marks and with ordinary spaces. */
const plain = (text: string) => text.replaceAll(/[\u2068\u2069]/g, '').replaceAll('\u00a0', ' ');
const viewOf = (change: Partial<Transfer>, peer = bob()) => transferView(transferOf(change), peer, format);
const statusOf = (change: Partial<Transfer>, peer = bob()) => plain(viewOf(change, peer).status.text);
const labelsOf = (change: Partial<Transfer>) =>
  viewOf(change)
    .actions.map(({ label }) => label)
    .join(' ');

const running = { kind: 'running', bytes: 206_000, bytesPerSecond: 51_500, attempt: 1 } as const;
const done = { kind: 'done', at: 0, sha256: '' } as const;
const failed = {
  kind: 'failed',
  failure: failure('transferStalled', { name: 'trace.png', attempts: 3 }),
} as const;

describe('transferView', () => {
  it('names a picture with its pixels and its size', () => {
    assert.equal(plain(viewOf({}).facts), '1920×1080 · 412 KB');
  });

  it('says of my own picture whether its file tells where it was taken', () => {
    const note = (change: Partial<Transfer>) => viewOf({ direction: 'send', ...change }).note;
    assert.equal(note({ metadata: 'removed' }), 'without location and camera data');
    assert.equal(note({ metadata: 'kept' }), 'may say where and with what it was taken');
    assert.equal(note({}), undefined, 'of a file nothing is claimed');
  });

  it('says who has asked for what I share', () => {
    assert.equal(statusOf({ direction: 'send', itemId: 'i' }), 'bob has asked for it');
  });

  it('gives a picture its room at once, and shows anything else as a file', () => {
    assert.deepEqual(viewOf({}).box, { width: 360, height: 203 });
    assert.equal(viewOf({ mediaType: 'application/pdf' }).box, undefined);
    assert.equal(viewOf({ mediaType: 'image/svg+xml' }).box, undefined);
    assert.equal(viewOf({ name: 'really.SVG' }).box, undefined, 'whatever its sender calls it');
    assert.equal(viewOf({ width: 0 }).box, undefined);
    assert.equal(viewOf({ mediaType: 'image/tiff' }).box, undefined, 'no editor draws it');
    assert.equal(viewOf({ width: 10_001, height: 10_000 }).box, undefined, 'too much to draw');
  });

  it('doubts a picture that has no preview, where one of its kind gets one', () => {
    const doubts = (change: Partial<Transfer>) => isDoubtful(transferOf(change));
    assert.equal(doubts({ mediaType: 'image/png' }), true);
    assert.equal(doubts({ mediaType: 'image/png', placeholder: 'AAAA' }), false);
    assert.equal(doubts({ mediaType: 'image/webp' }), false);
  });

  it('asks before anything is received', () => {
    const { status, actions } = viewOf({});
    assert.equal(status.tone, 'question');
    assert.equal(plain(status.text), 'bob wants to send this picture');
    assert.equal(statusOf({ mediaType: 'application/pdf', name: 'a.pdf' }), 'bob wants to send this file');
    assert.deepEqual(
      actions.map(({ label, isMain, intent }) => [label, isMain, intent.kind]),
      [
        ['Accept', true, 'answerTransfer'],
        ['Save in…', false, 'acceptInto'],
        ['Reject', false, 'answerTransfer'],
      ],
    );
  });

  it('says what my own offer waits for, and lets me take it back', () => {
    assert.equal(statusOf({ direction: 'send' }), 'waiting for bob to accept');
    assert.equal(labelsOf({ direction: 'send' }), 'Cancel');
  });

  it('shows percent, speed and time left while it runs', () => {
    const { progress, actions } = viewOf({ state: running });
    assert.equal(progress?.fraction, 0.5);
    assert.deepEqual(progress?.facts.map(plain), ['50%', '52 KB/s', '4 s left']);
    assert.equal(actions[0]?.intent.kind, 'cancelTransfer');
  });

  it('says which try it is from the second on', () => {
    assert.equal(viewOf({ state: { ...running, attempt: 2 } }).progress?.facts.at(-1), 'try 2 of 3');
  });

  it('promises no time while nothing moves', () => {
    assert.deepEqual(viewOf({ state: { ...running, bytesPerSecond: 0 } }).progress?.facts, ['50%']);
  });

  it('stays within its bar when more bytes are told than the file has', () => {
    assert.equal(viewOf({ state: { ...running, bytes: 1e9 } }).progress?.fraction, 1);
    assert.equal(viewOf({ sizeBytes: 0, state: running }).progress?.fraction, 0);
  });

  it('says that an accepted transfer goes on when they are connected again', () => {
    assert.equal(statusOf({ state: { kind: 'waiting' } }), 'starting');
    const away = bob({ link: 'none' });
    assert.equal(statusOf({ state: { kind: 'waiting' } }, away), 'goes on by itself when bob is connected');
  });

  it('has a bar that moves only while something is going on', () => {
    const barOf = (link: 'connected' | 'none') =>
      viewOf({ state: { kind: 'waiting' } }, bob({ link })).progress;
    assert.deepEqual(barOf('connected'), { fraction: undefined, facts: [] });
    assert.equal(barOf('none'), undefined);
  });

  it('says saved and verified, by whom, and offers what can be done with the file', () => {
    const path = '/home/sara/trace.png';
    assert.equal(statusOf({ state: done, path }), 'saved and verified');
    assert.equal(statusOf({ state: done, path, direction: 'send' }), 'saved and verified by bob');
    assert.equal(labelsOf({ state: done, path }), 'Open Reveal Save as…');
    assert.equal(labelsOf({ state: done, path, direction: 'send' }), 'Open');
  });

  it('says who declined or cancelled', () => {
    const words = (['send', 'receive'] as const).flatMap((direction) => [
      statusOf({ direction, state: { kind: 'rejected' } }),
      statusOf({ direction, state: { kind: 'cancelled', by: 'me' } }),
      statusOf({ direction, state: { kind: 'cancelled', by: 'peer' } }),
    ]);
    assert.deepEqual(words, [
      'bob declined',
      'cancelled by you',
      'cancelled by bob',
      'you declined',
      'cancelled by you',
      'cancelled by bob',
    ]);
  });

  it('gives the reason of a failure, and another try to whoever has the file', () => {
    assert.equal(viewOf({ state: failed }).status.tone, 'bad');
    assert.match(statusOf({ state: failed }), /did not get through in 3 tries/);
    assert.equal(labelsOf({ state: failed, direction: 'send' }), 'Try again');
    assert.equal(labelsOf({ state: failed }), '');
  });

  it('says of the other side what happened there, and names no button that is not there', () => {
    const told = (code: string) =>
      ({ kind: 'failed', failure: failure('peerFailed', { name: 'trace.png', code }) }) as const;
    for (const code of ['fileChanged', 'fileUnreadable', 'diskFull', 'noSuchCode'])
      for (const direction of ['send', 'receive'] as const) {
        const words = statusOf({ direction, state: told(code) });
        assert.ok(!words.includes(code), words);
        assert.equal(
          /try again/i.test(words),
          labelsOf({ direction, state: told(code) }) === 'Try again',
          words,
        );
      }
    assert.equal(
      statusOf({ state: told('fileChanged') }),
      'trace.png changed while bob was sending it. Ask bob to send it again.',
    );
    assert.equal(
      statusOf({ state: told('diskFull'), direction: 'send' }),
      "trace.png could not be saved: bob's disk is full. Ask them to make room, then try again.",
    );
  });

  it('opens a received file only when it is complete', () => {
    const path = '/home/sara/trace.png';
    assert.equal(isOpenable(transferOf({ path, state: running })), false);
    assert.equal(isOpenable(transferOf({ path, state: done })), true);
    assert.equal(isOpenable(transferOf({ path, state: running, direction: 'send' })), true);
    assert.equal(isOpenable(transferOf({ state: done })), false);
  });
});
