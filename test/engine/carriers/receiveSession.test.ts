// Where a session's receiver answers to, by what it was told of who has sent: roads that only write down what they carry.

import assert from 'node:assert/strict';
import { ReceiveSession } from '../../../src/engine/carriers/receiveSession.ts';
import { type Address, TransferRoads } from '../../../src/engine/carriers/transferRoads.ts';
import { BLOCK_BYTES, LARGE_DATAGRAM_BYTES } from '../../../src/engine/transfer/params.ts';
import { SendMachine } from '../../../src/engine/transfer/sendMachine.ts';
import { sessionKeysOf } from '../../../src/engine/transfer/sessionKeys.ts';

const BLOCKS = 4;
const OPTIONS = {
  keys: sessionKeysOf({
    ...{ secret: Buffer.alloc(32, 7), transferId: '00112233445566778899aabbccddeeff' },
    session: '0123456789abcdef',
  }),
  sizeBytes: BLOCKS * BLOCK_BYTES,
  firstBlock: 0,
};
const [HOME, AWAY, COPY] = ['10.0.0.2', '10.0.0.3', '10.0.0.4'].map((host) => ({ host, port: 5 })) as [
  Address,
  Address,
  Address,
];

/** The datagrams of each block. */
function blocksOf(): Buffer[][] {
  const sender = new SendMachine({ ...OPTIONS, datagramBytes: LARGE_DATAGRAM_BYTES });
  const datagrams: Buffer[] = [];
  for (let now = 0; now < 40; now++) {
    sender.handle({ kind: 'time' }, now);
    for (let out = sender.poll(); out !== undefined; out = sender.poll()) {
      if (out.kind === 'datagram') datagrams.push(Buffer.from(out.bytes));
      if (out.kind === 'needBlock')
        sender.handle({ kind: 'block', index: out.index, bytes: Buffer.alloc(BLOCK_BYTES) }, now);
    }
  }
  const blockOf = (bytes: Buffer) => bytes.readUInt32BE(13);
  return Array.from({ length: BLOCKS }, (_, block) => datagrams.filter((bytes) => blockOf(bytes) === block));
}

/** Opens and closes lanes in words. */
class ToldRoads extends TransferRoads {
  readonly told: string[] = [];

  override laneTo({ host }: Address): ReturnType<TransferRoads['laneTo']> {
    this.told.push(`lane to ${host}`);
    const lane = { send: () => undefined, dispose: () => this.told.push(`no lane to ${host}`) };
    return lane as unknown as ReturnType<TransferRoads['laneTo']>;
  }
}

describe('a session that receives', () => {
  it('has a lane to its sender once a block has shown the address to be the same, and none where copies come from', () => {
    const roads = new ToldRoads();
    const ignore = () => undefined;
    const events = {
      onPart: ignore,
      onProgress: ignore,
      onFinished: ignore,
      onClosed: ignore,
      onStalled: ignore,
      onFailed: ignore,
    };
    const session = new ReceiveSession(OPTIONS, { write: () => new Promise(ignore) }, roads, events);
    const come = (datagrams: readonly Buffer[], { host, port }: Address) => {
      for (const bytes of datagrams) roads.receive(bytes, host, port);
      return roads.told.splice(0);
    };
    const [first, second, third] = blocksOf() as [Buffer[], Buffer[], Buffer[]];
    assert.deepEqual(come(first.slice(0, -1), HOME), []);
    assert.deepEqual(come(first.slice(-1), HOME), [`lane to ${HOME.host}`]);
    assert.deepEqual(come(first, COPY), [], 'what is there proves nothing');
    assert.deepEqual(come(second, AWAY), [`no lane to ${HOME.host}`]);
    assert.deepEqual(come(third, AWAY), [`lane to ${AWAY.host}`]);
    session.dispose();
    assert.deepEqual(roads.told, [`no lane to ${AWAY.host}`]);
  });
});
