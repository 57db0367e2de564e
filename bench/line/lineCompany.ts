// Two people at the two ends of a line who have accepted each other: an engine each, in a process of its own as people without an
// editor have it, and a registry beside the first of them, which both reach.

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Fingerprint } from '../../src/contract/fingerprint.ts';
import { PromptReader } from '../../src/pipe/promptReader.ts';
import { PromptWriter } from '../../src/pipe/promptWriter.ts';
import { TestWindow } from '../../test/support/testWindow.ts';
import type { Path, Place } from '../transfer/path.ts';

const ENGINE = fileURLToPath(new URL('../../src/engine/main.ts', import.meta.url));
const REGISTRY = fileURLToPath(new URL('../../registry-server/main.ts', import.meta.url));
const START_MS = 20_000;

/** What is kept of a program's log, in UTF-16 units. */
const KEPT_LOG = 4_000;

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** `sara` is where the path's sender is. */
export class LineCompany {
  readonly folder: string;
  #people: readonly TestWindow[] = [];
  #fingerprintOfBob: Fingerprint | undefined;
  /** In the order in which they end. */
  readonly #children: Child[] = [];

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async gather({ sender, receiver }: Path): Promise<LineCompany> {
    const company = new LineCompany(await mkdtemp(join(tmpdir(), 'hamta-bench-')));
    try {
      const url = await company.#startRegistry(sender);
      const sara = await company.#join('sara', sender, url);
      const bob = await company.#join('bob', receiver, url);
      company.#people = [sara, bob];
      company.#fingerprintOfBob = await sara.befriend(bob);
      return company;
    } catch (error) {
      await company.close();
      throw error;
    }
  }

  get sara(): TestWindow {
    return this.#people[0] as TestWindow;
  }

  get bob(): TestWindow {
    return this.#people[1] as TestWindow;
  }

  get fingerprintOfBob(): Fingerprint {
    return this.#fingerprintOfBob as Fingerprint;
  }

  async close(): Promise<void> {
    for (const child of this.#children.reverse()) await end(child);
    for (const window of this.#people) window.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Its address for both. */
  async #startRegistry(place: Place): Promise<string> {
    const data = ['--data', join(this.folder, 'registry.db')];
    const args = ['--port', '0', '--host', place.host, ...data, '--log', 'warn', '--stop-with-parent'];
    const child = this.#start(place, REGISTRY, args);
    const [line] = (await once(child.stdout, 'data', { signal: AbortSignal.timeout(START_MS) })) as [Buffer];
    const url = /http:\S+/.exec(line.toString())?.[0];
    if (url === undefined) throw new Error(`the registry said ${line}`);
    return url;
  }

  /** Takes files without asking. */
  async #join(name: string, place: Place, registryUrl: string): Promise<TestWindow> {
    const data = join(this.folder, name);
    const child = this.#start(place, ENGINE, [
      '--stdio',
      '--data',
      data,
      '--host',
      place.host,
      '--auto-accept',
    ]);
    child.stdin.on('error', () => undefined);
    const roads = [new PromptReader(child.stdout), new PromptWriter(child.stdin)] as const;
    const window = await TestWindow.over(...roads);
    await window.request('signUp', { name, registryUrl });
    return window;
  }

  #start({ inside }: Place, script: string, args: readonly string[]): Child {
    const [command, ...words] = [...inside, process.execPath, script, ...args];
    const child = spawn(command as string, words, { stdio: ['pipe', 'pipe', 'pipe'] });
    tellWhyItEnds(child);
    this.#children.push(child);
    return child;
  }
}

/** Where it does by itself, as after an error; its log is of no use else. */
function tellWhyItEnds(child: Child): void {
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-KEPT_LOG);
  });
  child.once('close', (code) => {
    if (code) console.error(log);
  });
}

async function end(child: Child): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill();
  await ended;
}
