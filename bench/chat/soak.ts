// Two engines who write to each other while much goes wrong: whether anything was lost, doubled, reordered or shown before its
// cause. Every seed is judged on its own; a seed that fails is named.

import { type SoakOutcome, soakChat } from '../../test/support/soak/chatSoak.ts';

/** One mishap for so many messages. */
const MESSAGES_PER_MISHAP = 100;

export interface SoakTable {
  readonly messages: number;
  readonly outcomes: readonly SoakOutcome[];
}

/** `messages` of both people together, for each of so many seeds from `first` on. Says on stderr how each went: it takes minutes. */
export async function measureSoak(first: number, seeds: number, messages: number): Promise<SoakTable> {
  const outcomes: SoakOutcome[] = [];
  const mishaps = Math.ceil(messages / MESSAGES_PER_MISHAP);
  for (let seed = first; seed < first + seeds; seed++) outcomes.push(await soakSeed(seed, messages, mishaps));
  if (outcomes.some(({ problems }) => problems.length > 0)) process.exitCode = 1;
  return { messages, outcomes };
}

export function printSoak({ messages, outcomes }: SoakTable): void {
  console.log(`\n${messages} messages both ways, each seed; what was told was compared with what was stored`);
  const wrong = outcomes.filter(({ problems }) => problems.length > 0);
  const count = outcomes.reduce((sum, { stored }) => sum + stored, 0);
  const right = `${count} messages: none lost, none doubled, none out of order, nothing shown before its cause`;
  console.log(wrong.length === 0 ? `  ${right}` : `  wrong: seeds ${wrong.map(({ seed }) => seed)}`);
  for (const { seed, problems } of wrong)
    for (const problem of problems) console.log(`  seed ${seed}: ${problem}`);
}

async function soakSeed(seed: number, messages: number, mishaps: number): Promise<SoakOutcome> {
  try {
    const outcome = await soakChat({ seed, messages, mishaps });
    console.error(lineOf(outcome));
    return outcome;
  } catch (error) {
    throw new Error(`seed ${seed}`, { cause: error });
  }
}

function lineOf({ seed, stored, unconfirmed, claims, mishaps, ms, problems }: SoakOutcome): string {
  const what = Object.entries(mishaps).map(([mishap, count]) => `${mishap} ${count}`);
  const facts = `${stored} stored, ${unconfirmed} unconfirmed at a kill, ${claims} claims, ${what.join(', ')}`;
  return `seed ${seed}: ${problems.length === 0 ? 'right' : 'WRONG'} in ${(ms / 1000).toFixed(0)} s; ${facts}`;
}
