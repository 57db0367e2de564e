// One of the two people of the soak: an engine in a process that can be killed and started again, and all that its person asks of it.

import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { FailureError } from '../../../src/contract/failure.ts';
import type { Fingerprint } from '../../../src/contract/fingerprint.ts';
import type { History } from '../../../src/contract/state.ts';
import type { Town } from '../engines.ts';
import { HeadlessEngine } from '../headlessEngine.ts';
import type { TestWindow } from '../testWindow.ts';
import { type Attempt, type Change, Side } from './chatOracle.ts';
import { storedRows } from './storedRows.ts';
import { momentNow, TESTIMONY_FILE, testimonyIn } from './testimony.ts';

const TELL_ALL = new URL('./tellAll.ts', import.meta.url).href;
const PAGE = 100;
const EMOJI = ['👍', '❤️', '🎉', '👩🏽‍💻'];
/** Until both have everything in the end. */
const PATIENCE_MS = 60_000;

export class Writer {
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
    this.#peer = await mine.window.befriend(theirs.window);
    other.#peer = mine.window.state.me.fingerprint;
  }

  /** So many texts at once, and how many were confirmed; the others may be there or not. `answered`: the id of what they answer. */
  async write(texts: readonly string[], answered?: string): Promise<number> {
    const { window } = await this.#engine;
    const { peer } = this;
    const replyTo = answered === undefined ? {} : { replyTo: answered };
    const asked = texts.map((text) => {
      const attempt: Attempt = { text };
      this.side.attempts.push(attempt);
      return window.request('sendText', { peer, text, ...replyTo }).then(
        ({ number }) => {
          attempt.number = number;
          attempt.answeredAt = momentNow();
        },
        (error) => {
          attempt.isRefused = isRefusal(error);
          throw error;
        },
      );
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

  /** One of the last messages: my own is edited or taken back, theirs gets a reaction or loses it, either is answered. */
  async change(random: () => number, text: string): Promise<void> {
    const { window } = await this.#engine;
    const { peer } = this;
    const page = await window.request('history', { peer, limit: PAGE }).catch(() => ({ messages: [] }));
    const message = page.messages[Math.floor(random() * page.messages.length)];
    if (message === undefined || message.body.kind !== 'text') return;
    const { id } = message;
    if (random() < 0.3) await this.write([text], id);
    else if (message.from === 'peer' || random() < 0.4) {
      const emoji = EMOJI[Math.floor(random() * EMOJI.length)] ?? '';
      await window.request('react', { peer, id, emoji, on: random() < 0.7 }).catch(() => undefined);
    } else if (random() < 0.7) await this.#edit(window, id, text);
    else await this.#takeBack(window, id);
  }

  async #edit(window: TestWindow, id: string, text: string): Promise<void> {
    const change: Change = { id, text, isConfirmed: false };
    this.side.changes.push(change);
    await window.request('editMessage', { peer: this.peer, id, text }).then(
      () => {
        change.isConfirmed = true;
      },
      () => undefined,
    );
  }

  async #takeBack(window: TestWindow, id: string): Promise<void> {
    const change: Change = { id, text: undefined, isConfirmed: false };
    this.side.changes.push(change);
    await window.request('deleteMessage', { peer: this.peer, id }).then(
      () => {
        change.isConfirmed = true;
      },
      () => undefined,
    );
  }

  async restart(how: 'kill' | 'stop', pauseMs: number): Promise<void> {
    const before = await this.#engine;
    this.#engine = before[how]().then(async () => {
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
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

function isRefusal(error: unknown): boolean {
  return error instanceof FailureError && error.failure.code !== 'engineGone';
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
