// What is logged of a file's cost, through the runs that make it.

import assert from 'node:assert/strict';
import path from 'node:path';
import { type LogLine, loggerOf } from '../../../src/base/logger.ts';
import type { Carrier, Destination, ReceivingEvents } from '../../../src/engine/carriers/carrier.ts';
import { Carriers } from '../../../src/engine/carriers/carriers.ts';
import type { LiveLink } from '../../../src/engine/connections/liveLink.ts';
import { PictureCopies } from '../../../src/engine/files/pictureCopies.ts';
import { ReceivedFiles } from '../../../src/engine/files/receivedFiles.ts';
import { SentFiles } from '../../../src/engine/files/sentFiles.ts';
import { textOfRecord } from '../../../src/engine/files/transferRecords.ts';
import { TransferRuns } from '../../../src/engine/files/transferRuns.ts';
import { DiskThreads } from '../../../src/engine/io/diskThreads.ts';
import { alwaysQuiet } from '../../../src/engine/io/quiet.ts';
import type { StoredTransfer } from '../../../src/engine/store/transfers.ts';
import { BLOCK_BYTES } from '../../../src/engine/transfer/params.ts';
import { fileDigestOf } from '../../support/fileDigestOf.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { ALI, id } from '../store/support.ts';

const SIZE_BYTES = 3 * BLOCK_BYTES;
/** Of each session. */
const UNFINISHED_BYTES = 1_000;
const NONE = { piecesAgainBytes: 0, blocksAgainBytes: 0, readAgainBytes: 0 };

const LINK = {
  ...{ peer: ALI, channel: { secret: Buffer.alloc(32) }, hello: { capabilities: [] } },
  handle: () => undefined,
} as unknown as LiveLink;

describe('the log of files', () => {
  const folder = temporaryFolder();
  let lines: LogLine[];
  let runs: TransferRuns;
  let files: ReceivedFiles;
  let sessions: {
    readonly name: string;
    readonly destination: Destination;
    readonly events: ReceivingEvents;
  }[];

  let saved: PromiseWithResolvers<void>;

  beforeEach(() => {
    saved = Promise.withResolvers();
    [lines, sessions] = [[], []];
    const log = loggerOf('transfer', (line) => lines.push(line));
    files = new ReceivedFiles(path.join(folder.path, 'notes'), log, alwaysQuiet, new DiskThreads());
    const carrier: Carrier = {
      send: () => assert.fail('nothing is sent here'),
      receive: ({ session: name }, _missing, destination, events) => {
        sessions.push({ name, destination, events });
        return { ended: Promise.resolve(UNFINISHED_BYTES), hearReading() {}, dispose() {} };
      },
    };
    const sentFiles = new SentFiles(path.join(folder.path, 'sent'), alwaysQuiet, new DiskThreads());
    const copies = new PictureCopies(folder.path);
    const carriers = new Carriers({ udp: carrier, tls: carrier });
    const events = { onState() {}, onSaved: () => void saved.resolve(), onFailed() {} };
    runs = new TransferRuns({ carriers, files, sentFiles, copies, log }, events);
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

  it('has what came in vain of a file, once it is saved', async () => {
    const transfer = transferOf('receive');
    const run = runs.newReceiving(transfer, await files.open(transfer));
    const file = Buffer.alloc(SIZE_BYTES);
    const comes = (block: number) =>
      sessions.at(-1)?.destination.write(block * BLOCK_BYTES, file.subarray(0, BLOCK_BYTES));
    run.start(LINK);
    await comes(0);
    await comes(0);
    run.pause();
    await told();
    run.start(LINK);
    await Promise.all([comes(1), comes(2)]);
    sessions.at(-1)?.events.onFinished();
    run.onDigest(sessions.at(-1)?.name ?? '', fileDigestOf(file));
    await saved.promise;
    const inVain = { cameAgainBytes: BLOCK_BYTES, unfinishedBytes: UNFINISHED_BYTES };
    assert.deepEqual(records().at(-1), { record: 'saved', transfer: id(1), ...inVain });
    run.dispose();
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
