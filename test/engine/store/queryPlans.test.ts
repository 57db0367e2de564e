import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { CONTACTS_SQL } from '../../../src/engine/store/contacts.ts';
import { CONVERSATION_FACTS_SQL } from '../../../src/engine/store/conversationFacts.ts';
import { ENTRIES_SQL } from '../../../src/engine/store/entries.ts';
import { MESSAGES_SQL } from '../../../src/engine/store/messages.ts';
import { SEARCH_SQL } from '../../../src/engine/store/search.ts';
import { SEARCH_INDEX_SQL } from '../../../src/engine/store/searchIndex.ts';
import { SEARCH_SCAN_SQL } from '../../../src/engine/store/searchScan.ts';
import { SHARED_SQL } from '../../../src/engine/store/shared.ts';
import { TRANSFERS_SQL } from '../../../src/engine/store/transfers.ts';
import { StoreFile } from './support.ts';

/** Those that are meant to go over a whole (bounded, or partial) table. */
const WHOLE: readonly string[] = [
  'SCAN contacts',
  'SCAN contacts USING COVERING INDEX strangers',
  'SCAN transfers USING INDEX unfinished',
  'SCAN shared',
  // FTS5 reads its lists from the newest message on, and only as far as it is asked.
  'SCAN search VIRTUAL TABLE INDEX 192:M1<',
];

/** A walk over a table, or over all that one writer has said in a conversation. */
const SLOW = /^SCAN|TEMP B-TREE|USING INDEX \w+_entries_1 \(conversation=\?( AND mine=\?)?\)/;

describe('the store at any size', () => {
  let file: StoreFile;
  let database: DatabaseSync;

  before(() => {
    file = new StoreFile();
    file.open().dispose();
    database = new DatabaseSync(file.path);
  });
  after(() => {
    database.close();
    file.remove();
  });

  const planOf = (sql: string) =>
    database
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all()
      .map((row) => String(row.detail));

  const statements = Object.entries({
    entries: ENTRIES_SQL,
    facts: CONVERSATION_FACTS_SQL,
    messages: MESSAGES_SQL,
    search: SEARCH_SQL,
    searchScan: SEARCH_SCAN_SQL,
    searchIndex: SEARCH_INDEX_SQL,
    contacts: CONTACTS_SQL,
    transfers: TRANSFERS_SQL,
    shared: SHARED_SQL,
  }).flatMap(([table, sql]) =>
    Object.entries(sql).map(([name, text]) => [`${table}.${name}`, text] as const),
  );

  for (const [name, sql] of statements) {
    it(`answers ${name} from an index, in order, without a walk over the table`, () => {
      const slow = planOf(sql).filter((step) => SLOW.test(step) && !WHOLE.includes(step));
      assert.deepEqual(slow, []);
    });
  }

  it('looks for the edits of a message among changes alone, however often it was answered', () => {
    assert.ok(
      planOf(MESSAGES_SQL.forgetEdits).some((step) =>
        step.includes('changesOf (conversation=? AND about=?)'),
      ),
    );
  });

  it('looks for a message that has come before by its id alone, however many there are', () => {
    assert.ok(
      planOf(ENTRIES_SQL.isThere).some((step) => step.includes('visibleById (conversation=? AND id=?)')),
    );
  });
});
