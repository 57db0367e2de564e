import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ALI, StoreFile } from './support.ts';

const ROUNDS = 20;
/** The loser's answer, with how many milliseconds it took. */
const WAITED = /^busy ([\d.]+)$/;

/** holder.child.ts in a process of its own: says something, hears the answer. */
class Holder {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor() {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'holder.child.ts')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    if (child.stdout === null) throw new Error('the child has no standard output');
    this.#process = child;
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  say(line: string): void {
    this.#process.stdin?.write(`${line}\n`);
  }

  async hear(): Promise<string> {
    return String((await this.#lines.next()).value);
  }

  ask(line: string): Promise<string> {
    this.say(line);
    return this.hear();
  }

  /** As when the power goes: no handler runs. */
  async kill(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    this.#process.kill('SIGKILL');
    await once(this.#process, 'exit');
  }
}

describe('the lock of the store', () => {
  let file: StoreFile;
  let holders: Holder[];

  beforeEach(() => {
    file = new StoreFile();
    holders = [new Holder(), new Holder()];
  });
  afterEach(async () => {
    for (const holder of holders) await holder.kill();
    file.remove();
  });

  const race = async (path: string) => {
    const answers = await Promise.all(holders.map((holder) => holder.ask(`open ${path}`)));
    const losers = answers.filter((answer) => answer !== 'open');
    return { answers, waitedMs: losers.map((answer) => Number(WAITED.exec(answer)?.[1])) };
  };
  const closeAll = () => Promise.all(holders.map((holder) => holder.ask('close')));

  it('is won by exactly one of two processes, on a new file and on an old one, and the loser knows at once', async () => {
    const waits: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const { answers, waitedMs } = await race(`${file.path}.${Math.floor(round / 2)}`);
      assert.equal(waitedMs.length, 1, answers.join());
      waits.push(...waitedMs);
      await closeAll();
    }
    // The least of them: a machine that is busy with other things can hold up any one.
    assert.ok(Math.min(...waits) < 100, waits.join());
  });

  it('is free when the process that has it is killed', async () => {
    const [first, second] = holders;
    assert.equal(await first?.ask(`open ${file.path}`), 'open');
    assert.match((await second?.ask(`open ${file.path}`)) ?? '', WAITED);
    await first?.kill();
    assert.equal(await second?.ask(`open ${file.path}`), 'open');
  });

  it('keeps this process out while another one has it', async () => {
    const [first] = holders;
    await first?.ask(`open ${file.path}`);
    assert.throws(() => file.open(), { name: 'StoreBusy' });
  });

  it('comes with all that the killed process had said was stored, each once', async () => {
    const [first] = holders;
    await first?.ask(`open ${file.path}`);
    first?.say('append 100000');
    let stored = 0;
    while (stored < 100) stored = Number((await first?.hear())?.replace('stored ', ''));
    await first?.kill();

    const entries = file.open().entries.mineAfter(ALI, 0, 500);
    assert.ok(entries.length >= stored, `${entries.length} of ${stored}`);
    assert.deepEqual(
      entries.map(({ number, body }) => [number, body]),
      entries.map((_, i) => [i + 1, { kind: 'text', text: `message ${i + 1}` }]),
    );
  });
});
