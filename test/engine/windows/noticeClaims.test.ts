import assert from 'node:assert/strict';
import type { NoticeClaim } from '../../../src/contract/commands.ts';
import { NoticeClaims } from '../../../src/engine/windows/noticeClaims.ts';

describe('what several windows would notify of', () => {
  let now: number;
  let claims: NoticeClaims;
  let asking: Set<string>;

  beforeEach(() => {
    now = 0;
    asking = new Set();
    claims = new NoticeClaims({ now: () => now }, (peer) => asking.has(peer));
  });

  const claim = (window: string, more: Partial<NoticeClaim> = {}) =>
    claims.claim({ about: 'messages', id: 'ali', isFocused: false, ...more }, window);

  it('is told by the first that asks', () => {
    assert.deepEqual([claim('A'), claim('B'), claim('A')], [true, false, true]);
    assert.equal(claim('B', { id: 'babak' }), true, 'of another person by another window');
  });

  it('is told by the window that has the focus from then on', () => {
    assert.deepEqual([claim('A'), claim('B', { isFocused: true }), claim('A')], [true, true, false]);
  });

  it('stays with the window that tells of a stream of messages, as long as it looks at them', () => {
    const focused = { isFocused: true };
    for (let i = 0; i < 10; i++, now += 3_000) assert.equal(claim('A', focused), true);
    assert.equal(claim('B', focused), false);
    now += 4_000;
    assert.equal(claim('B', focused), true);
  });

  it('is, of a question, told once until it is answered', () => {
    const question = { about: 'connection', isFocused: true } as const;
    assert.deepEqual(
      [claim('A', question), claim('A', question), claim('B', question)],
      [true, false, false],
    );
    for (let minute = 0; minute < 100; minute++, now += 60_000)
      assert.equal(claim('A', question), false, 'asked and taken back a hundred times');
    claims.settled('ali');
    assert.equal(claim('B', question), true);
  });

  it('is, of a question that nobody answered, news again when it comes after a long rest', () => {
    const question = { about: 'connection' } as const;
    claim('A', question);
    now += 10 * 60_000;
    assert.equal(claim('B', question), true);
  });

  it('is, of a question that nobody answered, news to another window when its own has closed meanwhile', () => {
    const question = { about: 'connection' } as const;
    claim('A', question);
    claims.left('A');
    now += 10 * 60_000;
    assert.equal(claim('B', question), true);
  });

  describe('when several people want to connect', () => {
    const asks = (window: string, id: string) => {
      asking.add(id);
      return claim(window, { about: 'connection', id, isFocused: true });
    };

    it('is one window’s until each that it tells of is answered or gone, however long that takes', () => {
      assert.deepEqual([asks('A', 'ali'), asks('B', 'babak'), asks('A', 'babak')], [true, false, true]);
      now += 60 * 60_000;
      asking.delete('ali');
      assert.equal(asks('B', 'dara'), false, 'babak waits there');
      asking.delete('babak');
      assert.equal(asks('B', 'dara'), true);
      assert.equal(asks('A', 'eve'), false);
    });

    it('is any window’s once the one that told of them has closed', () => {
      asks('A', 'ali');
      claims.left('C');
      assert.equal(asks('B', 'babak'), false);
      claims.left('A');
      assert.deepEqual([asks('B', 'babak'), asks('B', 'ali')], [true, false]);
    });

    it('is no business of a window that tells of their messages alone', () => {
      claim('A', { id: 'ali' });
      asking.add('ali');
      assert.equal(asks('B', 'babak'), true);
    });

    it('is told of beside messages and offers, by whichever window', () => {
      asks('A', 'ali');
      assert.deepEqual([claim('B', { id: 'babak' }), claim('B', { about: 'offer', id: '1' })], [true, true]);
    });
  });

  it('is remembered of a bounded number of things', () => {
    const offer = (id: number) => claim('A', { about: 'offer', id: `${id}` });
    for (let id = 0; id <= 256; id++) assert.equal(offer(id), true);
    assert.deepEqual([offer(256), offer(0)], [false, true]);
  });

  it('is forgotten of what was not asked for longest, when that is too much', () => {
    const offer = (id: number) => claim('A', { about: 'offer', id: `${id}` });
    for (let id = 0; id < 256; id++) offer(id);
    assert.equal(offer(0), false);
    offer(256);
    assert.deepEqual([offer(0), offer(1)], [false, true]);
  });
});
