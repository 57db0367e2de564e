// What one message costs the stores of two people, with nothing around them: the writer's commit, and the reader's, which is synced.
// The writer's own sync runs while the message is on its way (conversations.ts), so it is not of the least.

import { join } from 'node:path';
import type { Clock } from '../src/base/clock.ts';
import type { Fingerprint } from '../src/contract/fingerprint.ts';
import { openStore, type Store } from '../src/engine/store/store.ts';
import type { Entry } from '../src/wire/linkFrames.ts';

const PEER = 'ab'.repeat(32) as Fingerprint;
const BODY = { kind: 'text', text: 'm'.repeat(100) } as const;

export class BareStores {
  readonly #mine: Store;
  readonly #theirs: Store;
  #messages = 0;

  constructor(folder: string, clock: Clock) {
    this.#mine = openStore(join(folder, 'mine', 'hamta.db'), { clock });
    this.#theirs = openStore(join(folder, 'theirs', 'hamta.db'), { clock });
    this.#keepUp();
  }

  /** Ms. */
  passOne(): number {
    const said = { id: (++this.#messages).toString(16).padStart(32, '0'), at: 0, body: BODY };
    const start = performance.now();
    const entry: Entry = this.#mine.transactionUnsynced(() => this.#mine.entries.appendMine(PEER, said));
    this.#theirs.transactionUnsynced(() =>
      this.#theirs.entries.acceptTheirs(PEER, { ...said, number: entry.number }),
    );
    this.#theirs.sync();
    const tookMs = performance.now() - start;
    this.#keepUp();
    return tookMs;
  }

  close(): void {
    this.#mine.dispose();
    this.#theirs.dispose();
  }

  /** As engines do between messages. */
  #keepUp(): void {
    for (const store of [this.#mine, this.#theirs]) while (store.upkeep());
  }
}
