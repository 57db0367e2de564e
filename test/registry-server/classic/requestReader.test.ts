// One request of a course client out of its bytes: what counts as a header, and what a strange one costs.

import assert from 'node:assert/strict';
import process from 'node:process';
import { MAX_BODY_BYTES, MAX_HEAD_BYTES } from '../../../registry-server/routes/classic/params.ts';
import { type Reading, RequestReader } from '../../../registry-server/routes/classic/requestReader.ts';
import { heldBytes } from '../../support/heldBytes.ts';

function read(...lines: string[]): Reading {
  return new RequestReader().push(
    Buffer.from(`${['GET list HTTP/1.1', ...lines].join('\r\n')}\r\n\r\n`, 'latin1'),
  );
}

function headersOf(...lines: string[]): [string, string][] {
  const reading = read(...lines);
  assert.ok(typeof reading === 'object');
  return [...reading.headers];
}

describe('the headers of a course client', () => {
  it('are without the blanks around them, and several of one name are one', () => {
    assert.deepEqual(headersOf('Host:x', 'A: \t b c \t', 'Empty:', 'a: d', 'X: y: z'), [
      ['host', 'x'],
      ['a', 'b c, d'],
      ['empty', ''],
      ['x', 'y: z'],
    ]);
  });

  it('are none without a name of its own, a colon, and one line, and have one length', () => {
    assert.equal(read('Content-Length: 0', 'Content-Length: 0'), 400);
    for (const line of [
      'no header',
      ':x',
      ' a: b',
      'a b: c',
      'a\tb: c',
      'a: b\rc',
      'a: b\nc',
      '\r: b',
      'a: \r',
    ])
      assert.equal(read(line), 400, JSON.stringify(line));
  });

  it('cost no more than their characters, whatever runs of blanks are in them', () => {
    const blanks = ' \t'.repeat(MAX_HEAD_BYTES / 2 - 20);
    const before = process.cpuUsage();
    assert.equal(read(`a:${blanks}\rx`), 400);
    assert.equal(headersOf(`a:b${blanks}c`)[0]?.[1].length, blanks.length + 2);
    const { user, system } = process.cpuUsage(before);
    // Milliseconds; every way to part these blanks takes minutes.
    assert.ok(user + system < 1_000_000, `${user + system} µs`);
  });
});

describe('the body of a course client', () => {
  it('takes little more room in single bytes than in one piece', () => {
    const first = almostRead();
    const before = heldBytes();
    const second = almostRead();
    const held = heldBytes() - before;
    assert.ok(held < 500_000, `${held}`);
    for (const reader of [first, second]) {
      const reading = reader.push(Buffer.from('x'));
      assert.equal(typeof reading === 'object' && reading.body.length, MAX_BODY_BYTES);
    }
  });

  /** A request that has come in single bytes, all but the last. */
  function almostRead(): RequestReader {
    const reader = new RequestReader();
    reader.push(Buffer.from(`POST /signup HTTP/1.1\r\nContent-Length: ${MAX_BODY_BYTES}\r\n\r\n`));
    for (let sent = 1; sent < MAX_BODY_BYTES; sent++) reader.push(Buffer.from('x'));
    return reader;
  }
});
