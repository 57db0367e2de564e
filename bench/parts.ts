// Everything that the benchmark can measure, with the amounts that each part may be told.

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
import { LINES, measureLines } from './line.ts';
import { type Part, part } from './part.ts';
import { fuzzRegistry, printFuzz } from './registry/fuzzRegistry.ts';
import { measureRegistry, printRegistry } from './registry.ts';
import { measureSignal, printSignal } from './signal.ts';
import { measureFrames, printFrames } from './signalFuzz.ts';
import { sectionsOf } from './transfer/sections.ts';
import { measureTransfer, printTransfer } from './transfer/transferTables.ts';

export const parts: readonly Part[] = [
  part({
    name: 'company',
    about: 'a picture and a message from person to person',
    isUsual: true,
    amounts: { rounds: 7, messages: 500 },
    measure: ({ rounds, messages }) => measureCompany(rounds, messages),
    print: (result, { rounds }) => printCompany(result, rounds),
  }),
  part({
    name: 'transfer',
    about: 'the bytes alone, against everything else',
    isUsual: true,
    amounts: { rounds: 7 },
    paths: sectionsOf(undefined).map(({ id }) => id),
    measure: measureTransfer,
    print: printTransfer,
  }),
  part({
    name: 'signal',
    about: 'a registry with many people who watch each other',
    isUsual: true,
    amounts: { clients: 1_000 },
    measure: ({ clients }) => measureSignal(clients),
    print: printSignal,
  }),
  part({
    name: 'registry',
    about: 'look-ups, registrations, a directory of many names: a million takes minutes and 2 GB',
    isUsual: true,
    amounts: { rounds: 7, names: 100_000 },
    measure: ({ rounds, names }) => measureRegistry(rounds, names),
    print: printRegistry,
  }),
  part({
    name: 'kills',
    about: 'files that are interrupted, at each point with three seeds',
    amounts: { points: 20 },
    measure: ({ points }) => measureKills(points),
    print: printKills,
  }),
  part({
    name: 'fuzz',
    about: 'malformed requests at a registry',
    amounts: { inputs: 1_000_000 },
    measure: ({ inputs }) => fuzzRegistry(inputs),
    print: printFuzz,
  }),
  part({
    name: 'frames',
    about: "hostile frames at a registry's signal socket",
    amounts: { inputs: 1_000_000 },
    measure: ({ inputs }) => measureFrames(inputs),
    print: printFrames,
  }),
  part({
    name: 'failover',
    about: 'people who watch each other while an instance, a Redis or a master of a Cluster below them dies',
    amounts: { people: 200 },
    measure: ({ people }) => measureFailover(people),
    print: printFailover,
  }),
  part({
    name: 'datagrams',
    about: 'wrong datagrams at a transfer under way, each made anew: ten million take minutes',
    amounts: { inputs: 10_000_000 },
    measure: ({ inputs }) => fuzzDatagrams(inputs),
    print: printDatagramFuzz,
  }),
  part({
    name: 'exact',
    about: 'files over networks of every bad kind, in virtual time',
    amounts: { files: 500 },
    measure: ({ files }) => measureExactness(files),
    print: printExactness,
  }),
  part({
    name: 'large',
    about: 'one file that is larger than any memory it may take',
    amounts: { gib: 4 },
    measure: ({ gib }) => measureLarge(gib),
    print: printLarge,
  }),
  part({
    name: 'editor',
    about: 'what a window and a chat feel of a large file beside them',
    amounts: { mib: 1_024 },
    measure: ({ mib }) => measureEditor(mib),
    print: printEditor,
  }),
  part({
    name: 'line',
    about:
      'what a message and a small picture feel of a large file on a narrow line, and what it gets of that line',
    amounts: {},
    paths: LINES.map(({ id }) => id),
    measure: ({ emulator, paths }) => measureLines(emulator, paths),
    print: printLines,
  }),
  part({
    name: 'soak',
    about: 'a chat in which engines are killed, links cut and clocks set',
    amounts: { seed: 1, seeds: 20, messages: 10_000 },
    measure: ({ seed, seeds, messages }) => measureSoak(seed, seeds, messages),
    print: printSoak,
  }),
  part({
    name: 'chat',
    about:
      'a message there and back, many of them, and the starts of an engine with a full store and of the extension',
    amounts: { rounds: 7, messages: 500, stored: 1_000_000 },
    measure: ({ rounds, messages, stored }) => measureChat(rounds, messages, stored),
    print: printChat,
  }),
  part({
    name: 'search',
    about: 'words in a store with many messages',
    amounts: { rounds: 7, stored: 1_000_000 },
    measure: ({ rounds, stored }) => measureSearch(stored, rounds),
    print: printSearch,
  }),
  part({
    name: 'scroll',
    about: 'a long conversation in a real VS Code, from its newest message to its oldest and back',
    amounts: { messages: 100_000 },
    measure: ({ messages }) => measureScroll(messages),
    print: printScroll,
  }),
  part({
    name: 'windows',
    about: 'five windows, of which the one with the engine is killed',
    amounts: { kills: 20 },
    measure: ({ kills }) => measureWindows(kills),
    print: printWindows,
  }),
];
