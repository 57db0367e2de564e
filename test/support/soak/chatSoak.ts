// Two people whose engines are processes, who write to each other while links are cut, engines are killed, frozen and started
// again, and clocks are set, all at random: for test/edge and bench. The oracle judges what came of it.

import { Town } from '../engines.ts';
import { seededRandom } from '../seededRandom.ts';
import { problemsOf, type Side } from './chatOracle.ts';
import { Writer } from './writer.ts';

/** Texts that one person has asked for at once. */
const MOST_AT_ONCE = 24;
const LONGEST_TEXT = 400;
const LONGEST_PAUSE_MS = 250;
const LONGEST_NAP_MS = 1_500;
/** Clocks are set by up to so much, both ways. */
const CLOCK_MS = 2 * 86_400_000;

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
      if (this.#random() < 0.5) await writer.change(this.#random, this.#text(writer));
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

async function setClock(writer: Writer, byMs: number): Promise<void> {
  (await writer.engine).tell({ setClockMs: Math.round(byMs) });
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
