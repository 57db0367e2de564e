// A store with many messages, filled through the store's own classes, as years of chats would leave it.

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { parseFingerprint } from '../../src/contract/fingerprint.ts';
import { openStore, type Store } from '../../src/engine/store/store.ts';

const PEOPLE = 20;
const BATCH = 5_000;
const UNREAD = 50;
const WORDS = 'the index of a lock is read before its page and nobody waits for any other window here'.split(
  ' ',
);
const YEARS_AGO = Date.UTC(2020, 0, 1);

/** Below `dataDir`, with a search index that is complete. */
export function fillStore(dataDir: string, messages: number): void {
  let now = YEARS_AGO;
  const store = openStore(join(dataDir, 'hamta.db'), { clock: { now: () => (now += 60_000) } });
  try {
    for (let i = 0; i < PEOPLE; i++) fillConversation(store, i, Math.ceil(messages / PEOPLE));
    while (store.upkeep());
  } finally {
    store.dispose();
  }
}

function fillConversation(store: Store, person: number, messages: number): void {
  const peer = parseFingerprint(createHash('sha256').update(`person ${person}`).digest('hex'));
  if (peer === undefined) throw new Error('no fingerprint');
  const name = `Person ${person}`;
  store.contacts.put({ fingerprint: peer, name, standing: 'accepted', connectWanted: true, hosts: [] });
  const half = Math.ceil(messages / 2);
  for (let done = 0; done < half; done += BATCH)
    store.transaction(() => {
      for (let number = done + 1; number <= Math.min(half, done + BATCH); number++) {
        store.entries.appendMine(peer, saidBy('me', number));
        store.entries.acceptTheirs(peer, { number, ...saidBy('them', number) });
      }
    });
  store.entries.setDelivered(peer, half);
  store.entries.setReadByMe(peer, half - UNREAD);
}

function saidBy(whom: string, number: number) {
  const id = createHash('md5').update(`${whom} ${number}`).digest('hex');
  const words = Array.from({ length: 12 }, (_, i) => WORDS[(number * 7 + i * i) % WORDS.length]);
  return {
    id,
    at: YEARS_AGO + 60_000 * number,
    body: { kind: 'text' as const, text: `${number} ${words.join(' ')}` },
  };
}
