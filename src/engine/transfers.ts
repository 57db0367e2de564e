// Pictures and files: what was offered, answered, cancelled and saved. The words go through the conversation as entries,
// stored by both sides; the bytes go through runs, which end and begin again with the links.

import { rmSync } from 'node:fs';
import type { Disposable } from '../base/disposable.ts';
import type { Logger } from '../base/logger.ts';
import type { Settings } from '../contract/commands.ts';
import { type Failure, FailureError, fail } from '../contract/failure.ts';
import type { Fingerprint } from '../contract/fingerprint.ts';
import { isFinal, type Transfer, type TransferState } from '../contract/transfer.ts';
import type { EntryBody } from '../wire/linkFrames.ts';
import { AutoAccept, isComing } from './autoAccept.ts';
import type { Carriers } from './carriers/carriers.ts';
import type { Conversations, EntryEffects } from './conversations.ts';
import { BlockNotes } from './io/blockNotes.ts';
import { PartialFile, type PartialFileOptions } from './io/partialFile.ts';
import type { TransferFrame } from './link/linkMessages.ts';
import type { LiveLink } from './liveLink.ts';
import { MAX_FILE_BYTES, type Offer, Offers } from './offers.ts';
import type { Outbox } from './outbox.ts';
import type { People } from './people.ts';
import type { Pictures } from './pictures/pictures.ts';
import type { Thumbnails } from './pictures/thumbnails.ts';
import type { Published } from './published.ts';
import { ReceiveRun } from './receiveRun.ts';
import { SendRun } from './sendRun.ts';
import type { StoredEntry } from './store/entryRow.ts';
import type { Store } from './store/store.ts';
import { type StoredTransfer, shownTransfer } from './store/transfers.ts';
import {
  atRest,
  isTransferWord,
  type OfferBody,
  offeredBy,
  stateAfter,
  type TransferWord,
  thumbnailOf,
} from './transferWords.ts';

/** Offers of one person that wait for my answer: a bound on what an accepted peer can pile up. */
const MAX_OPEN_OFFERS = 64;

/** What my person has asked for: an offer that answers it has its yes already. */
export interface Wishes {
  wished(peer: Fingerprint, offer: OfferBody): { readonly folder: string } | undefined;
  /** An offer of theirs was stored. */
  came(transfer: StoredTransfer): void;
}

export class Transfers implements EntryEffects, Disposable {
  readonly #store: Store;
  readonly #people: People;
  readonly #conversations: Conversations;
  readonly #published: Published;
  readonly #offers: Offers;
  readonly #outbox: Outbox;
  readonly #wishes: Wishes;
  readonly #carriers: Carriers;
  readonly #thumbnails: Thumbnails;
  readonly #notesFolder: string;
  readonly #settings: () => Settings;
  readonly #linkOf: (peer: Fingerprint) => LiveLink | undefined;
  readonly #log: Logger;
  readonly #autoAccept: AutoAccept;
  readonly #receiving = new Map<string, ReceiveRun>();
  readonly #sending = new Map<string, SendRun>();
  /** Accepted, while the file is being opened. */
  readonly #opening = new Set<string>();
  #disposed = false;

  constructor(parts: {
    readonly store: Store;
    readonly people: People;
    readonly conversations: Conversations;
    readonly published: Published;
    readonly pictures: Pictures;
    readonly carriers: Carriers;
    readonly thumbnails: Thumbnails;
    readonly outbox: Outbox;
    readonly wishes: Wishes;
    /** Of what is known about files on their way; the engine's own. */
    readonly notesFolder: string;
    readonly settings: () => Settings;
    readonly linkOf: (peer: Fingerprint) => LiveLink | undefined;
    readonly log: Logger;
  }) {
    this.#store = parts.store;
    this.#people = parts.people;
    this.#conversations = parts.conversations;
    this.#published = parts.published;
    this.#offers = new Offers(parts.pictures, parts.thumbnails, parts.outbox);
    this.#outbox = parts.outbox;
    this.#wishes = parts.wishes;
    this.#carriers = parts.carriers;
    this.#thumbnails = parts.thumbnails;
    this.#notesFolder = parts.notesFolder;
    this.#settings = parts.settings;
    this.#linkOf = parts.linkOf;
    this.#log = parts.log;
    this.#autoAccept = new AutoAccept(
      {
        isWanted: (peer) => this.#people.contact(peer)?.autoAccept ?? this.#settings().autoAccept,
        running: (peer) => this.#store.transfers.unfinished(peer).filter(isComing).length,
        accept: (id) => this.answer(id, true),
      },
      parts.log,
    );
    for (const transfer of this.#store.transfers.unfinished()) this.#show(atRest(transfer));
  }

  /** Failures: notAccepted, fileUnreadable, fileEmpty, fileTooLarge, pictureUnreadable. */
  async offer(offer: Offer): Promise<Transfer> {
    this.#conversations.expectAccepted(offer.peer);
    const prepared = await this.#offers.prepare(offer);
    const { transfer, body } = prepared;
    try {
      offer.fetched?.check();
      this.#conversations.write(offer.peer, body, () => {
        if (!this.#store.transfers.insert(transfer)) throw fail('transferUnknown', {});
        return () => this.#show(transfer);
      });
    } catch (error) {
      await this.#offers.discard(prepared);
      throw error;
    }
    return shownTransfer(transfer);
  }

  /** Failures: transferUnknown, notAccepted, and those of `offer`. */
  async retry(id: string): Promise<Transfer> {
    const { direction, peer, path, name, state, metadata } = this.#known(id);
    if (direction !== 'send' || path === undefined || !isFinal(state)) throw fail('transferUnknown', {});
    return this.offer({ peer, path, name, asPicture: metadata !== undefined });
  }

  /** My answer to an offer. Failures: transferUnknown, folderUnwritable, diskFull. */
  async answer(id: string, accept: boolean, folder = this.#settings().downloadFolder): Promise<void> {
    const transfer = this.#known(id);
    if (transfer.direction !== 'receive' || transfer.state.kind !== 'offered' || this.#opening.has(id)) {
      throw fail('transferUnknown', {});
    }
    if (accept) await this.#accept({ ...transfer, folder });
    else this.#say(transfer, { kind: 'answer', transferId: id, accepted: false }, { kind: 'rejected' });
  }

  /** Nothing happens to one that is over. */
  cancel(id: string): void {
    const transfer = this.#known(id);
    if (isFinal(transfer.state)) return;
    this.#endRuns(transfer);
    this.#say(transfer, { kind: 'cancel', transferId: id }, { kind: 'cancelled', by: 'me' });
  }

  forget(id: string): void {
    const { thumbnailPath, placeholder: _look, ...transfer } = this.#known(id);
    if (thumbnailPath !== undefined) rmSync(thumbnailPath, { force: true });
    this.#update(transfer);
  }

  onEntry({ peer, body }: StoredEntry): (() => void) | undefined {
    if (body.kind === 'offer') return this.#onOffer(peer, body);
    if (!isTransferWord(body)) return undefined;
    const transfer = this.#store.transfers.get(body.transferId);
    // Whoever names somebody else's transfer is not heard.
    return transfer?.peer === peer ? this.#onWord(transfer, body) : undefined;
  }

  onTransferFrame(link: LiveLink, frame: TransferFrame): void {
    const transfer = this.#store.transfers.get(frame.transferId);
    if (transfer?.peer !== link.peer) return;
    if (frame.kind === 'digest') this.#receiving.get(frame.transferId)?.onDigest(frame.session, frame.sha256);
    // Whoever is ready has said yes: that word may follow, as entries wait for their turn on a new link.
    else if (transfer.direction === 'send' && !isFinal(transfer.state)) {
      this.#sendRunOf(transfer).start(link, frame);
    }
  }

  onUp(link: LiveLink): void {
    for (const transfer of this.#store.transfers.unfinished(link.peer)) {
      if (transfer.direction === 'receive' && transfer.state.kind !== 'offered')
        void this.#receive(transfer, link);
    }
  }

  onDown(peer: Fingerprint): void {
    for (const { id } of this.#store.transfers.unfinished(peer)) {
      this.#receiving.get(id)?.pause();
      this.#sending.get(id)?.pause();
    }
  }

  dispose(): void {
    this.#disposed = true;
    for (const run of [...this.#receiving.values(), ...this.#sending.values()]) run.dispose();
    this.#receiving.clear();
    this.#sending.clear();
  }

  async #accept(transfer: StoredTransfer): Promise<void> {
    const { id, peer } = transfer;
    this.#opening.add(id);
    try {
      const run = this.#receiveRunOf(transfer, await PartialFile.open(this.#partialOf(transfer)));
      if (this.#disposed) return run.dispose();
      if (this.#known(id).state.kind !== 'offered') return run.giveUp();
      this.#say(transfer, { kind: 'answer', transferId: id, accepted: true }, { kind: 'waiting' });
      this.#receiving.set(id, run);
      const link = this.#linkOf(peer);
      if (link !== undefined) run.start(link);
    } finally {
      this.#opening.delete(id);
    }
  }

  /** Goes on with an accepted file, after a lost link or a restart of the engine. */
  async #receive(transfer: StoredTransfer, link: LiveLink): Promise<void> {
    const known = this.#receiving.get(transfer.id);
    if (known !== undefined) return known.start(link);
    // Its file is being opened for a link before this one.
    if (this.#opening.has(transfer.id)) return;
    this.#opening.add(transfer.id);
    try {
      const saved = await PartialFile.saved(this.#partialOf(transfer));
      if (saved !== undefined) return this.#saved(transfer.id, saved.path, saved.digest);
      const run = this.#receiveRunOf(transfer, await this.#goOn(transfer));
      if (this.#disposed) return run.dispose();
      if (isFinal(this.#known(transfer.id).state)) return run.giveUp();
      this.#receiving.set(transfer.id, run);
      const now = this.#linkOf(link.peer);
      if (now !== undefined) run.start(now);
    } catch (error) {
      if (!(error instanceof FailureError)) throw error;
      if (!this.#disposed) this.#fail(transfer.id, error.failure);
    } finally {
      this.#opening.delete(transfer.id);
    }
  }

  #receiveRunOf(transfer: StoredTransfer, partial: PartialFile): ReceiveRun {
    const { id, name } = transfer;
    const run = new ReceiveRun(transfer, partial, this.#carriers, {
      onSession: (carrier, attempt, fromBytes) =>
        this.#log.info(`${name}: over ${carrier} from byte ${fromBytes}, try ${attempt}`),
      onState: (state) => this.#set(id, state),
      onSaved: (path, sha256) => {
        this.#log.info(`${name}: saved, ${run.cameAgainBytes} bytes came again`);
        this.#saved(id, path, sha256);
      },
      onOver: () => this.#receiving.delete(id),
      onFailed: (failure) => this.#fail(id, failure),
    });
    return run;
  }

  #sendRunOf(transfer: StoredTransfer): SendRun {
    const known = this.#sending.get(transfer.id);
    if (known !== undefined) return known;
    const run = new SendRun(transfer, this.#notesFolder, this.#carriers, {
      onState: (state) => this.#set(transfer.id, state),
      onFailed: (failure) => this.#fail(transfer.id, failure),
    });
    this.#sending.set(transfer.id, run);
    return run;
  }

  #onOffer(peer: Fingerprint, body: OfferBody): (() => void) | undefined {
    const wish = this.#wishes.wished(peer, body);
    const transfer = { ...offeredBy(peer, body, this.#stateOfNew(peer, body, wish !== undefined)), ...wish };
    if (!this.#store.transfers.insert(transfer)) return undefined;
    return () => {
      this.#show(transfer);
      this.#wishes.came(transfer);
      void this.#welcome(transfer, body.thumbnail);
    };
  }

  #stateOfNew(peer: Fingerprint, { sizeBytes }: OfferBody, isWished: boolean): TransferState {
    if (sizeBytes > MAX_FILE_BYTES) return { kind: 'rejected' };
    if (isWished) return { kind: 'waiting' };
    const unfinished = this.#store.transfers.unfinished(peer);
    const open = unfinished.filter(({ state }) => state.kind === 'offered').length;
    return { kind: open >= MAX_OPEN_OFFERS ? 'rejected' : 'offered' };
  }

  /** After an offer is stored: its thumbnail, and the answer where none is asked for. */
  async #welcome({ id, peer, state }: StoredTransfer, thumbnail: string | undefined): Promise<void> {
    const isWished = state.kind === 'waiting';
    if (state.kind !== 'offered')
      this.#conversations.write(peer, { kind: 'answer', transferId: id, accepted: isWished });
    if (state.kind === 'rejected') return;
    const thumbnailPath = await this.#thumbnails.keep(id, thumbnailOf(thumbnail));
    if (this.#disposed) return;
    if (thumbnailPath !== undefined) this.#update({ ...this.#known(id), thumbnailPath });
    if (isWished) this.#begin(id);
    else await this.#autoAccept.offered(peer, id);
  }

  /** What was asked for. */
  #begin(id: string): void {
    const transfer = this.#known(id);
    const link = this.#linkOf(transfer.peer);
    if (link !== undefined && !isFinal(transfer.state)) void this.#receive(transfer, link);
  }

  /** What the other side says about a transfer that both know. */
  #onWord(transfer: StoredTransfer, body: TransferWord): (() => void) | undefined {
    const state = stateAfter(transfer, body);
    if (state === undefined) return undefined;
    const changed = { ...transfer, state };
    this.#store.transfers.update(changed);
    return () => {
      if (isFinal(state)) this.#endRuns(transfer);
      this.#show(changed);
    };
  }

  #saved(id: string, path: string, sha256: string): void {
    // The next engine finds the file under its name, and says so then.
    if (this.#disposed) return;
    // Cancelled in the same moment: the file is here, and saying so is the truth.
    const transfer = { ...this.#known(id), path };
    this.#say(
      transfer,
      { kind: 'complete', transferId: id, sha256 },
      { kind: 'done', at: Date.now(), sha256 },
    );
    void PartialFile.remove(this.#partialOf(transfer));
  }

  #fail(id: string, why: Failure): void {
    if (this.#disposed) return;
    const transfer = this.#known(id);
    this.#endRuns(transfer);
    if (isFinal(transfer.state)) return;
    this.#say(transfer, { kind: 'failed', transferId: id, code: why.code }, { kind: 'failed', failure: why });
  }

  /** Says a word to the peer and changes the state, both or neither. Nothing is said to whoever is not accepted any more. */
  #say(transfer: StoredTransfer, body: EntryBody, state: TransferState): void {
    const changed = { ...transfer, state };
    if (this.#people.contact(transfer.peer)?.standing !== 'accepted') return this.#update(changed);
    this.#conversations.write(transfer.peer, body, () => {
      this.#store.transfers.update(changed);
      return () => this.#show(changed);
    });
  }

  #set(id: string, state: TransferState): void {
    const transfer = this.#known(id);
    if (isFinal(transfer.state)) return;
    this.#update({ ...transfer, state });
  }

  #update(transfer: StoredTransfer): void {
    this.#store.transfers.update(transfer);
    this.#show(transfer);
  }

  #show(transfer: StoredTransfer): void {
    this.#published.publish({ kind: 'transferChanged', transfer: shownTransfer(transfer) });
    if (isFinal(transfer.state)) void this.#autoAccept.look(transfer.peer);
  }

  #known(id: string): StoredTransfer {
    const transfer = this.#store.transfers.get(id);
    if (transfer === undefined) throw fail('transferUnknown', {});
    return transfer;
  }

  #endRuns(transfer: StoredTransfer): void {
    const { id, direction, folder, copyPath } = transfer;
    if (copyPath !== undefined) void this.#outbox.remove(id);
    const run = this.#receiving.get(id) ?? this.#sending.get(id);
    this.#receiving.delete(id);
    this.#sending.delete(id);
    if (run !== undefined) run.giveUp();
    else if (direction === 'send') void BlockNotes.remove({ notesFolder: this.#notesFolder, transferId: id });
    else if (folder !== undefined) void PartialFile.remove(this.#partialOf(transfer));
  }

  /** What an engine before has left of it. */
  async #goOn(transfer: StoredTransfer): Promise<PartialFile> {
    const partial = await PartialFile.open(this.#partialOf(transfer));
    const { contiguousBytes, readAgainBytes } = partial;
    const { name, sizeBytes } = transfer;
    this.#log.info(
      `${name}: ${contiguousBytes} of ${sizeBytes} bytes are there, ${readAgainBytes} read again`,
    );
    return partial;
  }

  #partialOf({ folder = '', name, id: transferId, sizeBytes }: StoredTransfer): PartialFileOptions {
    return { folder, name, transferId, sizeBytes, notesFolder: this.#notesFolder };
  }
}
