// One accepted file over its sessions, on a real disk, with carriers and a link that only write down what they are told.

import assert from 'node:assert/strict';
import type { CarrierKind, Transfer } from '../../../src/contract/transfer.ts';
import type { Carrier, Destination, ReceivingEvents } from '../../../src/engine/carriers/carrier.ts';
import { Carriers } from '../../../src/engine/carriers/carriers.ts';
import type { LiveLink } from '../../../src/engine/connections/liveLink.ts';
import { ReceiveRun } from '../../../src/engine/files/receiveRun.ts';
import { DiskCalls } from '../../../src/engine/io/diskCalls.ts';
import { PageMemory } from '../../../src/engine/io/pageMemory.ts';
import { PartialFile } from '../../../src/engine/io/partialFile.ts';
import { alwaysQuiet } from '../../../src/engine/io/quiet.ts';
import type { LinkIn } from '../../../src/engine/link/linkMessages.ts';
import { BLOCK_BYTES } from '../../../src/engine/transfer/params.ts';
import { randomBytesOf } from '../../support/randomBytes.ts';
import { seededRandom } from '../../support/seededRandom.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { ALI, id } from '../store/support.ts';

interface Session {
  readonly kind: CarrierKind;
  readonly firstBlock: number;
  readonly destination: Destination;
  readonly events: ReceivingEvents;
  /** How often it has heard that the sender waits for its disk. */
  timesReading: number;
  /** What came of blocks that are not whole. */
  unfinishedBytes: number;
  /** Where it has not told so at once. */
  ended?: Promise<number>;
  isOver: boolean;
}

/** To be called in a `describe`: each of its tests has one anew. */
export function receiveTrial() {
  const folder = temporaryFolder();
  const notes = temporaryFolder();
  const told: LinkIn[] = [];
  const said: unknown[] = [];
  const sessions: Session[] = [];
  let carriers: Carriers;
  const runs: ReceiveRun[] = [];
  /** Their files. */
  const closings: Promise<void>[] = [];

  beforeEach(() => {
    for (const list of [told, said, sessions]) list.length = 0;
    carriers = new Carriers({ udp: carrierOf('udp'), tls: carrierOf('tls') });
  });
  afterEach(async () => {
    for (const run of runs.splice(0)) run.dispose();
    await left();
    await Promise.all(closings.splice(0));
  });

  /** Only writes down what it is to receive. */
  const carrierOf = (kind: CarrierKind): Carrier => ({
    send: () => assert.fail('nothing is sent here'),
    receive(_place, { firstBlock }, destination, events) {
      const session: Session = {
        ...{ kind, firstBlock, destination, events, unfinishedBytes: 0, timesReading: 0, isOver: false },
      };
      sessions.push(session);
      events.onBegun();
      return {
        get ended() {
          return session.ended ?? Promise.resolve(session.unfinishedBytes);
        },
        hearReading: () => {
          session.timesReading++;
        },
        dispose: () => {
          session.isOver = true;
        },
      };
    },
  });

  const link = (...capabilities: string[]) =>
    ({
      peer: ALI,
      channel: { secret: Buffer.alloc(32), remoteHost: '127.0.0.1' },
      hello: { capabilities },
      handle: (input: LinkIn) => told.push(input),
    }) as unknown as LiveLink;

  /** A run of `sizeBytes`, of which the first `blocks` are on the disk from before. */
  async function runWith(sizeBytes: number, blocks: number, mediaType = 'x/y') {
    const bytes = randomBytesOf(seededRandom(1), sizeBytes);
    const transfer: Transfer = {
      ...{ id: id(1), peer: ALI, direction: 'receive', name: 'a.bin', mediaType, sizeBytes },
      state: { kind: 'waiting' },
    };
    const partial = await PartialFile.open({
      ...{ folder: folder.path, notesFolder: notes.path, name: 'a.bin', transferId: transfer.id, sizeBytes },
      disks: new DiskCalls(),
      memory: new PageMemory(),
      quiet: alwaysQuiet,
    });
    const close = partial.close.bind(partial);
    partial.close = () => {
      const closing = close();
      closings.push(closing);
      return closing;
    };
    for (let at = 0; at < Math.min(blocks * BLOCK_BYTES, sizeBytes); at += BLOCK_BYTES)
      await partial.write(at, bytes.subarray(at, at + BLOCK_BYTES));
    const run = new ReceiveRun(transfer, partial, carriers, {
      onSession: () => undefined,
      onState: (state) => said.push(state),
      onSaved: (path, sha256) => said.push({ path, sha256 }),
      onOver: () => said.push('over'),
      onFailed: (failure) => said.push(failure),
    });
    runs.push(run);
    return { run, bytes, partial };
  }

  const block = (bytes: Buffer, index: number) =>
    bytes.subarray(index * BLOCK_BYTES, (index + 1) * BLOCK_BYTES);

  const lastSession = () => {
    const session = sessions.at(-1);
    assert.ok(session);
    return session;
  };

  /** Sessions that were ended have said their last word. */
  const left = () => new Promise(setImmediate);

  const isProbe = ({ kind }: LinkIn) => kind === 'probe';

  /** Of all that it has said. */
  const ready = () =>
    told
      .filter((input) => !isProbe(input))
      .map((input) =>
        input.kind === 'transfer' && input.frame.kind === 'ready' ? input.frame.firstBlock : undefined,
      );

  /** How often the link was asked for a sign of life. */
  const probes = () => told.filter(isProbe).length;

  const attemptsOf = (words: readonly LinkIn[]) =>
    words.flatMap((input) =>
      input.kind === 'transfer' && input.frame.kind === 'ready' ? [input.frame.attempt] : [],
    );

  return {
    ...{
      folder,
      notes,
      told,
      said,
      sessions,
      link,
      runWith,
      block,
      lastSession,
      left,
      ready,
      probes,
      attemptsOf,
    },
    carriers: () => carriers,
  };
}
