import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Host } from '../../../src/base/heldFile.ts';
import { patientRename } from '../../../src/engine/io/patientRename.ts';
import { heldFor } from '../../support/badDisks.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

class Pauses implements Host {
  readonly platform: NodeJS.Platform;
  readonly each: number[] = [];

  constructor(platform: NodeJS.Platform) {
    this.platform = platform;
  }

  pause = async (ms: number) => {
    this.each.push(ms);
  };

  get totalMs(): number {
    return this.each.reduce((sum, ms) => sum + ms, 0);
  }
}

describe('a file that gets its name', () => {
  const folder = temporaryFolder();
  const from = () => path.join(folder.path, 'a.part');
  const to = () => path.join(folder.path, 'a.png');

  beforeEach(async () => {
    await writeFile(from(), 'whole');
    await writeFile(to(), '');
  });

  for (const code of ['EPERM', 'EBUSY', 'EACCES'])
    it(`has it on Windows once another program has let go of it (${code})`, async () => {
      using _ = heldFor(4, /a\.part$/, code);
      const host = new Pauses('win32');
      await patientRename(from(), to(), host);
      assert.deepEqual(await readdir(folder.path), ['a.png']);
      assert.equal(await readFile(to(), 'utf8'), 'whole');
      assert.equal(host.each.length, 4);
      assert.ok(host.totalMs < 500, `${host.totalMs} ms`);
    });

  it('is waited for on Windows for a minute, in pauses that a person does not notice', async () => {
    using _ = heldFor(Number.POSITIVE_INFINITY, /a\.part$/, 'EPERM');
    const host = new Pauses('win32');
    await assert.rejects(patientRename(from(), to(), host), { code: 'EPERM' });
    assert.ok(host.totalMs >= 60_000 && host.totalMs < 61_000, `${host.totalMs} ms`);
    assert.ok(Math.max(...host.each) <= 500);
  });

  it('is waited for no longer than somebody has patience', async () => {
    using _ = heldFor(Number.POSITIVE_INFINITY, /a\.part$/, 'EPERM');
    const host = new Pauses('win32');
    const patience = { platform: host.platform, pause: host.pause, patienceMs: 3_000 };
    await assert.rejects(patientRename(from(), to(), patience), { code: 'EPERM' });
    assert.ok(host.totalMs >= 3_000 && host.totalMs < 3_500, `${host.totalMs} ms`);
  });

  it('does not get it any more once nobody wants that', async () => {
    using _ = heldFor(2, /a\.part$/, 'EPERM');
    const wish = new AbortController();
    const pauses: number[] = [];
    const pause = async (ms: number) => {
      pauses.push(ms);
      if (pauses.length === 2) wish.abort();
    };
    const options = { platform: 'win32', pause, abort: wish.signal } as const;
    await assert.rejects(patientRename(from(), to(), options), {
      failure: { code: 'engineGone', details: {} },
    });
    assert.equal(pauses.length, 2);
    assert.deepEqual(await readdir(folder.path), ['a.part', 'a.png']);
  });

  it('is not waited for where the system says something else, or is another one', async () => {
    const cases: [NodeJS.Platform, string][] = [
      ['win32', 'ENOSPC'],
      ['win32', 'ENOENT'],
      ['linux', 'EPERM'],
      ['darwin', 'EACCES'],
    ];
    for (const [platform, code] of cases) {
      using _ = heldFor(1, /a\.part$/, code);
      const host = new Pauses(platform);
      await assert.rejects(patientRename(from(), to(), host), { code });
      assert.deepEqual(host.each, []);
    }
  });
});
