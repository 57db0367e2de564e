// `npm run bench`: two processes each, against others measured in the same run, in turns. `--only PART` for one of the parts of
// parts.ts, `--json` for machines, `--help` for their names.

import { cpus, release } from 'node:os';
import { parseArgs } from 'node:util';
import { type Amounts, amountOptions, amountsOf, type Part, parts } from './parts.ts';

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h', default: false },
    json: { type: 'boolean', default: false },
    only: { type: 'string' },
    ...amountOptions,
  },
});
if (values.help) {
  console.log('npm run bench -- [--only PART] [--json] [--AMOUNT N]\n');
  for (const { name, usual } of parts)
    console.log(`  --only ${name.padEnd(10)}${usual ? 'and when none is chosen' : ''}`);
  console.log(`\nAmounts, each of the parts that it is about: ${Object.keys(amountOptions).join(', ')}`);
  process.exit(0);
}
const wanted = parts.filter(({ name, usual }) => (values.only === undefined ? usual : values.only === name));
if (wanted.length === 0) {
  console.error(`--only takes one of ${parts.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}
const machine = `Node ${process.versions.node}, ${process.platform} ${release()}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`;
if (!values.json) console.log(`${machine}, two processes`);
const results: Record<string, unknown> = { machine };
for (const part of wanted) results[part.name] = await run(part, amountsOf(values));
if (values.json) console.log(JSON.stringify(results, null, 2));

async function run({ measure, print }: Part, amounts: Amounts): Promise<unknown> {
  const result = await measure(amounts);
  if (!values.json) print(result, amounts);
  return result;
}
