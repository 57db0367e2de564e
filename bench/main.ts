// `npm run bench`: two processes each, against others measured in the same run, in turns. `--help` says what can be measured.

import { cpus, release } from 'node:os';
import { askedFor, helpOf } from './commandLine.ts';
import type { Part, Told } from './part.ts';
import { parts } from './parts.ts';

const asked = whatIsAsked();
const machine = `Node ${process.versions.node}, ${process.platform} ${release()}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`;
// What parts have made of networks goes when this one ends: a signal alone would leave it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(1));
if (!asked.isJson) console.log(`${machine}, two processes`);
const results: Record<string, unknown> = { machine };
for (const part of asked.parts) results[part.name] = await run(part, asked.toldTo(part));
if (asked.isJson) console.log(JSON.stringify(results, null, 2));

function whatIsAsked() {
  try {
    const asked = askedFor(process.argv.slice(2), parts);
    if (asked !== undefined) return asked;
    console.log(helpOf(parts));
    process.exit(0);
  } catch (error) {
    console.error((error as Error).message);
    process.exit(2);
  }
}

async function run(part: Part, told: Told): Promise<unknown> {
  const result = await part.measure(told);
  if (!asked.isJson) part.print(result, told);
  return result;
}
