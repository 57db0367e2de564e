// What follows the bytes of a file: sessions that end with their link and with the next one, and what is left of a file that is over.

import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { BlockNotes } from '../../../src/engine/io/blockNotes.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { until } from '../../support/until.ts';
import { exif, webpChunk, webpHeader, webpOf } from '../pictures/pictureBytes.ts';
import { ALI, id } from '../store/support.ts';
import { TransfersTrial } from './transfersTrial.ts';

describe('a file', () => {
  const folder = temporaryFolder();
  let trial: TransfersTrial;

  beforeEach(() => {
    trial = new TransfersTrial(folder.path);
  });
  afterEach(() => trial[Symbol.dispose]());

  const soon = (isSo: () => boolean | Promise<boolean>) => until('what follows', 5_000, async () => isSo());
  const notesFolder = () => path.join(folder.path, 'notes');
  const notes = () => readdir(notesFolder());

  async function offered(bytes: Uint8Array, asPicture = false): Promise<string> {
    const place = path.join(folder.path, 'mine');
    await writeFile(place, bytes);
    return (await trial.transfers.offer({ peer: ALI, path: place, asPicture })).id;
  }

  /** They are ready for it in this session. */
  function ready(transferId: string, session: string): void {
    const word = { kind: 'ready', transferId, firstBlock: 0 } as const;
    trial.transfers.onTransferFrame(trial.link, { ...word, session: session.repeat(16) });
  }

  const isSent = (session: string) => soon(() => trial.sent.includes(session.repeat(16)));

  it('of mine is sent in one session: the next one ends it, and what is said twice begins none', async () => {
    const mine = await offered(Buffer.alloc(10));
    ready(mine, 'a');
    await isSent('a');
    ready(mine, 'a');
    ready(mine, 'b');
    await isSent('b');
    assert.deepEqual([...trial.open], ['b'.repeat(16)]);
    assert.deepEqual(trial.sent, ['a'.repeat(16), 'b'.repeat(16)]);
  });

  it('of mine waits for the next link once this one is gone, and nothing of it is sent meanwhile', async () => {
    const mine = await offered(Buffer.alloc(10));
    ready(mine, 'a');
    await isSent('a');
    trial.transfers.onDown(ALI);
    assert.deepEqual([trial.shownStateOf(mine), [...trial.open]], ['waiting', []]);
    ready(mine, 'b');
    await isSent('b');
    assert.equal(trial.shownStateOf(mine), 'running');
  });

  it('that is over leaves no copy of a picture', async () => {
    const camera = webpOf([webpHeader(0x08), webpChunk('VP8L', Buffer.alloc(9)), webpChunk('EXIF', exif(1))]);
    const copies = async () => (await readdir(folder.path)).filter((each) => /picture$/.test(each));
    const mine = await offered(camera, true);
    assert.equal((await copies()).length, 1);
    trial.hear({ kind: 'answer', transferId: mine, accepted: false });
    await soon(async () => (await copies()).length === 0);
  });

  describe('that is over in an engine in which nothing of it moved', () => {
    it('leaves no notes where it is mine', async () => {
      const mine = await offered(Buffer.alloc(10));
      await (await BlockNotes.open({ notesFolder: notesFolder(), transferId: mine }, 10)).close();
      assert.equal((await notes()).length, 1);
      trial.startAgain();
      trial.transfers.cancel(mine);
      await soon(async () => (await notes()).length === 0);
    });

    it('leaves no half and no notes where it is theirs', async () => {
      const { destination } = await trial.accepted();
      await destination.write(0, Buffer.alloc(5));
      trial.startAgain();
      assert.deepEqual([(await trial.halves()).length, (await notes()).length], [1, 1]);
      trial.transfers.cancel(id(7));
      await soon(async () => (await trial.halves()).length + (await notes()).length === 0);
    });
  });
});
