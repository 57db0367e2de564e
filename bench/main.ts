// `npm run bench`: two processes each, against others measured in the same run, in turns. `--json` for machines, `--rounds N`.
// `--only company`: a picture and a message from person to person (`--messages N`). `--only transfer`: the bytes alone, against
// everything else; `--path ID,ID` for some of its sections, `--emulator PATH` for those over bad lines. `--only signal`: a
// registry with many people who watch each other (`--clients N`). `--only registry`: look-ups, registrations, and a directory
// of many names (`--names N`, a million takes minutes and 2 GB). Only when asked for: `--only kills`, files that are interrupted
// (at `--points N`, three seeds each); `--only fuzz`, malformed requests at a registry (`--inputs N`); `--only exact`,
// files over networks of every bad kind in virtual time (`--files N`); `--only large`, one file of `--gib N`; `--only soak`,
// a chat in which engines are killed, links cut and clocks set (`--seeds N`, `--messages N` each).

import { cpus, release } from 'node:os';
import { parseArgs } from 'node:util';
import { measureSoak, printSoak } from './chat/soak.ts';
import { measureCompany, printCompany } from './companyTable.ts';
import { measureExactness, printExactness } from './exactness.ts';
import { measureKills, printKills } from './kills.ts';
import { measureLarge, printLarge } from './large.ts';
import { fuzzRegistry, printFuzz } from './registry/fuzzRegistry.ts';
import { measureRegistry, printRegistry } from './registry.ts';
import { measureSignal, printSignal } from './signal.ts';
import { printTable } from './transfer/printTable.ts';
import { sectionsOf } from './transfer/sections.ts';
import { measure, type Table } from './transfer/transferTable.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string' },
    path: { type: 'string' },
    emulator: { type: 'string' },
    rounds: { type: 'string', default: '7' },
    messages: { type: 'string' },
    seeds: { type: 'string', default: '20' },
    clients: { type: 'string', default: '1000' },
    names: { type: 'string', default: '100000' },
    points: { type: 'string', default: '20' },
    gib: { type: 'string', default: '4' },
    inputs: { type: 'string', default: '1000000' },
    files: { type: 'string', default: '500' },
  },
});
const rounds = Number(values.rounds);
const print = values.json ? () => undefined : console.log;

print(`${machine()}, two processes`);
const wants = (part: string) => values.only === undefined || values.only === part;
const company = wants('company') ? await measureCompany(rounds, Number(values.messages ?? 500)) : undefined;
if (company !== undefined && !values.json) printCompany(company, rounds);
const transfer = wants('transfer') ? await measureTransfer() : undefined;
const signal = wants('signal') ? await measureSignal(Number(values.clients)) : undefined;
if (signal !== undefined && !values.json) printSignal(signal);
const registry = wants('registry') ? await measureRegistry(rounds, Number(values.names)) : undefined;
if (registry !== undefined && !values.json) printRegistry(registry);
const kills = values.only === 'kills' ? await measureKills(Number(values.points)) : undefined;
if (kills !== undefined && !values.json) printKills(kills);
const fuzz = values.only === 'fuzz' ? await fuzzRegistry(Number(values.inputs)) : undefined;
if (fuzz !== undefined && !values.json) printFuzz(fuzz);
const exact = values.only === 'exact' ? measureExactness(Number(values.files)) : undefined;
if (exact !== undefined && !values.json) printExactness(exact);
const large = values.only === 'large' ? await measureLarge(Number(values.gib)) : undefined;
if (large !== undefined && !values.json) printLarge(large);
const soak = values.only === 'soak' ? await measureSoak(...soakSize()) : undefined;
if (soak !== undefined && !values.json) printSoak(soak);
if (values.json) {
  const all = { machine: machine(), ...company, transfer, signal, registry, kills, fuzz, exact, large, soak };
  console.log(JSON.stringify(all, null, 2));
}

async function measureTransfer(): Promise<Table[]> {
  const wanted = values.path?.split(',');
  const sections = sectionsOf(values.emulator).filter(({ id }) => wanted?.includes(id) ?? true);
  print(`\nBytes from one process to the other, ${rounds} rounds in turns, median [min..max]`);
  const tables: Table[] = [];
  for (const section of sections) {
    const table = await measure(section, rounds);
    if (!values.json) printTable(table);
    tables.push(table);
  }
  return tables;
}

function soakSize(): [seeds: number, messages: number] {
  return [Number(values.seeds), Number(values.messages ?? 10_000)];
}

function machine(): string {
  const [cpu] = cpus();
  return `Node ${process.versions.node}, ${process.platform} ${release()}, ${cpus().length} x ${cpu?.model ?? 'unknown'}`;
}
