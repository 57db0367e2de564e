// Two people whose engines are processes, who write to each other while links are cut, engines are killed, frozen and started
// again, and clocks are set, all at random: for test/edge and bench. The oracle judges what came of it.

import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Fingerprint } from '../../../src/contract/fingerprint.ts';
import type { History } from '../../../src/contract/state.ts';
import { Town } from '../engines.ts';
import { HeadlessEngine } from '../headlessEngine.ts';
import { seededRandom } from '../seededRandom.ts';
import type { TestWindow } from '../testWindow.ts';
import { problemsOf, Side } from './chatOracle.ts';
import { storedRows } from './storedRows.ts';
import { momentNow, TESTIMONY_FILE, testimonyIn } from './testimony.ts';

const TELL_ALL = new URL('./tellAll.ts', import.meta.url).href;
/** Texts that one person has asked for at once. */
const MOST_AT_ONCE = 24;
const LONGEST_TEXT = 400;
const PAGE = 100;
const LONGEST_PAUSE_MS = 250;
const LONGEST_NAP_MS = 1_500;
/** Clocks are set by up to so much, both ways. */
const CLOCK_MS = 2 * 86_400_000;
/** Until both have everything in the end. */
const PATIENCE_MS = 60_000;

const MISHAPS = ['killed', 'stopped', 'link cut', 'clock set', 'asleep'] as const;
type Mishap = (typeof MISHAPS)[number];

export interface SoakOptions {
  readonly seed: number;
  /** Of both people together. */
  readonly messages: number;
  readonly mishaps: number;
}

export interface SoakOutcome {
  readonly seed: number;
  readonly stored: number;
  readonly unconfirmed: number;
  /** What windows were told, and was judged. */
  readonly claims: number;
  readonly mishaps: Readonly<Record<Mishap, number>>;
  readonly ms: number;
  readonly problems: readonly string[];
}

export async function soakChat(options: SoakOptions): Promise<SoakOutcome> {
  const start = performance.now();
  const soak = await ChatSoak.open(options);
  try {
    await soak.run();
    return { ...(await soak.judge()), ms: performance.now() - start };
  } finally {
    await soak.close();
  }
}

class Writer {
  readonly side: Side;
  readonly folder: string;
  readonly #town: Town;
  #engine: Promise<HeadlessEngine>;
  #peer: Fingerprint | undefined;

  constructor(town: Town, name: string) {
    this.#town = town;
    this.side = new Side(name);
    this.folder = path.join(town.folder, name);
    this.#engine = this.#start();
  }

  /** The one that runs, or the next one. */
  get engine(): Promise<HeadlessEngine> {
    return this.#engine;
  }

  async befriend(other: Writer): Promise<void> {
    const [mine, theirs] = await Promise.all([this.engine, other.engine]);
    const { peer } = await mine.window.request('lookUp', { name: other.side.name });
    const me = mine.window.state.me.fingerprint;
    const connected = mine.window.request('connect', { peer });
    await theirs.window.peer(me, ({ link }) => link === 'asking');
    await theirs.window.request('answerConnection', { peer: me, accept: true });
    await connected;
    this.#peer = peer;
    other.#peer = me;
  }

  /** So many texts at once, and how many were confirmed; the others may be there or not. */
  async write(texts: readonly string[]): Promise<number> {
    const { window } = await this.#engine;
    const { peer } = this;
    const asked = texts.map((text) => {
      const attempt: (typeof this.side.attempts)[number] = { text };
      this.side.attempts.push(attempt);
      return window.request('sendText', { peer, text }).then(({ number }) => {
        attempt.number = number;
        attempt.answeredAt = momentNow();
      });
    });
    const outcomes = await Promise.allSettled(asked);
    return outcomes.filter(({ status }) => status === 'fulfilled').length;
  }

  /** Says that a window has shown all that it was told of. */
  async look(): Promise<void> {
    const { window } = await this.#engine;
    const { peer } = this;
    const upTo = await newestOfTheirs(window, peer).catch(() => 0);
    if (upTo === 0) return;
    this.side.looked.push({ upTo, at: momentNow() });
    await window.request('markRead', { peer, upTo }).catch(() => undefined);
  }

  async restart(how: 'kill' | 'stop', pauseMs: number): Promise<void> {
    const before = await this.#engine;
    this.#engine = before[how]().then(async () => {
      await sleep(pauseMs);
      return this.#start();
    });
    await this.#engine;
  }

  /** Until all is delivered and read, here. */
  async settled(): Promise<void> {
    const { window } = await this.#engine;
    const number = (await window.messages(this.peer)).findLast(({ from }) => from === 'me')?.number ?? 0;
    await window.until(({ peers }) => peers[this.peer]?.undelivered === 0, PATIENCE_MS);
    await window.until(({ peers }) => (peers[this.peer]?.receipts.read ?? 0) >= number, PATIENCE_MS);
  }

  async finish(): Promise<void> {
    await (await this.#engine).stop();
    this.side.testimonies = testimonyIn(this.#testimony);
    this.side.rows = storedRows(path.join(this.folder, 'hamta.db'));
  }

  async end(): Promise<void> {
    await (await this.#engine).stop();
  }

  get peer(): Fingerprint {
    if (this.#peer === undefined) throw new Error(`${this.side.name} knows nobody`);
    return this.#peer;
  }

  get #testimony(): string {
    return path.join(this.#town.folder, `${this.side.name} testimony`);
  }

  async #start(): Promise<HeadlessEngine> {
    await mkdir(this.folder, { recursive: true });
    const signUp = ['--name', this.side.name, '--registry', this.#town.registryUrl];
    const surroundings = { preloads: [TELL_ALL], env: { [TESTIMONY_FILE]: this.#testimony } };
    return HeadlessEngine.startWith(surroundings, this.folder, ...signUp);
  }
}

class ChatSoak {
  readonly #options: SoakOptions;
  readonly #town: Town;
  readonly #writers: readonly [Writer, Writer];
  readonly #random: () => number;
  readonly #happened: Record<Mishap, number> = {
    killed: 0,
    stopped: 0,
    'link cut': 0,
    'clock set': 0,
    asleep: 0,
  };
  #texts = 0;
  /** And confirmed, by both. */
  #written = 0;

  private constructor(options: SoakOptions, town: Town) {
    this.#options = options;
    this.#town = town;
    this.#random = seededRandom(options.seed);
    this.#writers = [new Writer(town, 'sara'), new Writer(town, 'bob')];
  }

  static async open(options: SoakOptions): Promise<ChatSoak> {
    const soak = new ChatSoak(options, await Town.open());
    const [sara, bob] = soak.#writers;
    await sara.befriend(bob);
    return soak;
  }

  /** Both write, each at their own pace, while one mishap after the other happens as the messages grow in number. */
  async run(): Promise<void> {
    const [sara, bob] = this.#writers;
    const half = this.#options.messages / 2;
    await Promise.all([this.#talk(sara, half), this.#talk(bob, half), this.#meddle()]);
    for (const writer of this.#writers) await setClock(writer, 0);
    await Promise.all(this.#writers.map((writer) => this.#readUntilSettled(writer)));
  }

  async judge(): Promise<Omit<SoakOutcome, 'ms'>> {
    await Promise.all(this.#writers.map((writer) => writer.finish()));
    const [one, other] = this.#writers.map(({ side }) => side) as [Side, Side];
    const attempts = [...one.attempts, ...other.attempts];
    const told = [...one.testimonies, ...other.testimonies];
    return {
      seed: this.#options.seed,
      stored: one.rows.length,
      unconfirmed: attempts.filter(({ number }) => number === undefined).length,
      claims: told.filter(({ kind }) => kind === 'shown' || kind === 'receipts').length,
      mishaps: this.#happened,
      problems: problemsOf(one, other),
    };
  }

  async close(): Promise<void> {
    await Promise.all(this.#writers.map((writer) => writer.end()));
    await this.#town.close();
  }

  async #talk(writer: Writer, count: number): Promise<void> {
    for (let written = 0; written < count; ) {
      const some = Math.min(count - written, 1 + Math.floor(MOST_AT_ONCE * this.#random()));
      const confirmed = await writer.write(Array.from({ length: some }, () => this.#text(writer)));
      written += confirmed;
      this.#written += confirmed;
      if (this.#random() < 0.3) await writer.look();
    }
  }

  async #meddle(): Promise<void> {
    const { messages, mishaps } = this.#options;
    for (let i = 1; i <= mishaps; i++) {
      await this.#until((messages * i) / (mishaps + 1));
      const writer = this.#writers[this.#random() < 0.5 ? 0 : 1];
      await this.#happen(MISHAPS[Math.floor(MISHAPS.length * this.#random())] ?? 'killed', writer);
    }
  }

  /** The talk goes on meanwhile. */
  async #until(written: number): Promise<void> {
    while (this.#written < written) await sleep(1);
  }

  async #happen(mishap: Mishap, writer: Writer): Promise<void> {
    this.#happened[mishap]++;
    switch (mishap) {
      case 'killed':
        return writer.restart('kill', LONGEST_PAUSE_MS * this.#random());
      case 'stopped':
        return writer.restart('stop', LONGEST_PAUSE_MS * this.#random());
      case 'link cut':
        return (await writer.engine).tell('cutConnections');
      case 'clock set':
        return setClock(writer, CLOCK_MS * (2 * this.#random() - 1));
      case 'asleep': {
        const engine = await writer.engine;
        engine.freeze();
        await sleep(LONGEST_NAP_MS * this.#random());
        return engine.goOn();
      }
    }
  }

  async #readUntilSettled(writer: Writer): Promise<void> {
    let isSettled = false;
    const settled = writer.settled().then(() => {
      isSettled = true;
    });
    for (const other of this.#writers.filter((each) => each !== writer))
      while (!isSettled) await Promise.race([settled, other.look().then(() => sleep(50))]);
    await settled;
  }

  #text({ side }: Writer): string {
    return `${side.name} ${++this.#texts} ${'x'.repeat(LONGEST_TEXT * this.#random())}`;
  }
}

/** The number of the peer's last message; 0 where there is none. */
async function newestOfTheirs(window: TestWindow, peer: Fingerprint): Promise<number> {
  for (let before: { before?: number } = {}; ; ) {
    const page: History = await window.request('history', { peer, limit: PAGE, ...before });
    const newest = page.messages.findLast(({ from }) => from === 'peer');
    const [oldest] = page.messages;
    if (newest !== undefined || !page.hasEarlier || oldest === undefined) return newest?.number ?? 0;
    before = { before: oldest.order };
  }
}

async function setClock(writer: Writer, byMs: number): Promise<void> {
  (await writer.engine).tell({ setClockMs: Math.round(byMs) });
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
