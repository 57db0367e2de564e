// A file that is on its way for as long as something beside it is measured, and is cancelled then.

import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type CarrierKind, isFinal, type TransferState } from '../../src/contract/transfer.ts';
import type { LineCompany } from './lineCompany.ts';

/** More than the line carries in the time. */
const SIZE_BYTES = 96 * 2 ** 20;
/** The signature and header of a PNG of 4096 x 4096: enough for a file to go as pictures do. */
const PNG_HEAD = Buffer.from(
  '89504e470d0a1a0a0000000d49484452000010000000100008060000000000000000000000',
  'hex',
);
/** Until it is at its rate, and has tried the other carrier where it wants to. */
const WARM_MS = 4_000;
const DRAIN_MS = 1_000;
const SAMPLE_EVERY_MS = 50;

/** What came of it meanwhile. */
export interface Carried {
  /** Of the file's bytes, 10^6 bits. */
  readonly mbitPerSecond: number;
  /** 0 to 1: how much of it came over the other carrier than the one that was meant. */
  readonly overOther: number;
}

interface Sample {
  readonly at: number;
  readonly bytes: number;
  readonly carrier: CarrierKind | undefined;
}

export class LargeOne {
  readonly #company: LineCompany;
  readonly #id: string;
  readonly #meant: CarrierKind;

  private constructor(company: LineCompany, id: string, meant: CarrierKind) {
    this.#company = company;
    this.#id = id;
    this.#meant = meant;
  }

  /** A picture goes by UDP first, any other file by TLS. Resolves when it is well under way. */
  static async begin(company: LineCompany, first: CarrierKind): Promise<LargeOne> {
    const path = join(company.folder, `large.${first}`);
    await write(path, first === 'udp' ? PNG_HEAD : Buffer.alloc(0));
    const offer = { peer: company.fingerprintOfBob, path, asPicture: false };
    const { id } = await company.sara.request('offerFile', offer);
    await company.bob.transfer(id, 'running');
    await pause(WARM_MS);
    return new LargeOne(company, id, first);
  }

  /** Over which it came last. */
  get carrier(): CarrierKind | undefined {
    return this.#look()?.carrier;
  }

  /** What comes of it while `work` goes on, and what that answers. Rejects where the file is over by then. */
  async during<Result>(work: () => Promise<Result>): Promise<{ result: Result; carried: Carried }> {
    const samples: Sample[] = [];
    const timer = setInterval(() => {
      const sample = this.#look();
      if (sample !== undefined) samples.push(sample);
    }, SAMPLE_EVERY_MS);
    try {
      const result = await work();
      if (isFinal(this.#state)) throw new Error(`the large file is over: ${JSON.stringify(this.#state)}`);
      return { result, carried: carriedIn(samples, this.#meant) };
    } finally {
      clearInterval(timer);
    }
  }

  /** Resolves when nothing of it is in front of the line any more. */
  async cancel(): Promise<void> {
    await this.#company.sara.request('cancelTransfer', { id: this.#id });
    await this.#company.bob.transfer(this.#id, 'cancelled');
    await pause(DRAIN_MS);
  }

  get #state(): TransferState {
    const transfer = this.#company.bob.state.transfers[this.#id];
    if (transfer === undefined) throw new Error('the large file is not there');
    return transfer.state;
  }

  /** Undefined while it waits. */
  #look(): Sample | undefined {
    const state = this.#state;
    if (state.kind !== 'running') return undefined;
    return { at: performance.now(), bytes: state.bytes, carrier: state.carrier };
  }
}

/** From one change to another: it is told in steps. */
function carriedIn(samples: readonly Sample[], meant: CarrierKind): Carried {
  const steps = samples.filter(({ bytes }, i) => i > 0 && bytes !== samples[i - 1]?.bytes);
  const [from, to] = [steps[0], steps.at(-1)];
  if (from === undefined || to === undefined || from === to) return { mbitPerSecond: 0, overOther: 0 };
  const bytes = to.bytes - from.bytes;
  const ofOther = steps.map((step, i) =>
    i > 0 && step.carrier !== meant ? step.bytes - (steps[i - 1]?.bytes ?? 0) : 0,
  );
  return {
    mbitPerSecond: (bytes * 8) / 1_000 / (to.at - from.at),
    overOther: ofOther.reduce((sum, each) => sum + each, 0) / bytes,
  };
}

/** Sparse where the disk knows that: the line is what is slow. */
async function write(path: string, head: Buffer): Promise<void> {
  const file = await open(path, 'w');
  await file.write(head, 0, head.length, 0);
  await file.truncate(SIZE_BYTES);
  await file.close();
}
