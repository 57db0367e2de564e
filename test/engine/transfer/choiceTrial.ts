// A choice of carriers in a world that is made for it, in virtual time.

import type { CarrierKind } from '../../../src/contract/transfer.ts';
import { CarrierChoice } from '../../../src/engine/transfer/carrierChoice.ts';
import { READING_MS } from '../../../src/engine/transfer/carrierParams.ts';
import { CarrierRates } from '../../../src/engine/transfer/carrierRates.ts';
import type { ChoiceIn, ChoiceOut } from '../../../src/engine/transfer/choiceIo.ts';
import { BLOCK_BYTES } from '../../../src/engine/transfer/params.ts';
import { PartNews } from '../../../src/engine/transfer/partNews.ts';

export const GIB = 2 ** 30;
export const STEP_MS = 10;
const ROUND_TRIP_MS = 200;
export const BOTH: readonly CarrierKind[] = ['tls', 'udp'];

/** What each carrier does: bytes in a second, or that it cannot be had. */
export type World = Record<CarrierKind, number | 'refused'>;

/** What each session over a carrier begins with. */
export interface Start {
  /** Until it is at its rate: twice as fast with each round trip. */
  readonly risesMs?: number;
  /** At once, as what buffers on the way take. */
  readonly burstBytes?: number;
}

export class ChoiceTrial {
  readonly world: World;
  readonly starts: Partial<Record<CarrierKind, Start>>;
  readonly rates: CarrierRates;
  /** When each session began, over what, as which try. */
  readonly opened: [at: number, carrier: CarrierKind, attempt: number][] = [];
  readonly machine: CarrierChoice;
  now: number;
  end: 'whole' | 'gaveUp' | undefined;
  /** No session begins: its thread is not run. */
  isHeld: boolean;
  /** The disk takes nothing. */
  isDiskStuck = false;
  /** The sender says that it waits for its own. */
  isSourceStuck = false;
  waits = 0;
  /** When the link was doubted. */
  readonly doubts: number[] = [];
  missing: number;
  /** Bytes that are part of no block yet. */
  #credit = 0;
  #news = new PartNews();
  #unwritten = 0;
  #carrier: CarrierKind = 'tls';

  constructor(
    world: World,
    {
      carriers = BOTH,
      missingBytes = GIB,
      rates = new CarrierRates(),
      startAt = 0,
      starts = {},
      isHeld = false,
    } = {},
  ) {
    this.world = world;
    this.starts = starts;
    this.isHeld = isHeld;
    this.rates = rates;
    this.now = startAt;
    this.missing = missingBytes;
    this.machine = new CarrierChoice({ carriers, sizeBytes: missingBytes, missingBytes, rates });
    this.tell({ kind: 'start' });
  }

  get carrier(): CarrierKind {
    return this.#carrier;
  }

  tell(input: ChoiceIn): void {
    this.machine.handle(input, this.now);
    const outs: ChoiceOut[] = [];
    for (let out = this.machine.poll(); out !== undefined; out = this.machine.poll()) outs.push(out);
    for (const out of outs) this.#obey(out);
  }

  run(ms: number): this {
    for (const end = this.now + ms; this.now < end && this.end === undefined; this.now += STEP_MS)
      this.#step();
    return this;
  }

  #step(): void {
    if (!this.isSourceStuck) this.#bringBlocks();
    else if (this.now % READING_MS === 0) this.tell({ kind: 'reading' });
    while (this.#unwritten > 0 && !this.isDiskStuck) {
      this.#unwritten--;
      this.tell({ kind: 'written' });
    }
    if ((this.machine.deadline() ?? Number.POSITIVE_INFINITY) <= this.now) this.tell({ kind: 'time' });
  }

  #bringBlocks(): void {
    const rate = this.world[this.#carrier];
    if (rate === 'refused') return;
    const bytes = (this.#risen * rate * STEP_MS) / 1_000;
    this.#credit += bytes;
    if (this.#credit >= BLOCK_BYTES) this.#news.whole(this.now);
    const part = this.#news.came(bytes, this.now);
    if (part !== undefined) this.tell({ kind: 'part', bytes: part });
    while (this.#credit >= BLOCK_BYTES && this.end === undefined) {
      // First: the block may open a session, which begins with nothing of it.
      this.#credit -= BLOCK_BYTES;
      this.#unwritten++;
      this.missing -= BLOCK_BYTES;
      this.tell({ kind: 'block', bytes: BLOCK_BYTES });
      if (this.missing > 0) continue;
      this.end = 'whole';
      this.tell({ kind: 'whole' });
    }
  }

  /** 0 to 1. */
  get #risen(): number {
    const { risesMs = 0 } = this.starts[this.#carrier] ?? {};
    const age = this.now - (this.opened.at(-1)?.[0] ?? this.now);
    return Math.min(1, 2 ** ((age - risesMs) / ROUND_TRIP_MS));
  }

  #obey(out: ChoiceOut): void {
    if (out.kind === 'wait') {
      this.waits++;
      return;
    }
    if (out.kind === 'doubt') {
      this.doubts.push(this.now);
      return;
    }
    if (out.kind === 'giveUp') {
      this.end = 'gaveUp';
      return;
    }
    this.#carrier = out.carrier;
    this.#credit = this.starts[out.carrier]?.burstBytes ?? 0;
    this.#news = new PartNews();
    this.opened.push([this.now, out.carrier, out.attempt]);
    if (!this.isHeld) this.tell({ kind: 'begun' });
    if (this.world[out.carrier] === 'refused') this.tell({ kind: 'lost' });
  }
}

export const MB = 1_000_000;
