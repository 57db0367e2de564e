// People who come, stay and go at a steady rate and watch each other, while something breaks below them: how long until all of
// them see all others rightly again, and whether anybody's name was lost.

import { setTimeout as pause } from 'node:timers/promises';
import { Person } from './person.ts';

export interface Load {
  readonly people: number;
  readonly watchedByEach: number;
  /** A third of the calls are somebody who comes or goes, the others refresh. */
  readonly callsPerSecond: number;
}

export interface Recovery {
  /** Ms from the break until nobody was wrong any more, and nobody's call failed. */
  readonly backAfterMs: number;
  readonly callsMade: number;
  readonly callsFailed: number;
  /** Names that had to be taken anew, or that are not their owner's at the end. */
  readonly namesLost: readonly string[];
}

/** News may take so long: what the registry promises. */
const NEWS_MS = 1_000;
const LOOK_MS = 50;
/** Everybody must be right for so long, with the load going on, to count as right again. */
const STEADY_MS = 3_000;
/** Under load before the break. */
const BEFORE_MS = 2_000;
const PATIENCE_MS = 30_000;
const AT_ONCE = 20;

/** `replicated` is awaited once everybody has a name, then under load `cut` breaks something. Rejects when it is not mended in PATIENCE_MS. */
export async function breakAmongPeople(
  url: string,
  load: Load,
  cut: () => Promise<void>,
  replicated: () => Promise<void> = async () => undefined,
): Promise<Recovery> {
  const company = new Company(url, load);
  try {
    await company.gather();
    await replicated();
    company.startLoad();
    await pause(BEFORE_MS);
    const brokenAt = performance.now();
    await cut();
    return await company.recovery(brokenAt);
  } finally {
    await company.stop();
  }
}

class Company {
  readonly #load: Load;
  readonly #people: readonly Person[];
  readonly #end = new AbortController();
  readonly #calls = new Set<Promise<void>>();
  readonly #bugs: unknown[] = [];
  #timer: NodeJS.Timeout | undefined;
  #callsMade = 0;
  #startedAt = 0;

  constructor(url: string, load: Load) {
    this.#load = load;
    this.#people = Array.from({ length: load.people }, (_, i) => new Person(`person ${i}`, url));
  }

  async gather(): Promise<void> {
    for (let i = 0; i < this.#people.length; i += AT_ONCE)
      await Promise.all(this.#people.slice(i, i + AT_ONCE).map((person) => person.come(this.#end.signal)));
    for (const [place, person] of this.#people.entries())
      person.watch(this.#watchedBy(place).map(({ name }) => name));
    await this.#steadyFrom(performance.now(), 0);
  }

  startLoad(): void {
    this.#startedAt = performance.now();
    this.#timer = setInterval(() => this.#catchUp(), 1_000 / this.#load.callsPerSecond);
  }

  async recovery(brokenAt: number): Promise<Recovery> {
    const rightSince = await this.#steadyFrom(brokenAt, STEADY_MS);
    const lastFailureAt = Math.max(...this.#people.map((person) => person.lastFailureAt));
    await this.stop();
    return {
      backAfterMs: Math.max(rightSince, lastFailureAt) - brokenAt,
      callsMade: this.#callsMade,
      callsFailed: this.#people.reduce((sum, { callsFailed }) => sum + callsFailed, 0),
      namesLost: await this.#namesLost(),
    };
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#end.abort();
    await Promise.all(this.#calls);
    for (const person of this.#people) person.stop();
    if (this.#bugs.length > 0) throw this.#bugs[0];
  }

  /** The next ones round the circle. */
  #watchedBy(place: number): Person[] {
    const count = Math.min(this.#load.watchedByEach, this.#people.length - 1);
    return Array.from(
      { length: count },
      (_, i) => this.#people[(place + i + 1) % this.#people.length] as Person,
    );
  }

  /** A timer that was late makes up for it, so that the rate is what it is said to be. */
  #catchUp(): void {
    const due = ((performance.now() - this.#startedAt) * this.#load.callsPerSecond) / 1_000;
    while (this.#callsMade < due) this.#call(this.#callsMade++);
  }

  #call(turn: number): void {
    const person = this.#people[(turn * 7_919) % this.#people.length];
    if (person === undefined || person.isBusy) return;
    const isGoing = turn % 3 === 0 && person.isHere;
    const call = isGoing ? person.go(this.#end.signal) : person.come(this.#end.signal);
    const done = call.catch((bug) => void this.#bugs.push(bug)).finally(() => this.#calls.delete(done));
    this.#calls.add(done);
  }

  /** Answers since when everybody is right, once that lasted. */
  async #steadyFrom(from: number, steadyMs: number): Promise<number> {
    let rightSince = from;
    while (performance.now() - rightSince < steadyMs || !this.#isRight()) {
      await pause(LOOK_MS);
      if (this.#bugs.length > 0) throw this.#bugs[0];
      if (!this.#isRight()) rightSince = performance.now();
      if (performance.now() - from > PATIENCE_MS) throw new Error(this.#trouble());
    }
    return rightSince;
  }

  #isRight(): boolean {
    const now = performance.now();
    return this.#people.every((person, place) => person.isRightAbout(this.#watchedBy(place), NEWS_MS, now));
  }

  #trouble(): string {
    const now = performance.now();
    const wrong = this.#people.filter((person, i) => !person.isRightAbout(this.#watchedBy(i), NEWS_MS, now));
    return `after ${PATIENCE_MS} ms ${wrong.length} of ${this.#people.length} people still see others wrongly`;
  }

  async #namesLost(): Promise<string[]> {
    const lost: string[] = [];
    for (const person of this.#people) {
      const isTheirs = await person.hasName();
      if (!isTheirs || person.timesCreated !== 1) lost.push(person.name);
    }
    return lost;
  }
}
