// What a chat costs: one message there and back, many of them, the start of an engine that has many, and that of the extension.

import { idleChatGoals } from '../chatGoals.ts';
import { chatRoundTrip, type RoundTripRow } from '../chatRoundTrip.ts';
import { gather } from '../company.ts';
import { type Goal, printGoals } from '../goals.ts';
import { type Spread, spreadText } from '../statistics.ts';
import { type Activation, measureActivation } from './activation.ts';
import { type EngineStart, measureEngineStart } from './engineStart.ts';
import { burst, steady, type Throughput } from './throughput.ts';

const BURST = 5_000;
const STEADY = 5_000;
const GOAL_WIDTH = 32;

export interface ChatTable {
  readonly roundTrip: RoundTripRow;
  readonly goals: readonly Goal[];
  readonly burst: Throughput;
  readonly steady: Throughput;
  readonly start: EngineStart;
  readonly activation: Activation;
}

/** `messages` there and back, one after the other; `stored` of them in the store of the engine that is started. */
export async function measureChat(rounds: number, messages: number, stored: number): Promise<ChatTable> {
  const company = await gather();
  try {
    const roundTrip = await chatRoundTrip(company, messages);
    const rates = { burst: await burst(company, BURST), steady: await steady(company, STEADY) };
    const start = await measureEngineStart(stored, rounds);
    const goals = idleChatGoals(roundTrip);
    return { roundTrip, goals, ...rates, start, activation: await measureActivation(rounds) };
  } finally {
    await company.close();
  }
}

export function printChat({ roundTrip, goals, burst, steady, start, activation }: ChatTable): void {
  const { hamta, rawTls, floor, ratioP50, ratioToFloor, messages } = roundTrip;
  console.log(`\nA message of 100 characters, stored on both sides and acknowledged, ${messages} in turns`);
  console.log(`  Hamta             p50 ${hamta.p50.toFixed(2)} ms, p99 ${hamta.p99.toFixed(2)} ms`);
  console.log(`  raw TLS 1.3 echo  p50 ${rawTls.p50.toFixed(2)} ms, p99 ${rawTls.p99.toFixed(2)} ms`);
  console.log(`  and both stores   p50 ${floor.p50.toFixed(2)} ms, p99 ${floor.p99.toFixed(2)} ms`);
  console.log(`  ratios of p50     ${ratioP50.toFixed(1)}, ${ratioToFloor.toFixed(1)}`);
  printGoals(goals, GOAL_WIDTH);
  console.log('\nMessages per second, each stored on both sides');
  console.log(`  ${burst.messages} at once           ${rates(burst)}`);
  console.log(`  ${steady.messages}, 32 at a time    ${rates(steady)}`);
  console.log('\nFrom the first look for an engine until a window has the state');
  console.log(`  ${start.messages} messages  ${shown(start.attachedMs)}`);
  console.log(`                     ${shown(start.cpuMs)} of the processor's time`);
  console.log(`  no messages        ${shown(start.emptyMs)}`);
  console.log("\nThe extension's activation: of the host's thread, by the clock, and as the editor shows it");
  for (const [who, { threadMs, wallMs, editorMs }] of starts(activation)) {
    console.log(`  ${who}  ${shown(threadMs)}, ${shown(wallMs)}, ${shown(editorMs)}`);
  }
}

function starts({ signedUp, newcomer }: Activation) {
  return [
    ['signed up    ', signedUp],
    ['not signed up', newcomer],
  ] as const;
}

function rates({ storedPerSecond, deliveredPerSecond }: Throughput): string {
  return `${storedPerSecond.toFixed(0)} stored here, ${deliveredPerSecond.toFixed(0)} delivered`;
}

function shown(spread: Spread): string {
  return `median ${spreadText(spread, 0)} ms`;
}
