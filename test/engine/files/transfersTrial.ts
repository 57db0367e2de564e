// Transfers between a real store, a real disk and a carrier that only writes down what it is to do.

import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { fail } from '../../../src/contract/failure.ts';
import type { Carrier, Destination, ReceivingEvents } from '../../../src/engine/carriers/carrier.ts';
import { Carriers } from '../../../src/engine/carriers/carriers.ts';
import type { LiveLink } from '../../../src/engine/connections/liveLink.ts';
import { Conversations } from '../../../src/engine/conversations/conversations.ts';
import { PictureCopies } from '../../../src/engine/files/pictureCopies.ts';
import { ReceivedFiles } from '../../../src/engine/files/receivedFiles.ts';
import { SentFiles } from '../../../src/engine/files/sentFiles.ts';
import { Transfers } from '../../../src/engine/files/transfers.ts';
import type { OfferBody } from '../../../src/engine/files/transferWords.ts';
import { DiskThreads } from '../../../src/engine/io/diskThreads.ts';
import { alwaysQuiet } from '../../../src/engine/io/quiet.ts';
import type { LinkIn } from '../../../src/engine/link/linkMessages.ts';
import { People } from '../../../src/engine/people/people.ts';
import { Pictures } from '../../../src/engine/pictures/pictures.ts';
import { Thumbnails } from '../../../src/engine/pictures/thumbnails.ts';
import type { Store } from '../../../src/engine/store/store.ts';
import type { Published } from '../../../src/engine/windows/published.ts';
import { ShownMessages } from '../../../src/engine/windows/shownMessages.ts';
import type { EntryBody } from '../../../src/wire/linkFrames.ts';
import { newPublished } from '../../support/newPublished.ts';
import { QUIET_OUTLET } from '../../support/quietOutlet.ts';
import { ALI, id, StoreFile, theirs } from '../store/support.ts';

export const FULL = fail('diskFull', { path: 'the store' });

export interface ToldSession {
  readonly name: string;
  readonly destination: Destination;
  readonly events: ReceivingEvents;
}

export const offerOf = (transferId: string, more: Partial<OfferBody> = {}): OfferBody => ({
  ...{ kind: 'offer', transferId, name: 'a.bin', mediaType: 'x/y', sizeBytes: 10, ...more },
});

export class TransfersTrial implements Disposable {
  readonly folder: string;
  readonly received: string;
  readonly link = {
    peer: ALI,
    channel: { secret: Buffer.alloc(32), remoteHost: '127.0.0.1' },
    hello: { capabilities: [] },
    handle: (_input: LinkIn) => undefined,
  } as unknown as LiveLink;
  isFull = false;
  isLinked = true;
  autoAccept = false;
  /** Whatever is offered was asked for. */
  wish: { readonly folder: string } | undefined;
  /** Offers, as whoever has asked for them heard of them. */
  came: [string, string][] = [];
  /** The id of an offer that was asked for, and is not wanted any more. */
  calledOff: string | undefined;
  /** Warnings of the log. */
  told: string[] = [];
  sessions: ToldSession[] = [];
  /** Names of the sessions in which something was to be sent. */
  sent: string[] = [];
  /** Names of the sessions that were begun and have not ended. */
  readonly open = new Set<string>();
  /** How often a session was told that the sender's disk is slow. */
  waits = 0;
  /** How often a session over UDP was expected. */
  expected = 0;
  store!: Store;
  published!: Published;
  conversations!: Conversations;
  transfers!: Transfers;
  readonly #file = new StoreFile();
  readonly #pictures = new Pictures();
  #number = 0;

  constructor(folder: string) {
    this.folder = folder;
    this.received = path.join(folder, 'received');
    this.#start();
  }

  startAgain(): void {
    this.transfers.dispose();
    this.store.dispose();
    this.#start();
  }

  [Symbol.dispose](): void {
    this.transfers.dispose();
    this.#pictures.dispose();
    this.#file.remove();
  }

  hear(...bodies: EntryBody[]): void {
    const entries = bodies.map((body) => {
      this.#number += 1;
      return theirs(this.#number, body);
    });
    this.conversations.take(ALI, entries);
  }

  async accepted(): Promise<ToldSession> {
    this.hear(offerOf(id(7)));
    await this.transfers.answer(id(7), true);
    const session = this.sessions.at(-1);
    assert.ok(session);
    return session;
  }

  said(): EntryBody[] {
    return this.store.entries.mineAfter(ALI, 0, 1_000).map(({ body }) => body);
  }

  stateOf(transferId: string): string | undefined {
    return this.store.transfers.get(transferId)?.state.kind;
  }

  shownStateOf(transferId: string): string | undefined {
    return this.published.state.transfers[transferId]?.state.kind;
  }

  async halves(): Promise<string[]> {
    return (await readdir(this.received)).filter((each) => /part$/.test(each));
  }

  /** As when the engine starts. */
  #start(): void {
    this.told = [];
    this.sessions = [];
    this.expected = 0;
    this.store = this.#file.open();
    this.#fillUp(this.store);
    this.published = newPublished();
    const clock = { now: () => 5_000 };
    const { folder, store, published } = this;
    const people = new People(store, published, clock);
    people.learn(ALI, { standing: 'accepted' });
    const messages = new ShownMessages(store, published);
    this.conversations = new Conversations(store, people, published, messages, clock);
    const log = { debug() {}, info() {}, warn: (text: string) => void this.told.push(text), error() {} };
    this.transfers = new Transfers({
      ...{ store, people, conversations: this.conversations, published, log },
      pictures: this.#pictures,
      carriers: new Carriers({
        udp: { ...this.#carrier, expect: () => void this.expected++ },
        tls: this.#carrier,
      }),
      thumbnails: new Thumbnails(folder, log),
      copies: new PictureCopies(folder),
      files: new ReceivedFiles(path.join(folder, 'notes'), log, alwaysQuiet, new DiskThreads()),
      sentFiles: new SentFiles(path.join(folder, 'notes'), alwaysQuiet, new DiskThreads()),
      wishes: {
        wished: () => this.wish,
        isCalledOff: (each) => each === this.calledOff,
        came: ({ id: each, state }) => void this.came.push([each, state.kind]),
      },
      settings: () => ({ downloadFolder: this.received, autoAccept: this.autoAccept }),
      linkOf: () => (this.isLinked ? this.link : undefined),
    });
    this.conversations.connect(this.transfers, QUIET_OUTLET);
  }

  /** From now on nothing can be written while `isFull`. */
  #fillUp(full: Store): void {
    const transaction = full.transaction.bind(full);
    const transactionUnsynced = full.transactionUnsynced.bind(full);
    const update = full.transfers.update.bind(full.transfers);
    const refuse = () => {
      if (this.isFull) throw FULL;
    };
    full.transaction = (work) => {
      refuse();
      return transaction(work);
    };
    full.transactionUnsynced = (work) => {
      refuse();
      return transactionUnsynced(work);
    };
    full.transfers.update = (transfer) => {
      refuse();
      return update(transfer);
    };
  }

  readonly #carrier: Carrier = {
    send: ({ session }) => {
      this.sent.push(session);
      return { ended: Promise.resolve({ piecesAgainBytes: 0, blocks: [] }), ...this.#openUntilOver(session) };
    },
    receive: ({ session: name }, _missing, destination, events) => {
      this.sessions.push({ name, destination, events });
      const hearReading = () => void this.waits++;
      return { ended: Promise.resolve(0), hearReading, ...this.#openUntilOver(name) };
    },
  };

  #openUntilOver(session: string): { dispose(): void } {
    this.open.add(session);
    return { dispose: () => void this.open.delete(session) };
  }
}
