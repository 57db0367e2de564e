// Somebody who has a name at a registry and watches others, by the same parts as the engine: its signal machine with its
// pauses, its WebSocket, its registry client. Knows what was said to be true of its own name, and since when.

import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { FailureError } from '../../../src/contract/failure.ts';
import { sameNameKey } from '../../../src/contract/names.ts';
import type { WatchedName } from '../../../src/contract/signal.ts';
import { Drive } from '../../../src/engine/io/drive.ts';
import { requestHttp } from '../../../src/engine/io/http.ts';
import { wallClock } from '../../../src/engine/io/systemClock.ts';
import { WebSocketDial } from '../../../src/engine/io/webSocket.ts';
import type { HttpRequest } from '../../../src/engine/reach/httpEdge.ts';
import { RegistryClient } from '../../../src/engine/reach/registryClient.ts';
import { type SignalIn, SignalMachine, type SignalOut } from '../../../src/engine/reach/signalMachine.ts';
import { Key } from '../signal/signalClient.ts';

/** Until a call that failed is made again. */
const AGAIN_MS = 200;
const CREATED = 201;

export class Person {
  readonly name: string;
  readonly #url: string;
  readonly #key = new Key();
  readonly #client: RegistryClient;
  readonly #drive: Drive<SignalIn, SignalOut>;
  readonly #view = new Map<string, WatchedName>();
  #socket: WebSocketDial | undefined;
  #isLive = false;
  #isHere = false;
  /** As performance.now(); never, while nobody can know. */
  #sureSince = Number.POSITIVE_INFINITY;
  #isBusy = false;
  /** How often the name was taken as one that nobody had. */
  timesCreated = 0;
  callsFailed = 0;
  /** As performance.now(). */
  lastFailureAt = Number.NEGATIVE_INFINITY;

  constructor(name: string, url: string) {
    this.name = name;
    this.#url = url;
    this.#client = new RegistryClient({
      url,
      request: (asked) => this.#request(asked),
      me: this.#key,
      clock: wallClock,
      nonce: () => randomBytes(16).toString('base64'),
    });
    const machine = new SignalMachine({ random: Math.random, me: this.#key });
    this.#drive = new Drive<SignalIn, SignalOut>(machine, { kind: 'time' }, (out) => this.#carryOut(out));
  }

  get isHere(): boolean {
    return this.#isHere;
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  watch(names: readonly string[]): void {
    this.#drive.handle({ kind: 'start', url: this.#url });
    this.#drive.handle({ kind: 'watch', names });
  }

  /** Takes the name or refreshes it. Tried again until it succeeds or `signal` ends it. */
  come(signal: AbortSignal): Promise<void> {
    const { name } = this;
    const where = { addresses: ['192.0.2.7'], tcpPort: 4_100, udpPort: 4_101 };
    return this.#say(true, () => this.#client.register({ name, ...where }), signal);
  }

  go(signal: AbortSignal): Promise<void> {
    return this.#say(false, () => this.#client.signOff(this.name), signal);
  }

  /** Whether the registry has the name under this person's key. */
  async hasName(): Promise<boolean> {
    const found = await this.#client.lookUp(this.name);
    return found.fingerprint === this.#key.fingerprint;
  }

  /** Whether changes are pushed, and all that the others were told more than `graceMs` ago is seen here. */
  isRightAbout(others: readonly Person[], graceMs: number, now = performance.now()): boolean {
    return this.#isLive && others.every((other) => this.#isRightAboutOne(other, graceMs, now));
  }

  stop(): void {
    this.#drive.dispose();
    this.#socket?.dispose();
  }

  #isRightAboutOne(other: Person, graceMs: number, now: number): boolean {
    if (now - other.#sureSince <= graceMs) return true;
    const seen = this.#view.get(sameNameKey(other.name));
    return seen?.holder?.online === other.#isHere;
  }

  async #say(isHere: boolean, call: () => Promise<unknown>, signal: AbortSignal): Promise<void> {
    this.#isBusy = true;
    if (isHere !== this.#isHere) this.#sureSince = Number.POSITIVE_INFINITY;
    while (!(await this.#isHeard(call))) {
      if (signal.aborted) return;
      await pause(AGAIN_MS);
    }
    if (isHere !== this.#isHere) this.#sureSince = performance.now();
    this.#isHere = isHere;
    this.#isBusy = false;
  }

  async #isHeard(call: () => Promise<unknown>): Promise<boolean> {
    try {
      await call();
      return true;
    } catch (error) {
      if (!(error instanceof FailureError)) throw error;
      if (!PASSING.has(error.failure.code)) throw error;
      this.callsFailed += 1;
      this.lastFailureAt = performance.now();
      return false;
    }
  }

  async #request(asked: HttpRequest) {
    const answer = await requestHttp(asked);
    if (answer.status === CREATED) this.timesCreated += 1;
    return answer;
  }

  #carryOut(out: SignalOut): void {
    if (out.kind === 'dial') this.#dial(out.url);
    if (out.kind === 'hangUp') this.#socket?.dispose();
    if (out.kind === 'send') this.#socket?.send(out.text);
    if (out.kind === 'live') this.#isLive = out.isLive;
    if (out.kind === 'people') for (const each of out.people) this.#view.set(sameNameKey(each.name), each);
  }

  #dial(url: string): void {
    this.#socket?.dispose();
    this.#socket = new WebSocketDial(url, {
      opened: () => this.#drive.handle({ kind: 'opened' }),
      text: (text) => this.#drive.handle({ kind: 'text', text }),
      closed: (code, isThere) => this.#drive.handle({ kind: 'closed', code, isThere }),
    });
  }
}

/** What a registry that is just gone, or whose store is, makes of a call; anything else is a bug. */
const PASSING: ReadonlySet<string> = new Set(['registryUnreachable', 'registryRefused']);
