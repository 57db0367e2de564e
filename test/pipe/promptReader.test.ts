// What either end of the pipe reads: whole messages, in the turn in which they have come.

import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { type Message, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { type CommandName, commands } from '../../src/contract/commands.ts';
import { type Handlers, RpcServer } from '../../src/contract/rpc.ts';
import { PromptReader } from '../../src/pipe/promptReader.ts';
import { PromptWriter } from '../../src/pipe/promptWriter.ts';

const message = (method: string) => ({ jsonrpc: '2.0', method }) as Message;
const framed = (said: Message) => {
  const text = JSON.stringify(said);
  return Buffer.from(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
};

describe('the prompt reader', () => {
  let stream: PassThrough;
  let heard: Message[];
  let errors: string[];

  beforeEach(() => {
    stream = new PassThrough();
    heard = [];
    errors = [];
    const reader = new PromptReader(stream);
    reader.onError((error) => errors.push(error.message));
    reader.listen((said) => heard.push(said));
  });

  /** In the turn of the loop in which they are read. */
  const comes = (...parts: (Buffer | string)[]) => {
    for (const part of parts) stream.emit('data', Buffer.from(part));
  };

  it('hands on all that came, at once and in order', () => {
    comes(Buffer.concat(['one', 'two', 'three'].map((method) => framed(message(method)))));
    assert.deepEqual(heard, ['one', 'two', 'three'].map(message));
  });

  it('waits for the rest of a message, wherever it was cut', () => {
    const bytes = Buffer.concat([framed(message('سلام 👋')), framed(message('two'))]);
    for (let at = 0; at < bytes.length; at++) comes(bytes.subarray(at, at + 1));
    assert.deepEqual(heard, [message('سلام 👋'), message('two')]);
    for (let cut = 1; cut < bytes.length; cut++) comes(bytes.subarray(0, cut), bytes.subarray(cut));
    assert.equal(heard.length, 2 * bytes.length);
    assert.deepEqual(errors, []);
  });

  it('understands the usual writer', async () => {
    const writer = new StreamMessageWriter(stream);
    await writer.write(message('سلام 👋'));
    await new Promise(setImmediate);
    assert.deepEqual(heard, [message('سلام 👋')]);
  });

  it('finds the length wherever it stands in the head', () => {
    const body = JSON.stringify(message('one'));
    const type = 'Content-Type: application/vscode-jsonrpc; charset=utf-8';
    for (const lines of [
      [`Content-Length: ${body.length}`, type],
      [type, `content-length:${body.length}`],
    ])
      comes(`${lines.join('\r\n')}\r\n\r\n${body}`);
    assert.deepEqual([heard, errors], [[message('one'), message('one')], []]);
  });

  it('takes a message of megabytes in thousands of parts', () => {
    const long = message('x'.repeat(8 * 2 ** 20));
    const bytes = framed(long);
    for (let at = 0; at < bytes.length; at += 4_096) comes(bytes.subarray(at, at + 4_096));
    assert.deepEqual(heard, [long]);
  });

  it('reads no more after what is no message', () => {
    for (const broken of [
      'Content-Length: 4\r\n\r\n{"a"',
      'Content-Length: x\r\n\r\n',
      'Content-Length: 99999999999\r\n\r\n',
      '\r\n\r\n',
      'x'.repeat(2_000),
    ]) {
      const other = new PassThrough();
      const reader = new PromptReader(other);
      let count = 0;
      let messages = 0;
      reader.onError(() => count++);
      reader.listen(() => messages++);
      other.emit('data', Buffer.from(broken));
      other.emit('data', framed(message('one')));
      assert.deepEqual([count, messages], [1, 0], broken);
    }
  });

  it('copies nothing of messages that come in a part each', () => {
    const { concat } = Buffer;
    let copies = 0;
    Buffer.concat = (parts, length) => {
      copies++;
      return concat.call(Buffer, parts, length) as ReturnType<typeof concat>;
    };
    try {
      comes(framed(message('one')), framed(message('two')));
      assert.deepEqual([heard.length, copies], [2, 0]);
    } finally {
      Buffer.concat = concat;
    }
  });

  it('says nothing of a message of which the rest never comes', async () => {
    comes(framed(message('one')).subarray(0, -1));
    stream.destroy();
    await new Promise(setImmediate);
    assert.deepEqual([heard, errors], [[], []]);
  });

  it('takes an error of whoever listens for that of a message, and reads no more', () => {
    const other = new PassThrough();
    const reader = new PromptReader(other);
    const told: string[] = [];
    reader.onError(({ message: text }) => told.push(text));
    reader.listen((said) => {
      heard.push(said);
      throw new Error('no such message');
    });
    other.emit('data', Buffer.concat([framed(message('one')), framed(message('two'))]));
    other.emit('data', framed(message('three')));
    assert.deepEqual([heard, told], [[message('one')], ['no such message']]);
  });

  it('says that the stream has failed or gone', async () => {
    const other = new PassThrough();
    const reader = new PromptReader(other);
    const told: string[] = [];
    reader.onError(({ message: text }) => told.push(text));
    reader.onClose(() => told.push('closed'));
    other.destroy(new Error('gone'));
    await new Promise(setImmediate);
    assert.deepEqual(told, ['gone', 'closed']);
  });

  it('hears nothing more once nobody listens', () => {
    const other = new PassThrough();
    const listening = new PromptReader(other).listen((said) => heard.push(said));
    listening.dispose();
    other.emit('data', framed(message('one')));
    assert.deepEqual(heard, []);
  });
});

describe('a seat with the prompt reader', () => {
  let stream: PassThrough;
  let answers: PassThrough;
  let begun: string[];
  let closed: number;

  beforeEach(() => {
    [stream, answers] = [new PassThrough(), new PassThrough()];
    begun = [];
    closed = 0;
    const handler = (name: string) => () => void begun.push(name);
    const names = Object.keys(commands) as CommandName[];
    const handlers = Object.fromEntries(names.map((name) => [name, handler(name)])) as unknown as Handlers;
    new RpcServer(new PromptReader(stream), new PromptWriter(answers), handlers, () => closed++);
  });

  const request = (id: number, name: CommandName) =>
    framed({ jsonrpc: '2.0', id, method: commands[name].name, params: null } as Message);
  const cancel = (id: number) =>
    framed({ jsonrpc: '2.0', method: '$/cancelRequest', params: { id } } as Message);
  async function answered(count: number): Promise<string> {
    let text = '';
    while (text.split('Content-Length').length <= count) {
      await new Promise(setImmediate);
      text += answers.read() ?? '';
    }
    return text;
  }

  it('begins nothing that is called off in the same part', async () => {
    stream.emit('data', Buffer.concat([request(1, 'refreshPeers'), cancel(1), request(2, 'connect')]));
    const text = await answered(2);
    assert.deepEqual(begun, ['connect']);
    assert.match(text, /"id":1,"error":.*engineGone/);
    assert.match(text, /"id":2,"result":null/);
  });

  it('is given up once when something comes that is no message', async () => {
    stream.emit('data', Buffer.concat([request(1, 'connect'), Buffer.from('GET / HTTP/1.1\r\n\r\n')]));
    stream.emit('data', request(2, 'connect'));
    await new Promise(setImmediate);
    assert.deepEqual([closed, begun], [1, []]);
  });
});
