// What people feel of a large file on a narrow line: how long a message and a small picture take beside it, and how much of the line
// it gets meanwhile. The line is made by an emulator outside of this project.

import { setTimeout as pause } from 'node:timers/promises';
import type { CarrierKind } from '../src/contract/transfer.ts';
import { type Carried, LargeOne } from './line/largeOne.ts';
import { LineCompany } from './line/lineCompany.ts';
import { type Trips, tripsDuring } from './line/messageTrips.ts';
import { sendPictures, writeSmallPicture } from './line/smallPictures.ts';
import { type Spread, spreadOf } from './statistics.ts';
import { command } from './transfer/command.ts';
import { openEmulated } from './transfer/emulatedPath.ts';
import { Pair } from './transfer/pair.ts';
import { LeftOut, type Path } from './transfer/path.ts';

export interface Line {
  /** For `--path`. */
  readonly id: string;
  readonly title: string;
  readonly mbit: number;
  /** For the emulator. */
  readonly settings: string;
}

/** Each takes a minute and a half; the first one is measured when nothing is chosen. */
export const LINES: readonly Line[] = [
  // A fifth of a second of queue.
  lineOf('home', '256 KB', '256KB'),
  lineOf('deep', 'a second', '1000ms'),
];
/** For TCP that holds nothing back: some 8 s. */
const RAW_BYTES = 10_000_000;
const IDLE_MS = 6_000;
const BESIDE_MS = 14_000;
const PICTURES = 7;

export interface LineRow {
  readonly beside: string;
  readonly message: Trips;
  /** Ms. */
  readonly picture?: Spread;
  /** How much longer the median is than beside nothing, over the same carrier. */
  readonly times: { readonly message: number; readonly picture?: number };
  /** What came of the large one while messages were measured, and then while pictures were. */
  readonly large: readonly Carried[];
}

export interface LineTable {
  readonly line: Line;
  readonly leftOut?: string;
  readonly rows: readonly LineRow[];
  readonly wentOn?: WentOn;
}

/** Over which carrier the first large ones of two people went on, which try both and stay with the faster one. */
export interface WentOn {
  readonly picture: CarrierKind | undefined;
  readonly file: CarrierKind | undefined;
}

type Bare = Omit<LineRow, 'times'>;

export async function measureLines(
  emulator: string | undefined,
  ids: readonly string[] = ['home'],
): Promise<LineTable[]> {
  const tables: LineTable[] = [];
  for (const line of LINES) if (ids.includes(line.id)) tables.push(await measureLine(line, emulator));
  return tables;
}

async function measureLine(line: Line, emulator: string | undefined): Promise<LineTable> {
  let path: Path;
  try {
    path = open(line, emulator);
  } catch (error) {
    if (error instanceof LeftOut) return { line, leftOut: error.message, rows: [] };
    throw error;
  }
  try {
    return { line, ...(await measureOver(path)) };
  } finally {
    path.close();
  }
}

function lineOf(id: string, queue: string, queueSetting: string): Line {
  const title = `10 Mbit/s, 40 ms there and back, ${queue} of queue, TCP with CUBIC`;
  return { id, title, mbit: 10, settings: `rate=10 delay=20 queue=${queueSetting}` };
}

function open({ settings }: Line, emulator: string | undefined): Path {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) throw new LeftOut('needs root on Linux');
  return openEmulated(emulator, settings, RAW_BYTES, 'cubic');
}

async function measureOver(path: Path): Promise<Pick<LineTable, 'rows' | 'wentOn'>> {
  const company = await LineCompany.gather(path);
  try {
    const small = await writeSmallPicture(company);
    const nothing = await besideNothing('nothing', company, small);
    const wentOn = { picture: await firstOf(company, 'udp'), file: await firstOf(company, 'tls') };
    const open = [await besideLarge('a large picture, over UDP', company, 'udp', small)];
    block(path);
    const nothingOverTls = await besideNothing('UDP blocked: nothing', company, small);
    const blocked = [
      await besideLarge('UDP blocked: a large file, TLS', company, 'tls', small),
      await besideRaw('another program, TCP', company, path),
    ];
    return { rows: [...compared(nothing, open), ...compared(nothingOverTls, blocked)], wentOn };
  } finally {
    await company.close();
  }
}

/** As a firewall that lets TCP through alone: a file over TLS has nowhere else to go then, and small pictures go there, too. */
function block({ sender, receiver }: Path): void {
  const rule = 'iifname != "lo" meta l4proto udp drop';
  for (const { inside } of [sender, receiver]) {
    const [name, ...words] = [...inside, 'nft'];
    command(
      name as string,
      ...words,
      `table inet line { chain in { type filter hook input priority 0; ${rule}; }; }`,
    );
  }
}

/** Both carriers' rates are known then: what follows tries the other one only where that was clearly faster. */
async function firstOf(company: LineCompany, first: CarrierKind): Promise<CarrierKind | undefined> {
  const large = await LargeOne.begin(company, first);
  const { carrier } = large;
  await large.cancel();
  return carrier;
}

/** One picture for warming up; where UDP is blocked, it finds that out. */
async function besideNothing(beside: string, company: LineCompany, small: string): Promise<Bare> {
  await sendPictures(company, small, 1);
  const message = await tripsDuring(company, () => pause(IDLE_MS));
  const picture = spreadOf(await sendPictures(company, small, PICTURES));
  return { beside, message, picture, large: [] };
}

async function besideLarge(
  beside: string,
  company: LineCompany,
  first: CarrierKind,
  small: string,
): Promise<Bare> {
  const large = await LargeOne.begin(company, first);
  const messages = await large.during(() => tripsDuring(company, () => pause(BESIDE_MS)));
  const pictures = await large.during(() => sendPictures(company, small, PICTURES));
  await large.cancel();
  return {
    beside,
    message: messages.result,
    picture: spreadOf(pictures.result),
    large: [messages.carried, pictures.carried],
  };
}

/** What somebody else's program does to the line, for comparison. */
async function besideRaw(beside: string, company: LineCompany, path: Path): Promise<Bare> {
  const pair = await Pair.start('raw TCP with CUBIC', path, company.folder);
  try {
    let mbitPerSecond = 0;
    const message = await tripsDuring(company, async () => {
      mbitPerSecond = 8 * (await pair.run()).rate;
    });
    return { beside, message, large: [{ mbitPerSecond, overOther: 0 }] };
  } finally {
    pair.close();
  }
}

function compared(alone: Bare, others: readonly Bare[]): LineRow[] {
  return [alone, ...others].map((row) => ({ ...row, times: timesOf(row, alone) }));
}

function timesOf({ message, picture }: Bare, alone: Bare): LineRow['times'] {
  const times = { message: message.p50 / alone.message.p50 };
  if (picture === undefined || alone.picture === undefined) return times;
  return { ...times, picture: picture.median / alone.picture.median };
}
