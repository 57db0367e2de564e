import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { FailureError } from '../../../src/contract/failure.ts';
import { Database } from '../../../src/engine/store/database.ts';
import { Search } from '../../../src/engine/store/search.ts';
import { SearchIndex } from '../../../src/engine/store/searchIndex.ts';
import { MAX_SCANNED, MAX_SCANNED_LENGTH } from '../../../src/engine/store/searchScan.ts';
import { hasAll, soughtWords, wordsIn } from '../../../src/engine/store/searchText.ts';
import type { Store } from '../../../src/engine/store/store.ts';
import { seededRandom } from '../../support/seededRandom.ts';
import { ALI, BABAK, id, StoreFile, said, text } from './support.ts';

const VOCABULARY = [
  'salaam',
  'سلام',
  'می‌نویسم',
  'میز',
  'نوشت',
  'cat',
  'Cathedral',
  'Größe',
  'ΣΊΣΥΦΟΣ',
  '東京',
  '42',
  "don't",
];
const QUERIES = [
  'sal',
  'سلام',
  'مینو',
  'می نو',
  'می‌نو',
  'cat',
  'cath',
  'grosse',
  'σισυφος',
  '京',
  '4',
  'don t',
  'cat 42',
  'x',
];

/** Those of a database that have this word somewhere, in whatever case. */
const filesWith = ({ path }: StoreFile, word: string) =>
  [path, `${path}-wal`]
    .filter(existsSync)
    .filter((part) => readFileSync(part).toString('latin1').toLowerCase().includes(word.toLowerCase()));

describe('the search over all messages', () => {
  let file: StoreFile;
  let store: Store;

  beforeEach(() => {
    file = new StoreFile();
    store = file.open();
  });
  afterEach(() => file.remove());

  const say = (count: number, words: (i: number) => string, peer = ALI) =>
    store.transaction(() => {
      for (let i = 1; i <= count; i++) store.entries.appendMine(peer, said(text(words(i)), i));
    });
  const find = (query: string, more = {}) => {
    const { entries, ...rest } = store.search.find({ sought: soughtWords(query), limit: 10, ...more });
    return { numbers: entries.map(({ number }) => number), ...rest };
  };
  const fill = () => {
    let steps = 0;
    while (store.search.step()) assert.ok(steps++ < 100_000);
    return steps;
  };
  const change = (number: number, words: string | undefined) => {
    const message = store.messages.get(ALI, id(number));
    assert.ok(message !== undefined);
    store.transaction(() => {
      if (words === undefined) store.messages.forget(message);
      else store.messages.edit(message, words, 7);
    });
  };

  it('finds the same with the index as without it, whatever is written and asked', () => {
    const random = seededRandom(7);
    const pick = () => VOCABULARY[Math.floor(random() * VOCABULARY.length)] ?? '';
    const texts = Array.from({ length: 300 }, () => `${pick()} ${pick()}, ${pick()}!`);
    say(texts.length, (i) => texts[i - 1] ?? '');
    fill();
    for (const query of QUERIES) {
      const sought = soughtWords(query);
      const expected = texts.flatMap((words, i) => (hasAll(wordsIn(words), sought) ? [i + 1] : [])).reverse();
      assert.deepEqual(find(query, { limit: 1_000 }).numbers, expected, query);
      assert.deepEqual(find(query, { limit: 1_000, peer: ALI }).numbers, expected, query);
      assert.deepEqual(find(query, { limit: 1_000, peer: BABAK }).numbers, [], query);
    }
  });

  it('goes on page by page where the index ends and newer messages begin', () => {
    say(5, () => 'old cat');
    fill();
    say(1_000, (i) => (i > 997 ? 'new cat' : 'dog'), BABAK);
    const page = (before?: number) => store.search.find({ sought: soughtWords('cat'), before, limit: 4 });
    const first = page();
    assert.deepEqual(
      first.entries.map(({ number }) => number),
      [1_000, 999, 998, 5],
    );
    const second = page(first.entries.at(-1)?.order);
    assert.deepEqual([first.hasMore, second.entries.length, second.hasMore], [true, 4, false]);
  });

  it('knows what was said a moment ago', () => {
    say(3, () => 'cat');
    assert.deepEqual(find('cat'), { numbers: [3, 2, 1], hasMore: false, isPartial: false });
  });

  it('says so while older messages than it looks at wait for the index', () => {
    say(MAX_SCANNED + 500, (i) => (i === 1 ? 'needle' : 'straw'));
    assert.deepEqual(find('needle'), { numbers: [], hasMore: false, isPartial: true });
    assert.equal(find('straw').hasMore, true);
    fill();
    assert.deepEqual(find('needle'), { numbers: [1], hasMore: false, isPartial: false });
  });

  it('says so, too, where it fills a page with what is in the index, older than what waits for that', () => {
    say(20, () => 'old needle');
    fill();
    say(MAX_SCANNED + 500, (i) => (i === 1 ? 'new needle' : 'straw'), BABAK);
    const { entries, ...rest } = store.search.find({ sought: soughtWords('needle'), limit: 10 });
    assert.deepEqual(rest, { hasMore: true, isPartial: true });
    assert.ok(entries.every(({ peer }) => peer === ALI));
    assert.equal(find('straw').isPartial, false, 'the next page goes on where this one ends');
  });

  it('looks at no more than a bounded length, however long messages are, and says that this is not all', () => {
    const long = 'x'.repeat(MAX_SCANNED_LENGTH / 1_000);
    say(1_000, (i) => (i === 1 || i === 999 ? 'needle' : long));
    assert.deepEqual(find('needle'), { numbers: [999], hasMore: false, isPartial: true });
    assert.deepEqual(
      find('needle', { peer: ALI, before: 300 }).numbers,
      [1],
      'the next page begins further back',
    );
    fill();
    assert.deepEqual(find('needle'), { numbers: [999, 1], hasMore: false, isPartial: false });
  });

  it('looks at one conversation alone where that is asked, though its messages wait for the index', () => {
    say(450, () => 'cat', BABAK);
    say(450, (i) => (i === 7 ? 'cat' : 'dog'));
    assert.deepEqual(find('cat', { peer: ALI }), { numbers: [7], hasMore: false, isPartial: false });
  });

  it('counts what a message said before it was edited, as that is read, too', () => {
    say(450, (i) => (i === 1 ? 'needle' : 'x'.repeat(MAX_SCANNED_LENGTH / 300)));
    store.transaction(() => {
      for (let i = 2; i <= 450; i++) change(i, 'x');
    });
    assert.deepEqual(find('needle'), { numbers: [], hasMore: false, isPartial: true });
  });

  it('counts the letters that a character stands for, as all of them are compared', () => {
    say(450, (i) => (i === 1 ? 'needle' : '\uFDFA'.repeat(MAX_SCANNED_LENGTH / 18 / 400)));
    assert.deepEqual(find('needle'), { numbers: [], hasMore: false, isPartial: true });
  });

  it('puts only a few long messages into the index before it looks, and more the next time', () => {
    say(300, (i) => (i === 20 ? 'needle' : 'x'.repeat(MAX_SCANNED_LENGTH / 200)));
    assert.deepEqual(find('needle'), { numbers: [], hasMore: false, isPartial: true });
    assert.deepEqual(find('needle'), { numbers: [20], hasMore: false, isPartial: true });
  });

  it('is filled in pieces, and goes on with the next one after a restart', () => {
    say(1_000, (i) => `word${i}`);
    store.search.step();
    store.dispose();
    store = file.open();
    assert.ok(fill() >= 9);
    assert.deepEqual(find('word1').numbers[0], 1_000);
    assert.equal(store.search.step(), false);
    store.dispose();
    store = file.open();
    assert.equal(store.search.step(), false, 'all of it is there after another restart');
    assert.deepEqual(find('word1').numbers[0], 1_000);
  });

  it('is whole where what was stored last is nothing to find', () => {
    say(2, () => 'cat');
    for (let i = 1; i <= 450; i++)
      store.entries.appendMine(
        ALI,
        said({ kind: 'react', entryId: id(1), emoji: '👍', on: i % 2 > 0 }, 100 + i),
      );
    assert.ok(fill() < 10);
    assert.deepEqual(find('cat'), { numbers: [2, 1], hasMore: false, isPartial: false });
  });

  it('finds nobody by the number that their conversation has in the store', () => {
    say(1, () => 'cat');
    say(1, () => 'dog', BABAK);
    fill();
    for (const query of ['1', '2', '\u{E000}1', 'cat 1']) assert.deepEqual(find(query).numbers, [], query);
  });

  it('finds what was edited by its new words, and what was deleted not at all', () => {
    say(3, (i) => `cat ${i}`);
    fill();
    change(2, 'dog');
    change(1, undefined);
    assert.deepEqual([find('cat').numbers, find('dog').numbers], [[3], [2]]);
  });

  it('keeps its words when a change is undone', () => {
    say(1, () => 'cat');
    fill();
    const undo = () =>
      store.transaction(() => {
        change(1, undefined);
        throw new Error('undone');
      });
    assert.throws(undo, /undone/);
    assert.deepEqual(find('cat').numbers, [1]);
  });

  it('leaves no trace of what was deleted in any file of the database', () => {
    const secret = 'Xylophonsecret';
    say(50, (i) => (i === 7 ? `${secret} `.repeat(i * 200) : `cat ${i}`));
    fill();
    change(7, `${secret} again`);
    change(7, undefined);
    while (store.upkeep());
    assert.deepEqual(filesWith(file, secret), []);
  });

  it('leaves no trace of what an engine deleted that was killed at once', () => {
    const secret = 'Xylophonsecret';
    say(3, () => secret);
    fill();
    while (store.upkeep());
    for (const number of [1, 2, 3]) change(number, undefined);
    const killed = new StoreFile();
    try {
      mkdirSync(dirname(killed.path));
      for (const end of ['', '-wal']) copyFileSync(`${file.path}${end}`, `${killed.path}${end}`);
      assert.notDeepEqual(filesWith(killed, secret), []);
      const next = killed.open();
      while (next.upkeep());
      assert.deepEqual(filesWith(killed, secret), []);
    } finally {
      killed.remove();
    }
  });

  it('finds words with letters that an older Unicode, as SQLite has it, counts as marks', () => {
    say(2, (i) => ['ᦗᦱᦉᦱ ᦺᦑ', 'ᳲ𑀓 ᦟᦹᧉ'][i - 1] ?? '');
    fill();
    assert.deepEqual(
      ['ᦗᦱᦉᦱ', 'ᦗᦱ', 'ᦺᦑ', 'ᳲ', 'ᦟᦹᧉ', 'ᦗ ᦺᦑ'].map((query) => find(query).numbers),
      [[1], [1], [1], [2], [2], []],
    );
  });

  it('looks at the newest messages where SQLite has no FTS5, and says that this is not all', () => {
    say(MAX_SCANNED + 1, (i) => `cat ${i}`);
    fill();
    store.dispose();
    const database = new Database(file.path);
    const plain = new Search(database, SearchIndex.of(database, false));
    const found = (query: string) => plain.find({ sought: soughtWords(query), limit: 2 });
    assert.equal(plain.step(), false);
    assert.equal(found('cat').entries.length, 2);
    assert.deepEqual(found('dog'), { entries: [], hasMore: false, isPartial: true });
    database.close();
    store = file.open();
    assert.ok(fill() > 0, 'made anew, as messages may have changed without it');
    assert.equal(find('cat').hasMore, true);
  });

  it('finds what is not in the index yet where the disk has no room for it, and puts it in when there is some', () => {
    say(300, (i) => `cat word${i} other${i * 7}`);
    store.dispose();
    const database = new Database(file.path);
    const full = new Search(database, SearchIndex.of(database));
    const pages = database.prepare<{ page_count: number }>('PRAGMA page_count').get()?.page_count;
    database.exec(`PRAGMA max_page_count = ${pages}`);
    const found = () => full.find({ sought: soughtWords('cat'), limit: 400 });
    assert.throws(() => full.step(), FailureError);
    assert.deepEqual([found().entries.length, found().hasMore, found().isPartial], [300, false, false]);
    database.exec('PRAGMA max_page_count = 100000');
    while (full.step());
    assert.equal(found().entries.length, 300);
    database.close();
    store = file.open();
  });

  it('does without the index where the disk has no room to make it, until it has', () => {
    say(300, (i) => `cat word${i}`);
    store.dispose();
    const database = new Database(file.path);
    database.exec('DROP TABLE search; DROP TABLE searchState; VACUUM');
    const pages = database.prepare<{ page_count: number }>('PRAGMA page_count').get()?.page_count;
    database.exec(`PRAGMA max_page_count = ${pages}`);
    const plain = new Search(database, SearchIndex.of(database));
    assert.equal(plain.find({ sought: soughtWords('cat'), limit: 400 }).entries.length, 300);
    database.close();
    store = file.open();
    assert.ok(fill() > 0);
    assert.equal(find('cat').hasMore, true);
  });

  it('is made anew when its layout is another one', () => {
    say(1, () => 'cat');
    fill();
    store.dispose();
    const database = new DatabaseSync(file.path);
    database.exec("UPDATE searchState SET layout = 0; INSERT INTO search (rowid, words) VALUES (9, 'ghost')");
    database.close();
    store = file.open();
    fill();
    assert.deepEqual([find('cat').numbers, find('ghost').numbers], [[1], []]);
  });
});
