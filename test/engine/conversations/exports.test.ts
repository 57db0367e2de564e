// A conversation that goes to a file of my person's choice. What is in it: exportFormats.test.ts.

import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Exports } from '../../../src/engine/conversations/exports.ts';
import type { People } from '../../../src/engine/people/people.ts';
import type { Store } from '../../../src/engine/store/store.ts';
import type { StoredTransfer } from '../../../src/engine/store/transfers.ts';
import { ShownMessages } from '../../../src/engine/windows/shownMessages.ts';
import { heldFor } from '../../support/badDisks.ts';
import { newPublished } from '../../support/newPublished.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { ALI, BABAK, id, offer, StoreFile, said, text } from '../store/support.ts';

const people = { nameOf: () => 'Ali' } as unknown as People;

/** Of every kind that a file could change. */
const TEXTS = [
  'می‌خواهم كتاب‌ها را ببینم',
  'a = `b`;\n```ts\nx\n```\n',
  '👩‍💻 🏴󠁧󠁢󠁥󠁮󠁧󠁿',
  '\u200Fשָׁלוֹם\u200E \u2028 \u0000',
  'naïve café\r\n\ttab',
];
const textOf = (number: number) => `${TEXTS[number % TEXTS.length]} ${number}`;

describe('an export', () => {
  const folder = temporaryFolder();
  const none = { messages: [], transfers: [], hasLater: false };
  const messages = { history: () => none } as unknown as ShownMessages;

  it('over a file that may not be replaced says so within seconds on Windows, and leaves it as it was', async () => {
    const place = path.join(folder.path, 'old.md');
    await writeFile(place, 'old');
    using _ = heldFor(Number.POSITIVE_INFINITY, /old\.md\.[0-9a-f]+\.tmp$/);
    let waitedMs = 0;
    const pause = async (ms: number) => {
      waitedMs += ms;
    };
    const exports = new Exports(messages, people, { platform: 'win32', pause });
    const ended = exports.write({ peer: ALI, path: place, format: 'markdown' });
    const details = { path: place, detail: 'EPERM' };
    await assert.rejects(ended, { failure: { code: 'exportUnwritable', details } });
    assert.ok(waitedMs >= 2_000 && waitedMs < 6_000, `${waitedMs} ms`);
    assert.equal(await readFile(place, 'utf8'), 'old');
    assert.deepEqual(await readdir(folder.path), ['old.md']);
  });
});

describe('an exported conversation', () => {
  const folder = temporaryFolder();
  const COUNT = 700;
  let file: StoreFile;
  let store: Store;
  let exports: Exports;

  beforeEach(() => {
    file = new StoreFile();
    store = file.open();
    exports = new Exports(new ShownMessages(store, newPublished()), people);
    store.transaction(() => {
      for (let number = 1; number <= COUNT; number++) say(number);
    });
  });
  afterEach(() => file.remove());

  const say = (number: number) => {
    store.entries.appendMine(ALI, said(text(textOf(number)), number));
    store.entries.appendMine(BABAK, said(text('somebody else hears this'), number));
    store.entries.appendMine(
      ALI,
      said({ kind: 'react', entryId: id(number), emoji: '👍', on: true }, 5_000 + number),
    );
  };
  const written = async (format: 'json' | 'markdown') => {
    const place = path.join(folder.path, format);
    const { messages } = await exports.write({ peer: ALI, path: place, format });
    return { count: messages, content: await readFile(place, 'utf8') };
  };

  it('has every message once, in order, as it was said, over all its pages', async () => {
    const { count, content } = await written('json');
    const all: { id: string; text: string }[] = JSON.parse(content);
    assert.deepEqual(
      all.map((message) => [message.id, message.text]),
      Array.from({ length: COUNT }, (_, i) => [id(i + 1), textOf(i + 1)]),
    );
    assert.equal(count, COUNT);
  });

  it('stands in Markdown between its head and its foot, each text as it was said', async () => {
    const { count, content } = await written('markdown');
    let at = 0;
    for (let number = 1; number <= COUNT; number++) {
      at = content.indexOf(`\n${textOf(number)}\n`, at) + 1;
      assert.ok(at > 0, `message ${number}`);
    }
    assert.match(content, /^# Ali\n[\s\S]*\nTimes are UTC\.\n$/);
    assert.ok(!content.includes('somebody else'));
    assert.equal(count, COUNT);
  });

  it('has what is said meanwhile up to some message, without a gap, and no half of what is edited', async () => {
    const ending = written('json');
    for (let number = COUNT + 1; number <= COUNT + 400; number++) {
      say(number);
      const message = store.messages.get(ALI, id(number - 300));
      if (message !== undefined) store.messages.edit(message, `edited ${number}`, 7);
      if (number % 20 === 0) await new Promise(setImmediate);
    }
    const { count, content } = await ending;
    const all: { id: string; text: string }[] = JSON.parse(content);
    assert.deepEqual(
      all.map((message) => message.id),
      Array.from({ length: count }, (_, i) => id(i + 1)),
    );
    assert.ok(count >= COUNT, `${count} messages`);
    for (const [i, message] of all.entries())
      assert.ok([textOf(i + 1), `edited ${i + 301}`].includes(message.text), message.text);
  });

  it('says what is known of each file, wherever it stands', async () => {
    const transfer: StoredTransfer = {
      ...{
        id: id(9_001),
        peer: ALI,
        direction: 'send',
        name: 'a.png',
        mediaType: 'image/png',
        sizeBytes: 10,
      },
      ...{ path: '/tmp/a.png', state: { kind: 'rejected' } },
    };
    store.transfers.insert(transfer);
    store.entries.appendMine(ALI, said(offer(transfer.id), 9_001));
    store.entries.appendMine(ALI, said(offer(id(9_002)), 9_002));
    const { content } = await written('json');
    const [known, unknown] = JSON.parse(content).slice(-2);
    const { name, mediaType, sizeBytes } = transfer;
    const { at, ...file } = known;
    const shown = { name, mediaType, sizeBytes, path: '/tmp/a.png', state: 'rejected' };
    assert.deepEqual(file, { id: id(9_001), from: 'me', kind: 'file', ...shown });
    assert.deepEqual([unknown.kind, unknown.name], ['file', undefined]);
    assert.match(
      (await written('markdown')).content,
      new RegExp(`\\*file\\* a\\\\\\.png\n[\\s\\S]*\\*file\\* ${id(9_002)}\n`),
    );
  });
});
