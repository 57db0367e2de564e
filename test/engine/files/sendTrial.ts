// One offered file over its sessions, from a real disk, with a carrier that only writes down what it is to send.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { mock } from 'node:test';
import type { Failure } from '../../../src/contract/failure.ts';
import type { CarrierKind, TransferState } from '../../../src/contract/transfer.ts';
import type { Carrier, SendingEvents, Source } from '../../../src/engine/carriers/carrier.ts';
import { Carriers } from '../../../src/engine/carriers/carriers.ts';
import type { LiveLink } from '../../../src/engine/connections/liveLink.ts';
import { type AgainCounts, type ReadyFrame, SendRun } from '../../../src/engine/files/sendRun.ts';
import { SentFiles } from '../../../src/engine/files/sentFiles.ts';
import { DiskThreads } from '../../../src/engine/io/diskThreads.ts';
import { stampOf } from '../../../src/engine/io/sourceFile.ts';
import type { LinkIn } from '../../../src/engine/link/linkMessages.ts';
import type { StoredTransfer } from '../../../src/engine/store/transfers.ts';
import { BLOCK_BYTES } from '../../../src/engine/transfer/params.ts';
import type { SentCounts } from '../../../src/engine/transfer/sentTally.ts';
import { realTimers } from '../../support/realTimers.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { ALI, id } from '../store/support.ts';

export const CONTENT = Buffer.alloc(20 * BLOCK_BYTES);

/** To be called in a `describe`: each of its tests has one anew. Its timers are mocked, and a failure is not expected. */
export function sendTrial() {
  afterEach(() => {
    // Before its folder goes: the file may still be on its way to be opened.
    trial.run.dispose();
    realTimers();
    if (!trial.mayFail) assert.deepEqual(failures, []);
    trial.mayFail = false;
  });
  const folder = temporaryFolder();
  const states: TransferState[] = [];
  const failures: Failure[] = [];
  const said: LinkIn[] = [];
  const ended: AgainCounts[] = [];
  /** Names of the sessions that the carrier was given, in order, and of those that it still has. */
  const begun: string[] = [];
  const open: string[] = [];
  let wake: () => void = () => undefined;
  let files: SentFiles;
  const link = { handle: (input: LinkIn) => said.push(input) } as unknown as LiveLink;
  const trial = {
    ...{ link, folder, states, failures, said, ended, begun, open, nameOf, runOf, ask, pass, until },
    now: 0,
    mayFail: false,
    run: undefined as unknown as SendRun,
    /** What the next session says that it has sent. */
    counts: NOTHING_SENT,
    /** Of the newest session. */
    source: undefined as unknown as Source,
    session: undefined as unknown as SendingEvents,
    /** While something goes before files. */
    calm: undefined as Promise<void> | undefined,
    wasAsked: false,
  };

  beforeEach(async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    for (const list of [states, failures, said, ended, begun, open]) list.length = 0;
    wake = () => undefined;
    Object.assign(trial, { now: 5_000, counts: NOTHING_SENT, calm: undefined, wasAsked: false });
    await writeFile(file(), CONTENT);
    files = new SentFiles(folder.path, quiet, new DiskThreads(), { now: () => trial.now });
    trial.run = await runOf(id(1));
  });

  const file = () => path.join(folder.path, 'a.bin');
  const quiet = () => {
    trial.wasAsked = true;
    return trial.calm;
  };

  /** Of the same file, whichever transfer it is. */
  async function runOf(transferId: string): Promise<SendRun> {
    const { sizeBytes, modifiedAt } = await stampOf(file());
    const transfer: StoredTransfer = {
      ...{ id: transferId, peer: ALI, direction: 'send', name: 'a.bin', mediaType: 'x/y', sizeBytes },
      ...{ state: { kind: 'waiting' }, path: file(), sourceModifiedAtMs: modifiedAt },
    };
    return new SendRun(
      transfer,
      files,
      new Carriers({ udp: carrier, tls: carrier }),
      {
        onState: (state) => states.push(state),
        onFailed: (failure) => failures.push(failure),
        onEnded: (again) => ended.push(again),
      },
      { now: () => trial.now },
    );
  }

  const carrier: Carrier = {
    receive: () => assert.fail('nothing is received here'),
    send({ session: name }, _missing, opened, events) {
      trial.source = opened;
      trial.session = events;
      begun.push(name);
      open.push(name);
      wake();
      return {
        ended: Promise.resolve(trial.counts),
        dispose() {
          open.splice(open.indexOf(name), 1);
          void opened.close();
        },
      };
    },
  };

  function nameOf(number: number): string {
    return `${number}`.padStart(16, '0');
  }

  function ask(number: number, over: CarrierKind = 'udp', more: Partial<ReadyFrame> = {}): void {
    const ready = { kind: 'ready', transferId: id(1), session: nameOf(number), firstBlock: 0 } as const;
    trial.run.start(link, { ...ready, carrier: over, ...more });
  }

  /** Time goes on. */
  function pass(ms: number): void {
    trial.now += ms;
    mock.timers.tick(ms);
  }

  async function until(number: number): Promise<void> {
    while (!begun.includes(nameOf(number))) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }

  return trial;
}

const NOTHING_SENT: SentCounts = { piecesAgainBytes: 0, blocks: [] };
