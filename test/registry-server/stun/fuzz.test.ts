// Nonsense at the two doors that read bytes by themselves, STUN and the course clients': no crash, and no growth.
// HAMTA_FUZZ_INPUTS=1000000 for as many at each; a failure prints its seed.

import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { parseRequestLine } from '../../../registry-server/routes/classic/requestLine.ts';
import { RequestReader } from '../../../registry-server/routes/classic/requestReader.ts';
import { answerBinding } from '../../../registry-server/stun/answerBinding.ts';
import { MAX_AMPLIFICATION } from '../../../registry-server/stun/params.ts';
import { StunServer } from '../../../registry-server/stun/stunServer.ts';
import { loggerOf } from '../../../src/base/logger.ts';
import { heldBytes } from '../../support/heldBytes.ts';
import { randomBytesOf } from '../../support/randomBytes.ts';
import { seededRandom } from '../../support/seededRandom.ts';
import { sampleIpv4Response, sampleLongTermRequest, sampleRequest } from '../../vectors/rfc5769.ts';

const INPUTS = Number(process.env.HAMTA_FUZZ_INPUTS || 20_000);
const SEED = 20_261_122;
/** A slow machine with a sanitizer still passes; a leak of 100 bytes an input does not, at a million. */
const MS_PER_INPUT = 1;
const MAX_GROWTH_BYTES = 32 * 1_024 * 1_024;
const BATCH = 200;
const PLACE = { host: '198.51.100.1', port: 8_000, otherPort: 8_001 };
const FROM = { host: '192.0.2.7', port: 4_100 };
/** Of the event loop, without a datagram: it was lost. */
const MAX_IDLE_TURNS = 100;
const HTTP = 'POST name HTTP/1.1\r\nContent-Length: 20\r\nContent-type: 20\r\n\r\n{"name":"ali","ip":1}';

describe(`the registry's own readers under ${INPUTS} inputs`, function () {
  this.timeout(30_000 + INPUTS * MS_PER_INPUT);

  let random: () => number;

  beforeEach(() => {
    random = seededRandom(SEED);
  });

  function below(count: number): number {
    return Math.floor(random() * count);
  }

  /** Random, or something right that was changed, cut or lengthened. */
  function datagram(): Buffer {
    if (below(4) === 0) return randomBytesOf(random, below(80));
    const samples = [sampleRequest, sampleIpv4Response, sampleLongTermRequest, sampleRequest.subarray(0, 20)];
    const bytes = Buffer.concat([samples[below(4)] as Buffer, randomBytesOf(random, 4 * below(3))]);
    if (below(2) === 0) bytes.writeUInt16BE(bytes.length - 20, 2);
    for (let i = below(4); i > 0; i--) bytes[below(bytes.length)] = below(256);
    return below(8) === 0 ? bytes.subarray(0, below(bytes.length)) : bytes;
  }

  function request(): Buffer {
    const bytes = Buffer.from(HTTP);
    for (let i = below(6); i > 0; i--) bytes[below(bytes.length)] = below(256);
    return bytes;
  }

  async function assertNoGrowth(work: () => void | Promise<void>): Promise<void> {
    const before = heldBytes();
    await work();
    const growth = heldBytes() - before;
    assert.ok(growth < MAX_GROWTH_BYTES, `${growth} bytes more than before`);
  }

  it('answers STUN datagrams with something small, or not at all', async () => {
    await assertNoGrowth(() => {
      for (let turn = 0; turn < INPUTS; turn++) {
        const bytes = datagram();
        const answer = answerBinding(bytes, FROM, PLACE);
        if (answer === undefined) continue;
        assert.ok(answer.bytes.length <= MAX_AMPLIFICATION * bytes.length, `seed ${SEED}, turn ${turn}`);
      }
    });
  });

  it('goes on answering over UDP', async () => {
    const log = loggerOf('stun', () => undefined);
    const limits = { requestsPerSecond: 0, burst: 0, limitLoopback: true };
    const server = await StunServer.start({
      host: '127.0.0.1',
      httpPort: 0,
      clock: { now: () => 0 },
      log,
      limits,
    });
    const client = createSocket('udp4').bind(0, '127.0.0.1');
    await once(client, 'listening');
    const port = server.ports[0] as number;
    let [sent, lost] = [0, 0];
    await assertNoGrowth(async () => {
      for (let turn = 0; turn < INPUTS; turn += BATCH) {
        for (let i = 0; i < BATCH; i++) client.send(datagram(), port, '127.0.0.1');
        sent += BATCH;
        await caughtUp(server, sent - lost);
        lost = sent - server.counts.answered - server.counts.ignored;
      }
    });
    assert.ok(lost < INPUTS / 2, JSON.stringify(server.counts));
    client.close();
    await server.close();
  });

  it('reads requests of course clients in pieces, or refuses them', async () => {
    await assertNoGrowth(() => {
      for (let turn = 0; turn < INPUTS; turn++) {
        const bytes = request();
        const end = bytes.indexOf('\n');
        parseRequestLine(bytes.subarray(0, Math.max(0, end)));
        const reader = new RequestReader();
        const cut = below(bytes.length);
        const first = reader.push(bytes.subarray(0, cut));
        const reading = first === 'more' ? reader.push(bytes.subarray(cut)) : first;
        const isRequest = typeof reading === 'object' && reading.body.length <= bytes.length;
        assert.ok(isRequest || [400, 413, 'more'].includes(reading as string), `seed ${SEED}, turn ${turn}`);
      }
    });
  });
});

/** Resolves when the server has read all that was sent, or what is left was lost: so nearly all of it is read. */
async function caughtUp(server: StunServer, sent: number): Promise<void> {
  const read = () => server.counts.answered + server.counts.ignored;
  for (let idleTurns = 0, before = read(); read() < sent && idleTurns < MAX_IDLE_TURNS; ) {
    await new Promise((resolve) => setImmediate(resolve));
    idleTurns = read() === before ? idleTurns + 1 : 0;
    before = read();
  }
}
