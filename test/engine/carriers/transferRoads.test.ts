import assert from 'node:assert/strict';
import { type Address, TransferRoads } from '../../../src/engine/carriers/transferRoads.ts';
import { BODY_OFFSET, CHECKSUM_BYTES, DatagramKind } from '../../../src/wire/datagramEnvelope.ts';

const token = (digit: number) => new Uint8Array(8).fill(digit);

function datagram(kind: number, digit: number): Buffer {
  const bytes = Buffer.alloc(BODY_OFFSET + CHECKSUM_BYTES);
  bytes[0] = kind;
  bytes.set(token(digit), 1);
  return bytes;
}

describe('the roads of transfers', () => {
  let roads: TransferRoads;
  let heard: [string, Address][];
  const register = (digit: number, name: string) =>
    roads.register(token(digit), (_, from) => heard.push([name, from]));

  beforeEach(() => {
    roads = new TransferRoads();
    heard = [];
  });

  it('lead each datagram to the session whose token it bears', () => {
    register(1, 'one');
    register(2, 'two');
    roads.receive(datagram(DatagramKind.data, 2), '10.0.0.2', 5);
    roads.receive(datagram(DatagramKind.ack, 1), '::1', 6);
    assert.deepEqual(heard, [
      ['two', { host: '10.0.0.2', port: 5 }],
      ['one', { host: '::1', port: 6 }],
    ]);
  });

  it('end for strangers, for other kinds and for what is too short', () => {
    register(1, 'one');
    roads.receive(datagram(DatagramKind.data, 9), '10.0.0.2', 5);
    roads.receive(datagram(0x00, 1), '10.0.0.2', 5);
    roads.receive(datagram(DatagramKind.data, 1).subarray(1), '10.0.0.2', 5);
    roads.receive(Buffer.alloc(0), '10.0.0.2', 5);
    assert.deepEqual(heard, []);
  });

  it('are closed when a session lets go, and not by the one before it', () => {
    const before = register(1, 'before');
    const after = register(1, 'after');
    before.dispose();
    roads.receive(datagram(DatagramKind.data, 1), 'h', 1);
    after.dispose();
    roads.receive(datagram(DatagramKind.data, 1), 'h', 1);
    assert.deepEqual(heard, [['after', { host: 'h', port: 1 }]]);
  });

  it('are told apart by the whole token, also where its first half is the same', () => {
    const [one, two] = ['0102030405060708', '0102030405060709'].map((hex) => Buffer.from(hex, 'hex')) as [
      Buffer,
      Buffer,
    ];
    const sessions = [one, two].map((bytes, i) =>
      roads.register(bytes, (_, from) => heard.push([`${i}`, from])),
    );
    const to = (bytes: Buffer) => Buffer.concat([Buffer.of(DatagramKind.ack), bytes, Buffer.alloc(8)]);
    roads.receive(to(two), 'h', 1);
    roads.receive(to(Buffer.from('0102030405060700', 'hex')), 'h', 1);
    sessions[1]?.dispose();
    roads.receive(to(two), 'h', 1);
    roads.receive(to(one), 'h', 1);
    assert.deepEqual(
      heard.map(([name]) => name),
      ['1', '0'],
    );
  });

  it('lose what is sent before there is a socket', () => {
    assert.doesNotThrow(() => roads.send(new Uint8Array(1), { host: '127.0.0.1', port: 9 }));
  });

  it('are shared by all sessions to one address, and known to the next one', () => {
    const to = { host: '10.0.0.2', port: 5 };
    const first = roads.shareOf(to).join(1);
    const second = roads.shareOf(to).join(1);
    const share = roads.shareOf(to);
    assert.notEqual(roads.shareOf({ ...to, port: 6 }), share);
    first.dispose();
    first.dispose();
    assert.equal(share.isIdle, false);
    second.dispose();
    assert.equal(share.isIdle, true);
    assert.equal(roads.shareOf(to), share);
  });

  it('to many addresses are forgotten, those in use excepted, those used longest ago first', () => {
    const toPort = (port: number) => ({ host: '10.0.0.2', port });
    const used = roads.shareOf(toPort(1));
    used.join(1);
    const others = Array.from({ length: 100 }, (_, i) => roads.shareOf(toPort(i + 2)));
    assert.equal(roads.shareOf(toPort(1)), used);
    assert.equal(roads.shareOf(toPort(101)), others[99]);
    assert.notEqual(roads.shareOf(toPort(2)), others[0]);
  });
});
