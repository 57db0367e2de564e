// `npm run bench`: ratios to raw Node TLS in the same run. `--json` for machines, `--rounds N`, `--messages N`.

import { cpus, release } from 'node:os';
import { parseArgs } from 'node:util';
import { chatRoundTrip, type RoundTripRow } from './chatRoundTrip.ts';
import { gather } from './company.ts';
import { type GoodputRow, pictureGoodput } from './pictureGoodput.ts';
import type { Spread } from './statistics.ts';

const MIB = 2 ** 20;

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '7' },
    messages: { type: 'string', default: '500' },
  },
});

const company = await gather();
try {
  const picture = await pictureGoodput(company, 8 * MIB, Number(values.rounds));
  const chat = await chatRoundTrip(company, Number(values.messages));
  if (values.json) console.log(JSON.stringify({ machine: machine(), picture, chat }, null, 2));
  else print(picture, chat);
} finally {
  await company.close();
}

function machine(): string {
  const [cpu] = cpus();
  return `Node ${process.versions.node}, ${process.platform} ${release()}, ${cpus().length} x ${cpu?.model ?? 'unknown'}`;
}

function print(picture: GoodputRow, chat: RoundTripRow): void {
  const mib = (picture.sizeBytes / MIB).toFixed(1);
  console.log(`${machine()}, loopback, two processes\n`);
  console.log(
    `A picture of ${mib} MiB, accept to "saved and verified", ${values.rounds} rounds in turns, median [min..max]`,
  );
  console.log(`  Hamta, sealed, over UDP   ${shown(picture.hamta, 0)} MB/s`);
  console.log(`  raw TLS 1.3               ${shown(picture.rawTls, 0)} MB/s`);
  console.log(`  ratio                     ${shown(picture.ratio, 2)}\n`);
  console.log(
    `A message of 100 characters, stored on both sides and acknowledged, ${chat.messages} in turns`,
  );
  console.log(`  Hamta                     p50 ${ms(chat.hamta.p50)}  p99 ${ms(chat.hamta.p99)}`);
  console.log(`  raw TLS 1.3 echo          p50 ${ms(chat.rawTls.p50)}  p99 ${ms(chat.rawTls.p99)}`);
  console.log(`  ratio of p50              ${chat.ratioP50.toFixed(1)}`);
}

function shown({ median, min, max }: Spread, digits: number): string {
  return `${median.toFixed(digits)} [${min.toFixed(digits)}..${max.toFixed(digits)}]`;
}

function ms(value: number): string {
  return `${value.toFixed(3)} ms`;
}
