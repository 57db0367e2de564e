// Where each transfer stands: kept in the store, shown to windows, said to the other side.

import type { Logger } from '../../base/logger.ts';
import { fail } from '../../contract/failure.ts';
import { isFinal, type TransferState } from '../../contract/transfer.ts';
import type { EntryBody } from '../../wire/linkFrames.ts';
import type { Conversations } from '../conversations/conversations.ts';
import type { People } from '../people/people.ts';
import type { Store } from '../store/store.ts';
import { guarded } from '../store/storeGuard.ts';
import { type StoredTransfer, shownTransfer } from '../store/transfers.ts';
import type { Published } from '../windows/published.ts';

export class TransferStates {
  readonly #store: Store;
  readonly #people: People;
  readonly #conversations: Conversations;
  readonly #published: Published;
  readonly #log: Logger;
  readonly #onFinal: (transfer: StoredTransfer) => void;

  /** `onFinal` hears of one whenever it is shown as over: more than once, perhaps. */
  constructor(
    parts: {
      readonly store: Store;
      readonly people: People;
      readonly conversations: Conversations;
      readonly published: Published;
      readonly log: Logger;
    },
    onFinal: (transfer: StoredTransfer) => void,
  ) {
    this.#store = parts.store;
    this.#people = parts.people;
    this.#conversations = parts.conversations;
    this.#published = parts.published;
    this.#log = parts.log;
    this.#onFinal = onFinal;
  }

  /** Failures: transferUnknown. */
  known(id: string): StoredTransfer {
    const transfer = this.#store.transfers.get(id);
    if (transfer === undefined) throw fail('transferUnknown', {});
    return transfer;
  }

  /** Says a word to the peer and changes the state, both or neither. Nothing is said to whoever is not accepted any more. */
  say(transfer: StoredTransfer, body: EntryBody, state: TransferState): void {
    const changed = { ...transfer, state };
    if (this.#people.contact(transfer.peer)?.standing !== 'accepted') return this.update(changed);
    this.#conversations.write(transfer.peer, body, () => {
      this.#store.transfers.update(changed);
      return () => this.show(changed);
    });
  }

  /** Of one that is on its way. What the store cannot take is shown all the same: none of it outlives the engine. */
  set(id: string, state: TransferState): void {
    guarded(this.#log, () => {
      const transfer = this.known(id);
      if (isFinal(transfer.state)) return;
      const changed = { ...transfer, state };
      guarded(
        this.#log,
        () => this.update(changed),
        () => this.show(changed),
      );
    });
  }

  update(transfer: StoredTransfer): void {
    this.#store.transfers.update(transfer);
    this.show(transfer);
  }

  show(transfer: StoredTransfer): void {
    this.#published.publish({ kind: 'transferChanged', transfer: shownTransfer(transfer) });
    if (isFinal(transfer.state)) this.#onFinal(transfer);
  }
}
