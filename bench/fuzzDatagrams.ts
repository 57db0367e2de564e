// As many wrong datagrams as wanted at a transfer under way: what each kind of them costs, and that the file arrives all the same.

import { DatagramFuzz, FUZZ_KINDS, type FuzzCost, type FuzzKind } from '../test/support/datagramFuzz.ts';
import { heldBytes } from '../test/support/heldBytes.ts';

export interface DatagramFuzzRow extends FuzzCost {
  readonly kind: FuzzKind;
  readonly inputs: number;
  /** On the heap without garbage, from a tenth of them to the last. */
  readonly heldBytes: number;
}

export interface DatagramFuzzTable {
  readonly seed: number;
  readonly rows: readonly DatagramFuzzRow[];
  /** The resident memory of the whole process at most. */
  readonly peakBytes: number;
}

const SEED = 20_261_120;
const MIB = 2 ** 20;

/** `inputs` in all, at both ends each. Rejects where the file is not exact afterwards. */
export function fuzzDatagrams(inputs: number): DatagramFuzzTable {
  const rows = FUZZ_KINDS.map((kind) => row(kind, Math.ceil(inputs / FUZZ_KINDS.length)));
  return { seed: SEED, rows, peakBytes: process.resourceUsage().maxRSS * 1024 };
}

export function printDatagramFuzz({ seed, rows, peakBytes }: DatagramFuzzTable): void {
  console.log(
    `\nWrong datagrams at both ends of a transfer under way, seed ${seed}; the file arrived after each kind`,
  );
  for (const { kind, inputs, nanosEach, answered, heldBytes: held } of rows)
    console.log(
      `  ${kind.padEnd(28)}${inputs} at ${(nanosEach / 1000).toFixed(2)} us, ${(held / 1024).toFixed(0)} KiB more held, ` +
        `${answered.toFixed(3)} bytes answered for each`,
    );
  console.log(`  ${'resident at most'.padEnd(28)}${(peakBytes / MIB).toFixed(0)} MiB`);
}

function row(kind: FuzzKind, inputs: number): DatagramFuzzRow {
  const fuzz = new DatagramFuzz(SEED);
  const early = Math.ceil(inputs / 10);
  fuzz.run(kind, early);
  const before = heldBytes();
  const cost = fuzz.run(kind, inputs - early);
  const held = heldBytes() - before;
  if (!fuzz.isExactAtTheEnd())
    throw new Error(`the file is not what it must be after ${inputs} ${kind}, seed ${SEED}`);
  return { kind, inputs, heldBytes: held, ...cost };
}
