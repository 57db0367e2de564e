// What people of the product wait for: a picture from "accept" to "saved and verified", and a message there and back.

import { idleChatGoals } from './chatGoals.ts';
import { chatRoundTrip, type RoundTripRow } from './chatRoundTrip.ts';
import { gather } from './company.ts';
import { type Goal, printGoals } from './goals.ts';
import { type GoodputRow, pictureGoodput } from './pictureGoodput.ts';
import { spreadText } from './statistics.ts';

const MIB = 2 ** 20;
const GOAL_WIDTH = 32;

export interface CompanyTable {
  readonly picture: GoodputRow;
  readonly chat: RoundTripRow;
  readonly goals: readonly Goal[];
}

export async function measureCompany(rounds: number, messages: number): Promise<CompanyTable> {
  const company = await gather();
  try {
    const picture = await pictureGoodput(company, 8 * MIB, rounds);
    const chat = await chatRoundTrip(company, messages);
    return { picture, chat, goals: idleChatGoals(chat) };
  } finally {
    await company.close();
  }
}

export function printCompany({ picture, chat, goals }: CompanyTable, rounds: number): void {
  const mib = (picture.sizeBytes / MIB).toFixed(1);
  console.log(
    `\nA picture of ${mib} MiB over loopback, accept to "saved and verified", ${rounds} rounds in turns, median [min..max]`,
  );
  console.log(`  Hamta, sealed, over UDP   ${spreadText(picture.hamta, 0)} MB/s`);
  console.log(`  raw TLS 1.3               ${spreadText(picture.rawTls, 0)} MB/s`);
  console.log(`  ratio                     ${spreadText(picture.ratio, 2)}\n`);
  console.log(
    `A message of 100 characters, stored on both sides and acknowledged, ${chat.messages} in turns`,
  );
  console.log(`  Hamta                     p50 ${ms(chat.hamta.p50)}  p99 ${ms(chat.hamta.p99)}`);
  console.log(`  raw TLS 1.3 echo          p50 ${ms(chat.rawTls.p50)}  p99 ${ms(chat.rawTls.p99)}`);
  console.log(`  … and both stores         p50 ${ms(chat.floor.p50)}  p99 ${ms(chat.floor.p99)}`);
  console.log(`  ratios of p50             ${chat.ratioP50.toFixed(1)}, ${chat.ratioToFloor.toFixed(1)}`);
  printGoals(goals, GOAL_WIDTH);
}

function ms(value: number): string {
  return `${value.toFixed(3)} ms`;
}
