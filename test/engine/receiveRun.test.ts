// One accepted file over its sessions, on a real disk, with a link that only writes down what it is told.

import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import type { Transfer } from '../../src/contract/transfer.ts';
import { BulkDoor } from '../../src/engine/carriers/bulkDoor.ts';
import { Carriers } from '../../src/engine/carriers/carriers.ts';
import { TlsCarrier } from '../../src/engine/carriers/tlsCarrier.ts';
import { UdpCarrier } from '../../src/engine/carriers/udpCarrier.ts';
import { PartialFile } from '../../src/engine/io/partialFile.ts';
import type { LinkIn } from '../../src/engine/link/linkMessages.ts';
import type { LiveLink } from '../../src/engine/liveLink.ts';
import { ReceiveRun } from '../../src/engine/receiveRun.ts';
import { BLOCK_BYTES } from '../../src/engine/transfer/params.ts';
import { TransferRoads } from '../../src/engine/transferRoads.ts';
import { fileDigestOf } from '../support/fileDigestOf.ts';
import { randomBytesOf } from '../support/randomBytes.ts';
import { seededRandom } from '../support/seededRandom.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { ALI, id } from './store/support.ts';

describe('a file that is being taken', () => {
  const folder = temporaryFolder();
  const notes = temporaryFolder();
  let told: LinkIn[];
  let said: unknown[];
  const runs: ReceiveRun[] = [];

  beforeEach(() => {
    told = [];
    said = [];
  });
  afterEach(() => {
    for (const run of runs.splice(0)) run.dispose();
  });

  const carriers = () => {
    const nobody = () => Promise.reject(new Error('nobody answers'));
    const tls = new TlsCarrier(new BulkDoor(() => true), nobody);
    return new Carriers({ udp: new UdpCarrier(new TransferRoads()), tls });
  };

  const link = () =>
    ({
      channel: { secret: Buffer.alloc(32), remoteHost: '127.0.0.1' },
      handle: (input: LinkIn) => told.push(input),
    }) as unknown as LiveLink;

  /** A run of `sizeBytes`, of which the first `blocks` are on the disk from before. */
  async function runWith(sizeBytes: number, blocks: number) {
    const bytes = randomBytesOf(seededRandom(1), sizeBytes);
    const transfer: Transfer = {
      ...{ id: id(1), peer: ALI, direction: 'receive', name: 'a.bin', mediaType: 'x/y', sizeBytes },
      state: { kind: 'waiting' },
    };
    const partial = await PartialFile.open({
      ...{ folder: folder.path, notesFolder: notes.path, name: 'a.bin', transferId: transfer.id, sizeBytes },
    });
    for (let at = 0; at < Math.min(blocks * BLOCK_BYTES, sizeBytes); at += BLOCK_BYTES)
      await partial.write(at, bytes.subarray(at, at + BLOCK_BYTES));
    const run = new ReceiveRun(transfer, partial, carriers(), {
      onState: (state) => said.push(state),
      onSaved: (path, sha256) => said.push({ path, sha256 }),
      onOver: () => said.push('over'),
      onFailed: (failure) => said.push(failure),
    });
    runs.push(run);
    return { run, bytes };
  }

  const ready = () =>
    told.map((input) =>
      input.kind === 'transfer' && input.frame.kind === 'ready' ? input.frame.firstBlock : undefined,
    );

  it('goes on from the first block that is not there', async () => {
    const { run } = await runWith(5 * BLOCK_BYTES, 2);
    run.start(link());
    assert.deepEqual(ready(), [2]);
    assert.deepEqual(said, [{ kind: 'running', bytes: 2 * BLOCK_BYTES, bytesPerSecond: 0, attempt: 1 }]);
  });

  for (const sizeBytes of [3 * BLOCK_BYTES, 3 * BLOCK_BYTES - 1, 2 * BLOCK_BYTES + 1]) {
    it(`asks for the last block once more when all ${sizeBytes} bytes came before the digest did`, async () => {
      const { run } = await runWith(sizeBytes, 3);
      run.start(link());
      assert.deepEqual(ready(), [2]);
    });
  }

  it('opens a session of another name on each link, and waits in between', async () => {
    const { run } = await runWith(5 * BLOCK_BYTES, 0);
    run.start(link());
    run.pause();
    run.start(link());
    const names = told.map((input) => (input.kind === 'transfer' ? input.frame.session : ''));
    assert.equal(new Set(names).size, 2);
    assert.deepEqual(
      said.map((state) => (state as { kind: string }).kind),
      ['running', 'waiting', 'running'],
    );
  });

  it('does not hear a digest of another session', async () => {
    const { run, bytes } = await runWith(BLOCK_BYTES, 1);
    run.start(link());
    run.onDigest('0'.repeat(16), fileDigestOf(bytes));
    assert.deepEqual(await readdir(folder.path), [`.a.bin.${id(1)}.part`]);
  });

  it('leaves nothing behind when it is given up', async () => {
    const { run } = await runWith(5 * BLOCK_BYTES, 2);
    run.start(link());
    run.giveUp();
    while ((await readdir(folder.path)).length > 0);
    run.start(link());
    assert.equal(told.length, 1);
  });

  it('goes on with what an engine that was killed has left', async () => {
    await runWith(5 * BLOCK_BYTES, 2);
    const { run } = await runWith(5 * BLOCK_BYTES, 0);
    run.start(link());
    assert.deepEqual(ready(), [2]);
  });

  it('keeps what is there when its engine stops', async () => {
    const { run: before } = await runWith(5 * BLOCK_BYTES, 3);
    before.dispose();
    const { run } = await runWith(5 * BLOCK_BYTES, 0);
    run.start(link());
    assert.deepEqual(ready(), [3]);
  });
});
