// What is logged of a file's cost, through the runs that make it.

import assert from 'node:assert/strict';
import path from 'node:path';
import { type LogLine, loggerOf } from '../../../src/base/logger.ts';
import type { Carrier } from '../../../src/engine/carriers/carrier.ts';
import { Carriers } from '../../../src/engine/carriers/carriers.ts';
import { PictureCopies } from '../../../src/engine/files/pictureCopies.ts';
import { ReceivedFiles } from '../../../src/engine/files/receivedFiles.ts';
import { textOfRecord } from '../../../src/engine/files/transferRecords.ts';
import { TransferRuns } from '../../../src/engine/files/transferRuns.ts';
import { DiskThreads } from '../../../src/engine/io/diskThreads.ts';
import { alwaysQuiet } from '../../../src/engine/io/quiet.ts';
import type { StoredTransfer } from '../../../src/engine/store/transfers.ts';
import { BLOCK_BYTES } from '../../../src/engine/transfer/params.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { ALI, id } from '../store/support.ts';

const SIZE_BYTES = 3 * BLOCK_BYTES;
const NONE = { piecesAgainBytes: 0, blocksAgainBytes: 0, readAgainBytes: 0 };

describe('the log of files', () => {
  const folder = temporaryFolder();
  let lines: LogLine[];
  let runs: TransferRuns;
  let files: ReceivedFiles;

  beforeEach(() => {
    lines = [];
    const log = loggerOf('transfer', (line) => lines.push(line));
    files = new ReceivedFiles(path.join(folder.path, 'notes'), log, alwaysQuiet);
    const carrier: Carrier = {
      send: () => assert.fail('nothing is sent here'),
      receive: () => assert.fail('nothing is received here'),
    };
    const notesFolder = path.join(folder.path, 'sent');
    const copies = new PictureCopies(folder.path);
    const carriers = new Carriers({ udp: carrier, tls: carrier });
    const events = { onState() {}, onSaved() {}, onFailed() {} };
    runs = new TransferRuns(
      { carriers, notesFolder, files, copies, quiet: alwaysQuiet, threads: new DiskThreads(), log },
      events,
    );
  });
  afterEach(() => runs.dispose());

  const transferOf = (direction: 'send' | 'receive'): StoredTransfer => ({
    ...{ id: id(1), peer: ALI, direction, name: 'a.bin', mediaType: 'x/y', sizeBytes: SIZE_BYTES },
    ...{ state: { kind: 'waiting' }, folder: folder.path },
  });

  /** Sessions have told what they have sent. */
  const told = () => new Promise(setImmediate);
  const records = () => lines.map(({ fields }) => fields);

  it("has the sender's word when the transfer is over, once", async () => {
    const transfer = transferOf('send');
    runs.sending(transfer);
    assert.deepEqual(lines, []);
    runs.end(transfer);
    runs.dispose();
    await told();
    assert.deepEqual(records(), [{ record: 'sent', transfer: id(1), ...NONE }]);
  });

  it('has it also where the engine stops in the middle', async () => {
    runs.sending(transferOf('send'));
    runs.dispose();
    await told();
    assert.deepEqual(records(), [{ record: 'sent', transfer: id(1), ...NONE }]);
  });

  it('has what is found of a file that another engine has begun', async () => {
    const transfer = transferOf('receive');
    const before = await files.open(transfer);
    await before.write(0, Buffer.alloc(BLOCK_BYTES));
    await before.close();
    const partial = await files.goOn(transfer);
    const found = { thereBytes: BLOCK_BYTES, sizeBytes: SIZE_BYTES, readAgainBytes: BLOCK_BYTES };
    assert.deepEqual(records(), [{ record: 'found', transfer: id(1), ...found }]);
    await partial.discard();
  });

  it('says in each sentence what is in the fields', () => {
    const transfer = id(1);
    const again = { piecesAgainBytes: 1, blocksAgainBytes: 2, readAgainBytes: 4 };
    assert.deepEqual(
      [
        textOfRecord({ record: 'sent', transfer, ...again }),
        textOfRecord({ record: 'found', transfer, thereBytes: 5, sizeBytes: 6, readAgainBytes: 7 }),
        textOfRecord({ record: 'saved', transfer, cameAgainBytes: 8, unfinishedBytes: 9 }),
      ],
      [
        '3 bytes sent again, 4 read again',
        '5 of 6 bytes are there, 7 read again',
        'saved, 8 bytes came again, 9 were of blocks that were not whole',
      ],
    );
  });
});
