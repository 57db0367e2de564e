// The pump of all machines: every output of an input before the next input, and awake in time.

import assert from 'node:assert/strict';
import type { Machine } from '../../../src/base/machine.ts';
import { Drive } from '../../../src/engine/io/drive.ts';

/** Says back what it is told, twice; wakes when told `at <ms>`. */
class Echo implements Machine<string, string> {
  readonly #out: string[] = [];
  #deadline: number | undefined;

  handle(input: string, now: number): void {
    const at = /^at (\d+)$/.exec(input)?.[1];
    if (at !== undefined) this.#deadline = now + Number(at);
    else if (input === 'time') {
      if (this.#deadline !== undefined && now >= this.#deadline) this.#deadline = undefined;
      this.#out.push('woke');
    } else this.#out.push(`${input} 1`, `${input} 2`);
  }

  poll(): string | undefined {
    return this.#out.shift();
  }

  deadline(): number | undefined {
    return this.#deadline;
  }
}

describe('a drive', () => {
  const drives: Drive<string, string>[] = [];
  afterEach(() => {
    for (const drive of drives.splice(0)) drive.dispose();
  });

  function driveOf(carryOut: (out: string) => void) {
    const drive = new Drive(new Echo(), 'time', carryOut);
    drives.push(drive);
    return drive;
  }

  it('polls the machine dry before it hands in what an output has caused', () => {
    const said: string[] = [];
    const drive = driveOf((out) => {
      said.push(out);
      if (out === 'a 1') drive.handle('b');
    });
    drive.handle('a');
    assert.deepEqual(said, ['a 1', 'a 2', 'b 1', 'b 2']);
  });

  it('stops in the middle when it is let go of', () => {
    const said: string[] = [];
    const drive = driveOf((out) => {
      said.push(out);
      drive.dispose();
    });
    drive.handle('a');
    drive.handle('b');
    assert.deepEqual(said, ['a 1']);
  });

  it('goes on after an output could not be carried out', () => {
    const said: string[] = [];
    const drive = driveOf((out) => {
      if (out === 'a 1') throw new Error('no');
      said.push(out);
    });
    assert.throws(() => drive.handle('a'), /no/);
    drive.handle('b');
    assert.deepEqual(said, ['a 2', 'b 1', 'b 2']);
  });

  for (const input of ['at 0', 'at 1', 'at 15']) {
    it(`wakes the machine once when it asked for it (${input})`, async () => {
      const woken = await new Promise((resolve) => {
        driveOf(resolve).handle(input);
      });
      assert.equal(woken, 'woke');
    });
  }

  it('wakes earlier when the machine changes its mind', async () => {
    const start = performance.now();
    await new Promise((resolve) => {
      const drive = driveOf(resolve);
      drive.handle('at 60000');
      drive.handle('at 5');
    });
    assert.ok(performance.now() - start < 30_000);
  });
});
