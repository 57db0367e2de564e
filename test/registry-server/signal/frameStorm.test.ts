// Broken and odd WebSocket frames by the thousand, at a registry that runs as in life. HAMTA_HOSTILE_FRAMES says how many;
// `npm run bench -- --only frames` sends a million and looks at the memory, too.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../support/until.ts';
import { RegistryProcess } from '../registryProcess.ts';
import { frameStorm, type Storm } from './frameStorm.ts';

const FRAMES = Number(process.env.HAMTA_HOSTILE_FRAMES ?? 20_000);
const SEED = 20_261_120;
/** What a registry may close a hostile socket with: no message, no answer, too much, and RFC 6455, section 7.4.1. */
const ENDS = ['1002', '1007', '1009', '4400', '4401', '4429', 'alive', 'cut', '1000', '1005'];

describe(`the signal socket under ${FRAMES} hostile frames (seed ${SEED})`, function () {
  this.timeout(30_000 + 2 * FRAMES);

  let folder: string;
  let registry: RegistryProcess;
  let storm: Storm;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hamta-test-'));
    const data = join(folder, 'registry.db');
    registry = await RegistryProcess.start('--data', data, '--no-stun', '--log', 'warn');
    storm = await frameStorm({ port: registry.port, frames: FRAMES, seed: SEED });
  });

  after(async () => {
    await registry.kill();
    await rm(folder, { recursive: true, force: true });
  });

  it('takes them all, and closes each socket for a reason or lets it live', () => {
    assert.equal(storm.frames, FRAMES);
    assert.deepEqual(
      Object.keys(storm.ends).filter((end) => !ENDS.includes(end)),
      [],
    );
  });

  it('closes for every way in which a frame can be broken', () => {
    const { odd = 0, ...broken } = storm.kinds;
    const sent = Object.values(broken).reduce((sum, count) => sum + count, 0);
    assert.equal(odd + sent, FRAMES);
    const closed = ['1002', '1007', '1009', '4400'].reduce((sum, code) => sum + (storm.ends[code] ?? 0), 0);
    // The others were strangers, closed for what they said before, or sent half a frame.
    assert.ok(closed > sent / 2, `${closed} of ${sent}`);
  });

  it('lives, has made no mistake, and keeps nothing of it', async () => {
    assert.equal((await fetch(`${registry.url}/healthz`)).status, 200);
    assert.equal(registry.said, '');
    await until('all sockets to be gone', 10_000, async () => {
      const text = await (await fetch(`${registry.url}/metrics`)).text();
      const kept = ['sockets', 'strangers', 'watched_names', 'relay_streams'];
      return kept.every((what) => text.includes(`hamta_registry_${what} 0\n`));
    });
  });
});
