import assert from 'node:assert/strict';
import { TransferRoads } from '../../../src/engine/carriers/transferRoads.ts';
import { DatagramFuzz, FUZZ_KINDS } from '../../support/datagramFuzz.ts';
import { heldBytes } from '../../support/heldBytes.ts';
import { randomBytesOf } from '../../support/randomBytes.ts';
import { seededRandom } from '../../support/seededRandom.ts';

const EACH = 5_000;
/** The garbage collector's own, and what V8 makes of code that is hot. */
const NOISE_BYTES = 1024 * 1024;

describe('wrong datagrams at a transfer under way', function () {
  this.timeout(20_000);

  for (const kind of FUZZ_KINDS) {
    it(`change nothing and leave nothing when they are ${kind}`, () => {
      const fuzz = new DatagramFuzz(1);
      fuzz.run(kind, EACH);
      const before = heldBytes();
      fuzz.run(kind, EACH);
      assert.ok(heldBytes() - before < NOISE_BYTES);
      assert.ok(fuzz.isExactAtTheEnd());
    });
  }

  it('are not the same ones again and again', () => {
    const seen = new Set<string>();
    const { receive } = TransferRoads.prototype;
    TransferRoads.prototype.receive = function (bytes, host, port) {
      seen.add(bytes.toString('latin1'));
      receive.call(this, bytes, host, port);
    };
    try {
      new DatagramFuzz(1).run('random', 2 * EACH);
    } finally {
      TransferRoads.prototype.receive = receive;
    }
    // The shortest ones may be alike.
    assert.ok(seen.size > 1.98 * EACH, `${seen.size}`);
  });

  it('are dropped before anything is allocated when they are a stranger’s', () => {
    const roads = new TransferRoads();
    for (let i = 0; i < 3; i++) roads.register(randomBytesOf(seededRandom(i), 8), () => assert.fail());
    const random = seededRandom(7);
    const inputs = Array.from({ length: 64 }, () =>
      Buffer.concat([Buffer.of(0x48), randomBytesOf(random, 1400)]),
    );
    const hand = (times: number) => {
      for (let i = 0; i < times; i++) roads.receive(inputs[i & 63] as Buffer, '192.0.2.1', 9);
    };
    hand(200_000);
    const before = process.memoryUsage().heapUsed;
    hand(200_000);
    // Without a collection in between: an object of 16 bytes for each would be 3 MB.
    assert.ok(process.memoryUsage().heapUsed - before < 200_000);
  });
});
