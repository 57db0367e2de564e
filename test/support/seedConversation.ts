// Years of talk in seconds: writes a conversation into an engine's store through the store's own classes, before that engine runs.

import path from 'node:path';
import type { Fingerprint } from '../../src/contract/fingerprint.ts';
import { openStore, type Store } from '../../src/engine/store/store.ts';

export interface Seed {
  /** The engine's folder. */
  readonly dataDir: string;
  /** Somebody who was accepted and is not there. */
  readonly peer: { readonly fingerprint: Fingerprint; readonly name: string };
  readonly count: number;
  /** What message number `i` (from 1) says, and who says it. */
  message(i: number): { readonly from: 'me' | 'peer'; readonly text: string };
  /** When the last one was written; each is `stepMs` after the one before it. */
  readonly lastAt: number;
  readonly stepMs: number;
}

/** Everything is delivered and read. */
export function seedConversation(seed: Seed): void {
  const { dataDir, peer, count, lastAt, stepMs } = seed;
  const store = openStore(path.join(dataDir, 'hamta.db'), { clock: { now: () => lastAt } });
  try {
    const { fingerprint, name } = peer;
    store.transaction(() => {
      store.contacts.put({ fingerprint, name, standing: 'accepted', connectWanted: false, hosts: [] });
      let [mine, theirs] = [0, 0];
      for (let i = 1; i <= count; i += 1) {
        const { from, text } = seed.message(i);
        const said = { id: i.toString(16).padStart(32, '0'), at: lastAt - (count - i) * stepMs };
        const entry = { ...said, body: { kind: 'text', text } as const };
        if (from === 'me') mine = store.entries.appendMine(fingerprint, entry).number;
        else {
          theirs += 1;
          store.entries.acceptTheirs(fingerprint, { ...entry, number: theirs });
        }
      }
      markAllRead(store, fingerprint, mine, theirs);
    });
  } finally {
    store.dispose();
  }
}

function markAllRead({ entries }: Store, peer: Fingerprint, mine: number, theirs: number): void {
  entries.setReadByPeer(peer, mine);
  entries.setReadByMe(peer, theirs);
}
