// A part of `npm test`: it runs something, and says how many tests passed and failed in it.
export interface StageResult {
  readonly passed: number;
  readonly failed: number;
}

export interface Stage {
  /** For --only and for the headings. */
  readonly name: string;
  run(): Promise<StageResult>;
}

/** For parts that either succeed or do not: they count as one test. */
export async function asOneTest(work: () => Promise<unknown>): Promise<StageResult> {
  try {
    await work();
    return { passed: 1, failed: 0 };
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return { passed: 0, failed: 1 };
  }
}
