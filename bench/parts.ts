// Everything that the benchmark can measure: one line each, and the amounts that each may be told.

import { measureChat, printChat } from './chat/chat.ts';
import { measureScroll, printScroll } from './chat/scroll.ts';
import { measureSearch, printSearch } from './chat/search.ts';
import { measureSoak, printSoak } from './chat/soak.ts';
import { measureWindows, printWindows } from './chat/windows.ts';
import { measureCompany, printCompany } from './companyTable.ts';
import { measureEditor, printEditor } from './editor.ts';
import { measureExactness, printExactness } from './exactness.ts';
import { measureFailover, printFailover } from './failover.ts';
import { fuzzDatagrams, printDatagramFuzz } from './fuzzDatagrams.ts';
import { measureKills } from './kills.ts';
import { printKills } from './killsTable.ts';
import { measureLarge, printLarge } from './large.ts';
import { printLines } from './line/lineTable.ts';
import { measureLines } from './line.ts';
import { fuzzRegistry, printFuzz } from './registry/fuzzRegistry.ts';
import { measureRegistry, printRegistry } from './registry.ts';
import { measureSignal, printSignal } from './signal.ts';
import { measureFrames, printFrames } from './signalFuzz.ts';
import { measureTransfer, printTransfer } from './transfer/transferTables.ts';

/** `--NAME N`, and what N is when it is not said. */
const AMOUNTS = {
  rounds: 7,
  clients: 1_000,
  names: 100_000,
  points: 20,
  gib: 4,
  mib: 1_024,
  files: 500,
  people: 200,
  seed: 1,
  seeds: 20,
  kills: 20,
  stored: 1_000_000,
} as const;

export interface Amounts extends Readonly<Record<keyof typeof AMOUNTS, number>> {
  /** `--path ID,ID`: only these sections of `transfer`, or lines of `line`. */
  readonly paths: readonly string[] | undefined;
  /** `--emulator PATH`: a program that makes bad lines; without it those sections are left out. */
  readonly emulator: string | undefined;
  /** `--messages N` and `--inputs N`: each part has its own usual number. */
  readonly messages: number | undefined;
  readonly inputs: number | undefined;
}

export interface Part<Result = unknown> {
  readonly name: string;
  /** Measured when nothing is chosen; the others take minutes. */
  readonly usual: boolean;
  measure(amounts: Amounts): Result | Promise<Result>;
  print(result: Result, amounts: Amounts): void;
}

const part = <Result>(of: Part<Result>): Part => of as Part;

export const parts: readonly Part[] = [
  // A picture and a message from person to person.
  part({
    name: 'company',
    usual: true,
    measure: ({ rounds, messages = 500 }) => measureCompany(rounds, messages),
    print: (result, { rounds }) => printCompany(result, rounds),
  }),
  // The bytes alone, against everything else.
  part({ name: 'transfer', usual: true, measure: measureTransfer, print: printTransfer }),
  // A registry with many people who watch each other.
  part({ name: 'signal', usual: true, measure: ({ clients }) => measureSignal(clients), print: printSignal }),
  // Look-ups, registrations, and a directory of many names: a million takes minutes and 2 GB.
  part({
    name: 'registry',
    usual: true,
    measure: ({ rounds, names }) => measureRegistry(rounds, names),
    print: printRegistry,
  }),
  // Files that are interrupted, at each point with three seeds.
  part({ name: 'kills', usual: false, measure: ({ points }) => measureKills(points), print: printKills }),
  // Malformed requests at a registry.
  part({
    name: 'fuzz',
    usual: false,
    measure: ({ inputs = 1_000_000 }) => fuzzRegistry(inputs),
    print: printFuzz,
  }),
  // Hostile frames at a registry's signal socket.
  part({
    name: 'frames',
    usual: false,
    measure: ({ inputs = 1_000_000 }) => measureFrames(inputs),
    print: printFrames,
  }),
  // People who watch each other while an instance, a Redis or a master of a Cluster below them dies.
  part({
    name: 'failover',
    usual: false,
    measure: ({ people }) => measureFailover(people),
    print: printFailover,
  }),
  // Wrong datagrams at a transfer under way, each made anew: ten million take minutes.
  part({
    name: 'datagrams',
    usual: false,
    measure: ({ inputs = 10_000_000 }) => fuzzDatagrams(inputs),
    print: printDatagramFuzz,
  }),
  // Files over networks of every bad kind, in virtual time.
  part({
    name: 'exact',
    usual: false,
    measure: ({ files }) => measureExactness(files),
    print: printExactness,
  }),
  // One file that is larger than any memory it may take.
  part({ name: 'large', usual: false, measure: ({ gib }) => measureLarge(gib), print: printLarge }),
  // What a window and a chat feel of a large file beside them.
  part({ name: 'editor', usual: false, measure: ({ mib }) => measureEditor(mib), print: printEditor }),
  // What a message and a small picture feel of a large file on a narrow line, and what it gets of that line.
  part({
    name: 'line',
    usual: false,
    measure: ({ emulator, paths }) => measureLines(emulator, paths),
    print: printLines,
  }),
  // A chat in which engines are killed, links cut and clocks set.
  part({
    name: 'soak',
    usual: false,
    measure: ({ seed, seeds, messages = 10_000 }) => measureSoak(seed, seeds, messages),
    print: printSoak,
  }),
  // A message there and back, many of them, and the starts of an engine with a full store and of the extension.
  part({
    name: 'chat',
    usual: false,
    measure: ({ rounds, messages = 500, stored }) => measureChat(rounds, messages, stored),
    print: printChat,
  }),
  // Words in a store with many messages.
  part({
    name: 'search',
    usual: false,
    measure: ({ rounds, stored }) => measureSearch(stored, rounds),
    print: printSearch,
  }),
  // A long conversation in a real VS Code, from its newest message to its oldest and back.
  part({
    name: 'scroll',
    usual: false,
    measure: ({ messages = 100_000 }) => measureScroll(messages),
    print: printScroll,
  }),
  // Five windows, of which the one with the engine is killed.
  part({ name: 'windows', usual: false, measure: ({ kills }) => measureWindows(kills), print: printWindows }),
];

type Name = keyof typeof AMOUNTS;
type Option = Name | 'path' | 'emulator' | 'messages' | 'inputs';

const NAMES = Object.keys(AMOUNTS) as Name[];

export const amountOptions = Object.fromEntries(
  [...NAMES, 'path', 'emulator', 'messages', 'inputs'].map((name) => [name, { type: 'string' }]),
) as { readonly [Each in Option]: { readonly type: 'string' } };

export function amountsOf(values: { readonly [Each in Option]?: string | undefined }): Amounts {
  const { path, emulator, messages, inputs } = values;
  const amounts = NAMES.map((name) => [name, Number(values[name] ?? AMOUNTS[name])]);
  return {
    ...(Object.fromEntries(amounts) as Record<Name, number>),
    paths: path?.split(','),
    emulator,
    messages: messages === undefined ? undefined : Number(messages),
    inputs: inputs === undefined ? undefined : Number(inputs),
  };
}
