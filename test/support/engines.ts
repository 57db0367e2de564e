// Real engines on loopback with a real registry: what test/edge is made of. Everything is gone after `close`.

import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type RegistryServer, startRegistry } from '../../registry-server/registryServer.ts';
import { SqliteStore } from '../../registry-server/store/sqliteStore.ts';
import { type LogLine, loggerOf } from '../../src/base/logger.ts';
import type { CommandName, ParamsOf, ResultOf } from '../../src/contract/commands.ts';
import type { FailureCode } from '../../src/contract/failure.ts';
import type { Fingerprint } from '../../src/contract/fingerprint.ts';
import type { Peer } from '../../src/contract/peer.ts';
import type { State } from '../../src/contract/state.ts';
import { Engine } from '../../src/engine/engine.ts';
import { TestWindow } from './testWindow.ts';

const HOST = '127.0.0.1';
const NO_LIMITS = { requestsPerSecond: 0, burst: 0, limitLoopback: false };

/** One registry, and people with an engine and a window each. */
export class Town {
  readonly folder: string;
  readonly #people: Person[] = [];
  #store = new SqliteStore(':memory:');
  #registry: RegistryServer | undefined;
  #port = 0;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** `onQuickDisk`: in memory where the system has a place for that; others may keep the real disk busy. */
  static async open({ onQuickDisk = false } = {}): Promise<Town> {
    const town = new Town(await mkdtemp(path.join(onQuickDisk ? quickFolder() : tmpdir(), 'hamta-')));
    await town.openRegistry();
    return town;
  }

  get registryUrl(): string {
    return `http://${HOST}:${this.#port}`;
  }

  /** At the port it had before; it remembers everybody. */
  async openRegistry(): Promise<void> {
    const log = loggerOf('registry', () => {});
    const clock = { now: () => Date.now() };
    const parts = { store: this.#store, clock, limits: NO_LIMITS, log };
    this.#registry = await startRegistry({ ...parts, host: HOST, port: this.#port });
    this.#port = this.#registry.port;
  }

  /** While it is closed: from now on every name is free. */
  forgetNames(): void {
    void this.#store.close();
    this.#store = new SqliteStore(':memory:');
  }

  async closeRegistry(): Promise<void> {
    this.#registry?.server.closeAllConnections();
    await this.#registry?.close();
    this.#registry = undefined;
  }

  /** Somebody whose engine runs and who has not signed up. */
  async newcomer(name: string, options: PersonOptions = {}): Promise<Person> {
    const person = new Person(name, this, options);
    this.#people.push(person);
    await person.start();
    return person;
  }

  /** Somebody who has signed up. */
  async person(name: string, options: PersonOptions = {}): Promise<Person> {
    const person = await this.newcomer(name, options);
    await person.signUp();
    return person;
  }

  /** Two or more who are connected, each with the first. */
  async friends<Names extends readonly [string, ...string[]]>(
    ...names: Names
  ): Promise<{ [Each in keyof Names]: Person }> {
    const people = await Promise.all(names.map((name) => this.person(name)));
    const [first, ...others] = people as [Person, ...Person[]];
    await Promise.all(others.map((other) => first.befriend(other)));
    return people as { [Each in keyof Names]: Person };
  }

  async close(): Promise<void> {
    await Promise.all(this.#people.map((person) => person.stop()));
    await this.closeRegistry();
    await this.#store.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Linux has a file system in memory for everybody; small in some containers, so it is for small things. */
function quickFolder(): string {
  return existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
}

export interface PersonOptions {
  readonly autoAccept?: boolean;
}

/** A person's engine in this process, with one window over the real pipe. */
export class Person {
  readonly name: string;
  readonly town: Town;
  readonly dataDir: string;
  readonly downloads: string;
  readonly log: LogLine[] = [];
  readonly #autoAccept: boolean;
  #engine: Engine | undefined;
  #window: TestWindow | undefined;

  constructor(name: string, town: Town, { autoAccept = false }: PersonOptions) {
    this.name = name;
    this.town = town;
    this.dataDir = path.join(town.folder, name);
    this.downloads = path.join(town.folder, `${name} received`);
    this.#autoAccept = autoAccept;
  }

  get pipeAddress(): string {
    return process.platform === 'win32'
      ? `\\\\.\\pipe\\${path.basename(this.town.folder)}-${this.name}`
      : path.join(this.town.folder, `${this.name}.sock`);
  }

  get window(): TestWindow {
    if (this.#window === undefined) throw new Error(`${this.name} has no engine`);
    return this.#window;
  }

  get state(): State {
    return this.window.state;
  }

  get fingerprint(): Fingerprint {
    return this.state.me.fingerprint;
  }

  /** TCP, where others dial. */
  get port(): number {
    return Number(this.state.me.addresses[0]?.split(':').at(-1));
  }

  /** Another engine on the same data, as after a restart of the editor. */
  async start(): Promise<void> {
    await mkdir(this.dataDir, { recursive: true });
    this.#engine = await Engine.start(this.engineStart, (line) => this.log.push(line));
    await this.#engine.listen(this.pipeAddress);
    this.#window = await this.openWindow();
  }

  get engineStart() {
    const { dataDir, downloads } = this;
    return { dataDir, port: 0, listenHost: HOST, downloadFolder: downloads, autoAccept: this.#autoAccept };
  }

  async stop(): Promise<void> {
    this.#window?.close();
    this.#window = undefined;
    await this.stopEngine();
  }

  /** Its windows find out by themselves. */
  async stopEngine(): Promise<void> {
    const engine = this.#engine;
    this.#engine = undefined;
    await engine?.close();
  }

  /** While the engine is stopped: the data as it is now, to be put back later. */
  async copyStore(): Promise<{ putBack(): Promise<void> }> {
    const copy = `${this.dataDir} copy`;
    await cp(this.dataDir, copy, { recursive: true });
    return {
      putBack: async () => {
        await rm(this.dataDir, { recursive: true });
        await cp(copy, this.dataDir, { recursive: true });
      },
    };
  }

  openWindow(): Promise<TestWindow> {
    return TestWindow.at(this.pipeAddress);
  }

  signUp(name = this.name): Promise<unknown> {
    return this.request('signUp', { name, registryUrl: this.town.registryUrl });
  }

  request<Name extends CommandName>(name: Name, params: ParamsOf<Name>): Promise<ResultOf<Name>> {
    return this.window.request(name, params);
  }

  failure<Name extends CommandName>(name: Name, params: ParamsOf<Name>): Promise<FailureCode> {
    return this.window.failure(name, params);
  }

  /** As this person's windows show `other`. */
  peer(other: Person, is: (peer: Peer) => boolean): Promise<Peer> {
    return this.window.peer(other.fingerprint, is);
  }

  async befriend(other: Person): Promise<void> {
    await this.window.befriend(other.window);
  }

  async say(other: Person, text: string) {
    return await this.request('sendText', { peer: other.fingerprint, text });
  }

  /** Until nothing is left in the download folder, hidden halves included. */
  async emptied(): Promise<void> {
    const deadline = performance.now() + 10_000;
    for (let left = await this.received(); left.length > 0; left = await this.received())
      if (performance.now() > deadline) throw new Error(`left behind: ${left}`);
  }

  /** Names in the download folder; none while it was not made. */
  received(): Promise<string[]> {
    return readdir(this.downloads).then(
      (names) => names.sort(),
      () => [],
    );
  }
}
