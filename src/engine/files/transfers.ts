// Pictures and files: what was offered, answered, cancelled and saved. The words go through the conversation as entries,
// stored by both sides; the bytes go through runs, which end and begin again with the links.

import type { Disposable } from '../../base/disposable.ts';
import type { Logger } from '../../base/logger.ts';
import type { Settings } from '../../contract/commands.ts';
import { type Failure, fail } from '../../contract/failure.ts';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import type { Abort } from '../../contract/rpc.ts';
import { isFinal, isOpenOffer, type Transfer, type TransferState } from '../../contract/transfer.ts';
import type { Carriers } from '../carriers/carriers.ts';
import type { LiveLink } from '../connections/liveLink.ts';
import type { Conversations, EntryEffects } from '../conversations/conversations.ts';
import { wallClock } from '../io/systemClock.ts';
import type { TransferFrame } from '../link/linkMessages.ts';
import type { People } from '../people/people.ts';
import type { Pictures } from '../pictures/pictures.ts';
import type { Thumbnails } from '../pictures/thumbnails.ts';
import type { StoredEntry } from '../store/entryRow.ts';
import type { Store } from '../store/store.ts';
import { guarded, guardedAsync } from '../store/storeGuard.ts';
import { type StoredTransfer, shownTransfer } from '../store/transfers.ts';
import type { Published } from '../windows/published.ts';
import { AutoAccept, isComing } from './autoAccept.ts';
import { beyondBounds, MAX_OPEN_OFFERS, mayOffer } from './offerBounds.ts';
import { asPictureAgain, MAX_FILE_BYTES, type Offer, Offers } from './offers.ts';
import { Openings } from './openings.ts';
import type { PictureCopies } from './pictureCopies.ts';
import type { ReceivedFiles } from './receivedFiles.ts';
import { Retries } from './retries.ts';
import type { SentFiles } from './sentFiles.ts';
import { TransferRuns } from './transferRuns.ts';
import { TransferStates } from './transferStates.ts';
import {
  atRest,
  isTransferWord,
  type OfferBody,
  offeredBy,
  stateAfter,
  type TransferWord,
  thumbnailOf,
} from './transferWords.ts';
import { Yeses } from './yeses.ts';

/** What my person has asked for: an offer that answers it has its yes already. */
export interface Wishes {
  wished(peer: Fingerprint, offer: OfferBody): { readonly folder: string } | undefined;
  /** It was asked for, and is not wanted any more: nobody is asked about the offer either. */
  isCalledOff(transferId: string): boolean;
  /** An offer of theirs was stored. */
  came(transfer: StoredTransfer): void;
}

export class Transfers implements EntryEffects, Disposable {
  readonly #store: Store;
  readonly #people: People;
  readonly #conversations: Conversations;
  readonly #states: TransferStates;
  readonly #offers: Offers;
  readonly #wishes: Wishes;
  readonly #thumbnails: Thumbnails;
  readonly #files: ReceivedFiles;
  readonly #settings: () => Settings;
  readonly #linkOf: (peer: Fingerprint) => LiveLink | undefined;
  readonly #log: Logger;
  readonly #autoAccept: AutoAccept;
  readonly #runs: TransferRuns;
  readonly #openings: Openings;
  readonly #yeses = new Yeses();
  readonly #retries = new Retries((id) => this.#unlessOver(id));
  /** Offers of theirs whose thumbnails are being kept, unless they are forgotten meanwhile. */
  readonly #welcoming = new Set<string>();
  /** Have failed, and the store could not take that. It is tried again with the next link. */
  readonly #unsaid = new Map<string, Failure>();
  #disposed = false;

  constructor(parts: {
    readonly store: Store;
    readonly people: People;
    readonly conversations: Conversations;
    readonly published: Published;
    readonly pictures: Pictures;
    readonly carriers: Carriers;
    readonly thumbnails: Thumbnails;
    readonly copies: PictureCopies;
    readonly files: ReceivedFiles;
    readonly sentFiles: SentFiles;
    readonly wishes: Wishes;
    readonly settings: () => Settings;
    readonly linkOf: (peer: Fingerprint) => LiveLink | undefined;
    readonly log: Logger;
  }) {
    this.#store = parts.store;
    this.#people = parts.people;
    this.#conversations = parts.conversations;
    this.#states = new TransferStates(parts, ({ id, peer }) => {
      this.#unsaid.delete(id);
      void this.#autoAccept.ended(peer, id);
    });
    this.#offers = new Offers(parts.pictures, parts.thumbnails, parts.copies, parts.sentFiles.looks);
    this.#wishes = parts.wishes;
    this.#thumbnails = parts.thumbnails;
    this.#files = parts.files;
    this.#settings = parts.settings;
    this.#linkOf = parts.linkOf;
    this.#log = parts.log;
    const events = {
      onState: (id: string, state: TransferState) => this.#states.set(id, state),
      onSaved: (id: string, path: string, sha256: string) => this.#saved(id, path, sha256),
      onFailed: (id: string, failure: Failure) => this.#fail(id, failure),
    };
    this.#runs = new TransferRuns(parts, events);
    this.#openings = new Openings({ ...parts, states: this.#states, runs: this.#runs }, events);
    this.#autoAccept = new AutoAccept(
      {
        isWanted: (peer) =>
          !this.#disposed && (this.#people.contact(peer)?.autoAccept ?? this.#settings().autoAccept),
        coming: (peer) => this.#store.transfers.unfinished(peer).filter(isComing),
        accept: (id) => this.answer(id, true),
      },
      parts.log,
    );
    for (const transfer of this.#store.transfers.unfinished()) this.#states.show(atRest(transfer));
  }

  /** `abort`: it is not to be made any more. Failures: notAccepted, offersTooMany, engineGone, and those of Offers.prepare. */
  async offer(offer: Offer, abort?: Abort): Promise<Transfer> {
    this.#conversations.expectAccepted(offer.peer);
    this.#expectRoom(offer);
    const { transfer, body } = await this.#offers.prepare(offer, abort);
    try {
      // It may have taken as long as a picture is drawn.
      if (this.#disposed) throw fail('engineGone', {});
      offer.fetched?.check();
      // Others were made meanwhile.
      this.#expectRoom(offer);
      this.#conversations.write(offer.peer, body, () => {
        if (!this.#store.transfers.insert(transfer)) throw fail('transferUnknown', {});
        return () => this.#states.show(transfer);
      });
    } catch (error) {
      await this.#offers.discard(transfer);
      throw error;
    }
    this.#runs.expect(transfer);
    return shownTransfer(transfer);
  }

  /** Answers with the offer that was made of it before, unless that one is over. Failures: transferUnknown, and those of `offer`. */
  async retry(id: string, abort?: Abort): Promise<Transfer> {
    const { direction, peer, path, name, state, ...before } = this.#states.known(id);
    if (direction !== 'send' || path === undefined || !isFinal(state)) throw fail('transferUnknown', {});
    const offer: Offer = { peer, path, name, asPicture: asPictureAgain(before) };
    return this.#retries.once(id, (own) => this.offer(offer, own), abort);
  }

  /**
   * My answer to an offer, in the place of a yes whose other folder is still being opened; a yes to the same folder ends as that
   * one does. `abort`: the offer stands. Failures: transferUnknown, and those of ReceivedFiles.open.
   */
  async answer(id: string, accept: boolean, into?: string, abort?: Abort): Promise<void> {
    const folder = into ?? this.#settings().downloadFolder;
    // Others may answer, too, while one is taken back.
    while (this.#yeses.has(id)) {
      const again = accept ? this.#yeses.sayAgain(id, folder, abort) : undefined;
      if (again !== undefined) return again;
      await this.#yeses.takeBack(id);
    }
    const transfer = this.#states.known(id);
    if (!isOpenOffer(transfer)) throw fail('transferUnknown', {});
    if (accept)
      return this.#yeses.say(id, folder, (own) => this.#openings.accept({ ...transfer, folder }, own), abort);
    this.#states.say(transfer, { kind: 'answer', transferId: id, accepted: false }, { kind: 'rejected' });
  }

  /** Nothing happens to one that is over, or where the store has no room for it. */
  cancel(id: string): void {
    const transfer = this.#states.known(id);
    if (isFinal(transfer.state)) return;
    this.#states.say(transfer, { kind: 'cancel', transferId: id }, { kind: 'cancelled', by: 'me' });
    this.#end(transfer);
  }

  forget(peer: Fingerprint, id: string): void {
    const transfer = this.#store.transfers.get(id);
    // One that still knows is somebody else's.
    if (transfer?.peer !== peer || transfer.thumbnailPath !== undefined) return;
    this.#welcoming.delete(id);
    this.#thumbnails.remove(id);
    this.#states.show(transfer);
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
    if (frame.kind === 'digest')
      this.#runs.receiving(frame.transferId)?.onDigest(frame.session, frame.sha256);
    else if (frame.kind === 'reading') this.#runs.receiving(frame.transferId)?.onReading(frame.session);
    // Whoever is ready has said yes: that word may follow, as entries wait for their turn on a new link.
    else if (transfer.direction === 'send' && !isFinal(transfer.state)) {
      this.#runs.sending(transfer).start(link, frame);
    }
  }

  onUp(link: LiveLink): void {
    for (const transfer of beyondBounds(this.#store.transfers.unfinished(link.peer))) this.#decline(transfer);
    const unfinished = this.#store.transfers.unfinished(link.peer);
    for (const transfer of unfinished) {
      const why = this.#unsaid.get(transfer.id);
      if (why !== undefined) this.#fail(transfer.id, why);
      else if (transfer.direction === 'receive' && transfer.state.kind !== 'offered')
        void this.#openings.goOn(transfer, link);
    }
    void this.#autoAccept.resume(link.peer, unfinished.filter(isOpenOffer));
  }

  onDown(peer: Fingerprint): void {
    for (const { id } of this.#store.transfers.unfinished(peer)) {
      this.#runs.pause(id);
    }
  }

  dispose(): void {
    this.#disposed = true;
    this.#openings.dispose();
    this.#runs.dispose();
  }

  /** For one more that waits for an answer; what they have asked for waits for none. */
  #expectRoom({ peer, fetched }: Offer): void {
    if (fetched === undefined && !mayOffer(this.#store.transfers.unfinished(peer)))
      throw fail('offersTooMany', { name: this.#people.nameOf(peer), limit: MAX_OPEN_OFFERS });
  }

  #unlessOver(id: string): Transfer | undefined {
    const transfer = this.#store.transfers.get(id);
    return transfer === undefined || isFinal(transfer.state) ? undefined : shownTransfer(transfer);
  }

  #onOffer(peer: Fingerprint, body: OfferBody): (() => void) | undefined {
    const wish = this.#wishes.wished(peer, body);
    const isWished = wish !== undefined && body.sizeBytes <= MAX_FILE_BYTES;
    const transfer = { ...offeredBy(peer, body, { kind: isWished ? 'waiting' : 'offered' }), ...wish };
    if (!this.#store.transfers.insert(transfer)) return undefined;
    // By what is open now: more may be stored together with it.
    const isBeyond = beyondBounds(this.#store.transfers.unfinished(peer)).some(
      ({ id }) => id === transfer.id,
    );
    return () => {
      const isUnwanted = isBeyond || this.#wishes.isCalledOff(transfer.id);
      if (isUnwanted) this.#decline(transfer);
      else this.#states.show(transfer);
      this.#wishes.came(this.#states.known(transfer.id));
      if (isUnwanted) return;
      this.#runs.expect(transfer);
      void guardedAsync(this.#log, () => this.#welcome(transfer, body.thumbnail));
    };
  }

  /** Without asking. Where its word was not stored, it stands as offered; one beyond the bounds is declined with the next link. */
  #decline(transfer: StoredTransfer): void {
    const no = { kind: 'answer', transferId: transfer.id, accepted: false } as const;
    guarded(
      this.#log,
      () => this.#states.say(transfer, no, { kind: 'rejected' }),
      () => this.#states.show(transfer),
    );
  }

  /** After an offer is stored: its thumbnail, and the answer where none is asked for. */
  async #welcome({ id, peer, state }: StoredTransfer, thumbnail: string | undefined): Promise<void> {
    const isWished = state.kind === 'waiting';
    if (isWished) this.#conversations.write(peer, { kind: 'answer', transferId: id, accepted: true });
    this.#welcoming.add(id);
    const thumbnailPath = await this.#thumbnails.keep(id, thumbnailOf(thumbnail));
    if (!this.#welcoming.delete(id)) return this.#thumbnails.remove(id);
    if (this.#disposed) return;
    if (thumbnailPath !== undefined) this.#states.update({ ...this.#states.known(id), thumbnailPath });
    const [transfer, link] = [this.#states.known(id), this.#linkOf(peer)];
    if (isFinal(transfer.state)) return;
    if (!isWished) return this.#autoAccept.offered(peer, transfer);
    if (link !== undefined) void this.#openings.goOn(transfer, link);
  }

  /** What the other side says about a transfer that both know. */
  #onWord(transfer: StoredTransfer, body: TransferWord): (() => void) | undefined {
    const state = stateAfter(transfer, body, wallClock.now());
    if (state === undefined) return undefined;
    const changed = { ...transfer, state };
    this.#store.transfers.update(changed);
    return () => {
      if (isFinal(state)) this.#end(transfer);
      this.#states.show(changed);
    };
  }

  #end(transfer: StoredTransfer): void {
    void this.#yeses.takeBack(transfer.id);
    this.#runs.end(transfer);
  }

  #saved(id: string, path: string, sha256: string): void {
    // The next engine finds the file under its name, and says so then.
    if (this.#disposed) return;
    // Cancelled in the same moment: the file is here, and saying so is the truth.
    guarded(
      this.#log,
      () => {
        const transfer = this.#files.shown(this.#states.known(id), path);
        const done = { kind: 'done', at: wallClock.now(), sha256 } as const;
        this.#states.say(transfer, { kind: 'complete', transferId: id, sha256 }, done);
        void this.#files.remove(transfer);
      },
      () => this.#waitToSaySaved(id),
    );
  }

  /** With the next link it is found under its name, and said then. */
  #waitToSaySaved(id: string): void {
    this.#runs.letGo(id);
    this.#states.set(id, { kind: 'waiting' });
  }

  #fail(id: string, why: Failure): void {
    if (this.#disposed) return;
    guarded(
      this.#log,
      () => {
        const transfer = this.#states.known(id);
        this.#runs.end(transfer);
        if (!isFinal(transfer.state)) this.#sayFailed(transfer, why);
      },
      () => {
        this.#unsaid.set(id, why);
        this.#states.set(id, { kind: 'waiting' });
      },
    );
  }

  #sayFailed(transfer: StoredTransfer, why: Failure): void {
    const word = { kind: 'failed', transferId: transfer.id, code: why.code } as const;
    this.#states.say(transfer, word, { kind: 'failed', failure: why });
  }
}
