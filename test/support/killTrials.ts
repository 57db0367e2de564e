// Two people whose engines are processes, and files between them that are interrupted at any point: for test/edge and bench.

import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { CarrierKind, Transfer } from '../../src/contract/transfer.ts';
import type { FoundRecord, SavedRecord, SentRecord } from '../../src/engine/files/transferRecords.ts';
import { asPicture } from './asPicture.ts';
import { Town } from './engines.ts';
import { freePort } from './freePort.ts';
import { HeadlessEngine, type Surroundings } from './headlessEngine.ts';
import { randomBytesOf } from './randomBytes.ts';
import type { RoadOrder } from './roadSwitch.ts';
import { seededRandom } from './seededRandom.ts';
import { SentWitnesses } from './sentWitnesses.ts';
import { foundBy, recordOf } from './transferSaid.ts';

const BLOCK_BYTES = 65_536;
const NOTES_HEADER_BYTES = 512;
const NOTE_BYTES = 32;
const PATIENCE_MS = 60_000;
/** What is logged comes so late at most, once the transfer is over. */
const LAST_RECORD_MS = 500;
/** The end of a transfer takes about so long. */
const LAST_WORDS_MS = 15;

export const INTERRUPTIONS = ['sender killed', 'receiver killed', 'link cut', 'path cut'] as const;
export type Interruption =
  | (typeof INTERRUPTIONS)[number]
  | 'sender stopped'
  | 'receiver stopped'
  | 'sender asleep'
  | 'receiver asleep';

export interface Trial {
  readonly interruption: Interruption;
  /** Of the file's bytes, and of the point. */
  readonly seed: number;
  readonly sizeBytes: number;
  /** What the file takes first; datagrams, where nothing else is said. */
  readonly carrier?: CarrierKind;
  /** Not at a random point but a few ms after the last block has come: while the file is synced, named and spoken of. */
  readonly atTheEnd?: boolean;
  /** Whatever is killed comes back at another port; else where it was. */
  readonly moves?: boolean;
  /** One of 13 datagrams is lost, so that there are gaps. */
  readonly isLossy?: boolean;
  /** Of a cut path: neither carrier leads anywhere, and the link is up. */
  readonly cutMs?: number;
}

/** What the engines say in their logs of what they did twice (src/engine/files/transferRecords.ts), in bytes. */
export interface Again {
  /** Of the sender's engines that had not been killed; undefined where there was nothing left to do after a kill. */
  readonly sent: Pick<SentRecord, 'piecesAgainBytes' | 'blocksAgainBytes' | 'readAgainBytes'> | undefined;
  /** Of the receiver's engines that had not been killed. */
  readonly received: Pick<FoundRecord, 'readAgainBytes'> &
    Pick<SavedRecord, 'cameAgainBytes' | 'unfinishedBytes'>;
}

export interface Outcome extends Again {
  /**
   * Bytes of blocks of which anything had left a process of the sender and left again in a later session, killed processes included:
   * by a witness in each, which is a burst late at most. Undefined without witnesses.
   */
  readonly witnessedAgainBytes: number | undefined;
  /** Of the file, on the receiver's disk when it happened. */
  readonly pointBytes: number;
  /** Taken from the sender when the receiver was killed, and on no disk yet: gone with the process. */
  readonly unwrittenBytes: number;
  /** On the disk without a gap when the receiver was killed, and not counted as there by the next engine. */
  readonly lostBytes: number;
  readonly ms: number;
}

export interface Passed {
  readonly digest: string;
  readonly bytesPerSecond: number;
  readonly peakBytes: readonly number[];
}

interface OnDisk {
  readonly written: number;
  readonly unwritten: number;
}

export class KillTrials {
  readonly #town: Town;
  readonly #witnesses: SentWitnesses | undefined;
  #sender: HeadlessEngine;
  #receiver: HeadlessEngine;

  private constructor(
    town: Town,
    witnesses: SentWitnesses | undefined,
    sender: HeadlessEngine,
    receiver: HeadlessEngine,
  ) {
    this.#town = town;
    this.#witnesses = witnesses;
    this.#sender = sender;
    this.#receiver = receiver;
  }

  static open(): Promise<KillTrials> {
    return KillTrials.#open(undefined);
  }

  /** The sender's processes write to a file for each block: not for measuring speed. */
  static async openWitnessed(): Promise<KillTrials> {
    return KillTrials.#open('witnesses');
  }

  static async #open(witnessFolder: string | undefined): Promise<KillTrials> {
    const town = await Town.open();
    const folder = witnessFolder === undefined ? undefined : path.join(town.folder, witnessFolder);
    const witnesses = folder === undefined ? undefined : await SentWitnesses.open(folder);
    const [sender, receiver] = await Promise.all([
      startEngine(town, 'sara', witnesses?.next()),
      startEngine(town, 'bob'),
    ]);
    const trials = new KillTrials(town, witnesses, sender, receiver);
    await trials.#sender.window.befriend(trials.#receiver.window);
    return trials;
  }

  async close(): Promise<void> {
    await Promise.all([this.#sender.stop(), this.#receiver.stop()]);
    await this.#town.close();
  }

  /** A place for files to be sent, gone with everything else. */
  get folder(): string {
    return this.#town.folder;
  }

  /** Rejects when the file does not arrive, or not as it was, or when something is left behind. */
  async run(trial: Trial): Promise<Outcome> {
    const start = performance.now();
    const random = seededRandom(trial.seed);
    const noise = randomBytesOf(random, trial.sizeBytes);
    const bytes = trial.carrier === 'tls' ? noise : asPicture(noise);
    const name = `${trial.interruption} ${trial.seed}.bin`;
    const source = path.join(this.#town.folder, name);
    await writeFile(source, bytes);
    if (trial.isLossy) this.#sender.tell('loseSome');
    const sentBefore = await this.#witnesses?.blocks();
    const id = await this.#begin(source);
    const before = { sender: this.#sender, receiver: this.#receiver };
    const share = random();
    const point = trial.atTheEnd ? trial.sizeBytes : share * trial.sizeBytes;
    const pointBytes = await this.#reached(id, point, trial.sizeBytes);
    if (trial.atTheEnd) await new Promise((resolve) => setTimeout(resolve, share * LAST_WORDS_MS));
    const onDisk = await this.#interrupt(trial, id, bytes);
    const { unwritten, written } = onDisk ?? { unwritten: 0, written: 0 };
    await this.#arrived(id, bytes);
    const ms = performance.now() - start;
    if (trial.isLossy) this.#sender.tell('passDatagrams');
    await rm(source);
    const found = foundBy(this.#receiver, id);
    return {
      pointBytes,
      unwrittenBytes: unwritten,
      lostBytes: Math.max(0, written - (found?.thereBytes ?? written)),
      sent: await this.#sent(id, before.sender),
      witnessedAgainBytes: await this.#witnessedAgain(sentBefore, trial.sizeBytes),
      received: await this.#received(id, before.receiver),
      ms,
    };
  }

  /** One that was there from the start has something to say; one that came back may have found all done. */
  async #sent(id: string, before: HeadlessEngine): Promise<Again['sent']> {
    const isBack = before !== this.#sender;
    const said = await recordOf('sent', this.#sender, id, isBack ? LAST_RECORD_MS : PATIENCE_MS);
    if (said !== undefined || isBack) return said;
    throw new Error('the sender has not said what it sent again');
  }

  /** What is more than each block once. Of the last burst before a kill some may not have been seen. */
  async #witnessedAgain(sentBefore: number | undefined, sizeBytes: number): Promise<number | undefined> {
    const sent = await this.#witnesses?.blocks();
    if (sent === undefined || sentBefore === undefined) return undefined;
    return BLOCK_BYTES * Math.max(0, sent - sentBefore - Math.ceil(sizeBytes / BLOCK_BYTES));
  }

  /** The same; what finds the file whole and under its name says nothing, and nothing came. */
  async #received(id: string, before: HeadlessEngine): Promise<Again['received']> {
    const isBack = before !== this.#receiver;
    const found = foundBy(this.#receiver, id);
    const mustSay = !isBack || found !== undefined;
    const saved = mustSay ? await recordOf('saved', this.#receiver, id, PATIENCE_MS) : undefined;
    if (mustSay && saved === undefined) throw new Error('the receiver has not said what came again');
    return {
      cameAgainBytes: saved?.cameAgainBytes ?? 0,
      unfinishedBytes: saved?.unfinishedBytes ?? 0,
      readAgainBytes: found?.readAgainBytes ?? 0,
    };
  }

  /** As it is, uninterrupted: bytes per second, and what both engines took for it, the sender first. */
  async pass(source: string, patienceMs: number): Promise<Passed> {
    const { size } = await stat(source);
    const start = performance.now();
    const id = await this.#begin(source);
    const { path: place = '', state } = await this.#receiver.window.transfer(id, 'done', patienceMs);
    const bytesPerSecond = (1_000 * size) / (performance.now() - start);
    assert.equal((await stat(place)).size, size);
    await rm(place);
    const peakBytes = await Promise.all([this.#sender, this.#receiver].map((engine) => engine.peakMemory()));
    return { digest: state.kind === 'done' ? state.sha256 : '', bytesPerSecond, peakBytes };
  }

  /** Offered and accepted, once: nobody answers a second time. */
  async #begin(source: string): Promise<string> {
    const peer = this.#receiver.window.state.me.fingerprint;
    const offer = { peer, path: source, asPicture: false };
    const { id } = await this.#sender.window.request('offerFile', offer);
    await this.#receiver.window.transfer(id, 'offered');
    await this.#receiver.window.request('answerTransfer', { id, accept: true });
    return id;
  }

  /** Until the receiver has noted so many bytes; how many it had, all of them where it was quicker than this. */
  async #reached(id: string, point: number, sizeBytes: number): Promise<number> {
    const notes = this.#notesAt('bob', id);
    for (const deadline = performance.now() + PATIENCE_MS; performance.now() < deadline; ) {
      const size = await stat(notes).then(
        ({ size }) => size,
        () => undefined,
      );
      if (size === undefined) return sizeBytes;
      const noted = ((size - NOTES_HEADER_BYTES) / NOTE_BYTES) * BLOCK_BYTES;
      if (noted >= point) return Math.min(noted, sizeBytes);
    }
    throw new Error(`the receiver never got to ${point} bytes`);
  }

  /** What the receiver had, where it was killed. */
  async #interrupt(trial: Trial, id: string, bytes: Buffer): Promise<OnDisk | undefined> {
    switch (trial.interruption) {
      case 'sender killed':
        await this.#sender.kill();
        this.#sender = await startEngine(this.#town, 'sara', this.#witnesses?.next(), trial.moves);
        return undefined;
      case 'receiver killed': {
        await this.#receiver.kill();
        const onDisk = await this.#onDisk(id, bytes);
        this.#receiver = await startEngine(this.#town, 'bob', {}, trial.moves);
        return onDisk;
      }
      case 'link cut':
        this.#receiver.tell('cutConnections');
        return undefined;
      case 'path cut':
        await this.#cutPath(trial.cutMs ?? 1_000);
        return undefined;
      case 'sender stopped':
        await this.#sender.stop();
        this.#sender = await startEngine(this.#town, 'sara', this.#witnesses?.next(), trial.moves);
        return undefined;
      case 'receiver stopped': {
        await this.#receiver.stop();
        const onDisk = await this.#onDisk(id, bytes);
        this.#receiver = await startEngine(this.#town, 'bob', {}, trial.moves);
        return onDisk;
      }
      case 'sender asleep':
        this.#sender.tell('sleep');
        return undefined;
      case 'receiver asleep':
        this.#receiver.tell('sleep');
        return undefined;
    }
  }

  async #cutPath(cutMs: number): Promise<void> {
    const tellBoth = (...orders: RoadOrder[]) => {
      for (const engine of [this.#sender, this.#receiver]) for (const order of orders) engine.tell(order);
    };
    tellBoth('loseDatagrams', 'cutBulk');
    await new Promise((resolve) => setTimeout(resolve, cutMs));
    tellBoth('passDatagrams', 'passBulk');
  }

  /** Without a gap. */
  async #onDisk(id: string, bytes: Buffer): Promise<OnDisk> {
    const names = await readdir(this.#downloads);
    const half = names.find((name) => name.endsWith(`.${id}.part`));
    if (half === undefined) return { written: 0, unwritten: 0 };
    const there = await readFile(path.join(this.#downloads, half));
    let written = 0;
    while (written < there.length && blockAt(there, written).equals(blockAt(bytes, written)))
      written += BLOCK_BYTES;
    const { size } = await stat(this.#notesAt('bob', id));
    const noted = ((size - NOTES_HEADER_BYTES) / NOTE_BYTES) * BLOCK_BYTES;
    return { written: Math.min(written, bytes.length), unwritten: Math.max(0, noted - written) };
  }

  async #arrived(id: string, bytes: Buffer): Promise<void> {
    const { path: place = '' } = await done(this.#receiver, id);
    await done(this.#sender, id);
    assert.ok((await readFile(place)).equals(bytes), 'the bytes are the same');
    assert.deepEqual(await readdir(this.#downloads), [path.basename(place)], 'nothing else is left');
    await rm(place);
    await this.#emptied('sara');
    await this.#emptied('bob');
  }

  /** Notes go right after the word is stored. */
  async #emptied(name: string): Promise<void> {
    const folder = path.join(this.#dataOf(name), 'blocks');
    for (const deadline = performance.now() + 5_000; (await readdir(folder)).length > 0; )
      assert.ok(performance.now() < deadline, 'notes are left');
  }

  get #downloads(): string {
    return path.join(this.#town.folder, 'bob received');
  }

  #notesAt(name: string, id: string): string {
    return path.join(this.#dataOf(name), 'blocks', `${id}.blocks`);
  }

  #dataOf(name: string): string {
    return path.join(this.#town.folder, name);
  }
}

async function startEngine(
  town: Town,
  name: string,
  surroundings: Surroundings = {},
  moves = false,
): Promise<HeadlessEngine> {
  const folder = path.join(town.folder, name);
  await mkdir(folder, { recursive: true });
  return HeadlessEngine.startWith(
    surroundings,
    folder,
    ...[
      '--name',
      name,
      '--registry',
      town.registryUrl,
      '--downloads',
      path.join(town.folder, `${name} received`),
    ],
    ...['--log-format', 'json'],
    ...(moves ? ['--port', String(await freePort())] : []),
  );
}

/** An engine that has started since does not show what was over by then: history does. */
async function done({ window }: HeadlessEngine, id: string): Promise<Transfer> {
  for (const peer of Object.values(window.state.peers)) {
    const { transfers } = await window.request('history', { peer: peer.fingerprint, limit: 500 });
    const known = transfers.find((transfer) => transfer.id === id);
    if (known?.state.kind === 'done') return known;
  }
  return window.transfer(id, 'done', PATIENCE_MS);
}

function blockAt(bytes: Buffer, at: number): Buffer {
  return bytes.subarray(at, at + BLOCK_BYTES);
}
