// What is counted in memory, against counting anew.

import assert from 'node:assert/strict';
import { Database } from '../../../src/engine/store/database.ts';
import { EntriesTable } from '../../../src/engine/store/entries.ts';
import { seededRandom } from '../../support/seededRandom.ts';
import { ALI, cancel, id, StoreFile, said, text, theirs } from './support.ts';

describe('what is counted of a conversation', () => {
  let file: StoreFile;
  let database: Database;
  let now: number;
  let entries: EntriesTable;

  beforeEach(() => {
    file = new StoreFile();
    file.open().dispose();
    database = new Database(file.path);
    now = 1_000;
    entries = new EntriesTable(database, { now: () => now });
  });
  afterEach(() => {
    database.close();
    file.remove();
  });

  const countedAnew = () => new EntriesTable(database, { now: () => now }).facts(ALI);

  for (const seed of [1, 2, 3]) {
    it(`is what counting anew finds, whatever happens and is undone (seed ${seed})`, () => {
      const random = seededRandom(seed);
      const upTo = (most: number) => Math.floor(random() * (most + 2));
      const body = () => (random() < 0.7 ? text('words') : cancel(id(1)));
      const acts: readonly (() => unknown)[] = [
        () => entries.appendMine(ALI, said(body())),
        () => entries.acceptTheirs(ALI, theirs(entries.marks(ALI).received + 1, body())),
        () => entries.setDelivered(ALI, upTo(entries.marks(ALI).lastMine)),
        () => entries.setReadByPeer(ALI, upTo(entries.marks(ALI).lastMine)),
        () => entries.setReadByMe(ALI, upTo(entries.marks(ALI).received)),
        () => entries.skipMineTo(ALI, entries.marks(ALI).lastMine + upTo(2)),
      ];
      for (let i = 0; i < 300; i++) {
        now++;
        const act = () => acts[Math.floor(random() ** 2 * acts.length)]?.();
        if (random() < 0.9) act();
        else assert.throws(() => database.transaction(() => [act(), act(), assert.fail()]));
        assert.deepEqual(entries.facts(ALI), countedAnew(), `after ${i}`);
      }
    });
  }
});
