// What either end of the pipe writes: whole messages, in the turn in which they are said.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { PassThrough, Writable } from 'node:stream';
import { type Message, StreamMessageReader } from 'vscode-jsonrpc/node';
import { PromptWriter } from '../../src/pipe/promptWriter.ts';

const message = (method: string): Message & { method: string } => ({ jsonrpc: '2.0', method });

describe('the prompt writer', () => {
  it('writes each message at once, head and body in one piece', () => {
    const chunks: string[] = [];
    const stream = new Writable({
      write(chunk, _encoding, done) {
        chunks.push(`${chunk}`);
        done();
      },
    });
    const writer = new PromptWriter(stream);
    void writer.write(message('one'));
    void writer.write(message('two'));
    assert.deepEqual(chunks, [
      'Content-Length: 32\r\n\r\n{"jsonrpc":"2.0","method":"one"}',
      'Content-Length: 32\r\n\r\n{"jsonrpc":"2.0","method":"two"}',
    ]);
  });

  it('is understood by the usual reader, whatever letters are in it', async () => {
    const stream = new PassThrough();
    const read = new Promise<Message>((resolve) => new StreamMessageReader(stream).listen(resolve));
    await new PromptWriter(stream).write(message('سلام 👋'));
    assert.deepEqual(await read, message('سلام 👋'));
  });

  it('gives up whoever is far behind with what they are told, not with what they asked for', async () => {
    const passOn: (() => void)[] = [];
    const stream = new Writable({ write: (_chunk, _encoding, done) => void passOn.push(done) });
    const writer = new PromptWriter(stream, 100);
    const errors: string[] = [];
    writer.onError(([error]) => errors.push(error.message));
    const answer = { jsonrpc: '2.0', id: 1, result: 'x'.repeat(1_000) } as Message;
    const written = [answer, message('one'), message('two'), message('three'), message('four')].map((each) =>
      writer.write(each),
    );
    assert.equal(stream.destroyed, false);
    for (const _ of written) passOn.shift()?.();
    await Promise.all(written);
    const late = ['a', 'b', 'c', 'd', 'e'].map((method) => writer.write(message(method)));
    assert.ok(stream.destroyed);
    passOn.shift()?.();
    const outcomes = await Promise.allSettled(late);
    assert.ok(outcomes.slice(1).every(({ status }) => status === 'rejected'));
    assert.equal(errors[0], 'the other end does not read what it is told');
  });

  it('never gives up whoever takes what they are told, however much that comes to', async () => {
    const stream = new Writable({ write: (_chunk, _encoding, done) => setImmediate(done) });
    const writer = new PromptWriter(stream, 100);
    for (let i = 0; i < 50; i++) await writer.write(message('one'));
    assert.equal(stream.destroyed, false);
  });

  it('answers whoever is far behind with what they are told', async () => {
    const passOn: (() => void)[] = [];
    const stream = new Writable({ write: (_chunk, _encoding, done) => void passOn.push(done) });
    const writer = new PromptWriter(stream, 10);
    const answer = { jsonrpc: '2.0', id: 1, result: null } as Message;
    const written = [message('one'), answer].map((each) => writer.write(each));
    assert.equal(stream.destroyed, false);
    for (const _ of written) passOn.shift()?.();
    await Promise.all(written);
  });

  it('says that a message could not be written, and that the stream has gone', async () => {
    const stream = new Writable({ write: (_chunk, _encoding, done) => done(new Error('gone')) });
    const writer = new PromptWriter(stream);
    const errors: string[] = [];
    let isClosed = false;
    writer.onError(([error]) => errors.push(error.message));
    writer.onClose(() => {
      isClosed = true;
    });
    await assert.rejects(writer.write(message('one')), /gone/);
    if (!stream.closed) await once(stream, 'close');
    assert.ok(errors.length > 0 && errors.every((text) => text === 'gone'));
    assert.ok(isClosed);
  });
});
