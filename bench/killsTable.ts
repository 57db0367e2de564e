// What was measured of interrupted files, for people.

import { printGoals } from './goals.ts';
import { type KillRow, type KillTable, SIZE_BYTES } from './kills.ts';
import type { Spread } from './statistics.ts';

const NAME_WIDTH = 80;

export function printKills({ rows, goals, notCounted }: KillTable): void {
  const mib = (SIZE_BYTES / 2 ** 20).toFixed(1);
  console.log(
    `\nA file of ${mib} MiB, interrupted at a random point; all arrived whole; median, and at most`,
  );
  for (const row of rows) printRow(row);
  printGoals(goals, NAME_WIDTH);
  for (const what of notCounted) console.log(`  counted nowhere: ${what}`);
}

function printRow({ carrier, interruption, trials, sender, receiver, killed, ms }: KillRow): void {
  const back = sender.idle === 0 ? '' : `, ${sender.idle} of them when all had been sent`;
  console.log(`  over ${carrier} at first, ${interruption}, ${trials} times${back}`);
  print('sent again: pieces lost or late, within a session', shown(sender.piecesAgainBytes));
  print('sent again: blocks of which a session before had sent anything', shown(sender.blocksAgainBytes));
  print('came, and thrown away: of blocks not whole when a session ended', shown(receiver.unfinishedBytes));
  print("came again: whole blocks that were on the receiver's disk", shown(receiver.cameAgainBytes));
  if (killed !== undefined) {
    print("on the receiver's disk when it was killed, and not found again", shown(killed.lostBytes));
    print("in the receiver's memory only when it was killed", shown(killed.unwrittenBytes));
  }
  print('read and hashed again by the sender', shown(sender.readAgainBytes));
  print('read and hashed by the receiver to prove its disk', shown(receiver.readAgainBytes));
  print('whole time', `${ms.median.toFixed(0)} ms, at most ${ms.max.toFixed(0)} ms`);
}

function print(name: string, figures: string): void {
  console.log(`${`    ${name}`.padEnd(NAME_WIDTH)} ${figures}`);
}

function shown({ median, max }: Spread): string {
  return `${kib(median)}, at most ${kib(max)}`;
}

function kib(bytes: number): string {
  return bytes < 1024 ? `${bytes} bytes` : `${(bytes / 1024).toFixed(0)} KiB`;
}
