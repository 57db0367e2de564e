// The body of a call, in whatever pieces it comes.

import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { bytesOf } from '../../registry-server/jsonBody.ts';
import { heldBytes } from '../support/heldBytes.ts';

describe('the body of a call', () => {
  it('is whole, whatever its pieces', async () => {
    const body = new PassThrough();
    const bytes = bytesOf(body, 11);
    for (const piece of ['hello', ' ', 'world']) body.write(piece);
    body.end();
    assert.equal(String(await bytes), 'hello world');
  });

  it('is too large as soon as it is, with one piece and with many', async () => {
    for (const pieces of [['four!'], ['f', 'o', 'u', 'r', '!']]) {
      const body = new PassThrough();
      const bytes = bytesOf(body, 4);
      for (const piece of pieces) body.write(piece);
      await assert.rejects(bytes, { type: 'too-large' });
    }
  });

  it('is none where it breaks off', async () => {
    const body = new PassThrough();
    const bytes = bytesOf(body, 4);
    body.write('fo');
    body.destroy(new Error('aborted'));
    await assert.rejects(bytes, { type: 'bad-request' });
  });

  it('takes little more room in single bytes than in one piece', async () => {
    const first = await almostSent();
    const before = heldBytes();
    const second = await almostSent();
    const held = heldBytes() - before;
    assert.ok(held < 500_000, `${held}`);
    for (const { body, bytes } of [first, second]) {
      body.end('x');
      assert.equal((await bytes).length, 16_000);
    }
  });

  /** A body that has come in single bytes, all but the last. */
  async function almostSent() {
    const body = new PassThrough();
    const bytes = bytesOf(body, 16_000);
    for (let sent = 0; sent < 15_999; sent++) {
      body.write(Buffer.from('x'));
      if (sent % 1_000 === 0) await new Promise(setImmediate);
    }
    await new Promise(setImmediate);
    return { body, bytes };
  }
});
