// One STUN transaction in virtual time, over a network that loses, and against the registry's real server over real UDP.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { answerBinding } from '../../../registry-server/stun/answerBinding.ts';
import { StunServer } from '../../../registry-server/stun/stunServer.ts';
import { loggerOf } from '../../../src/base/logger.ts';
import { Drive } from '../../../src/engine/io/drive.ts';
import { UdpSocket } from '../../../src/engine/io/udpSocket.ts';
import {
  StunMachine,
  type StunOptions,
  type StunOut,
  type StunOutcome,
} from '../../../src/engine/reach/stunMachine.ts';
import { StunAttributeType } from '../../../src/wire/stunAttributeType.ts';
import { encodeErrorCode } from '../../../src/wire/stunErrorCode.ts';
import { checkFingerprint, withFingerprint } from '../../../src/wire/stunFingerprint.ts';
import {
  decodeStunMessage,
  encodeStunMessage,
  type StunAttribute,
  type StunMessage,
} from '../../../src/wire/stunMessage.ts';
import { encodeXorAddress } from '../../../src/wire/stunXorAddress.ts';
import { randomBytesOf } from '../../support/randomBytes.ts';
import { seededRandom } from '../../support/seededRandom.ts';
import { VirtualDrive } from '../../support/virtualDrive.ts';
import { VirtualTime } from '../../support/virtualTime.ts';

const SERVER = { host: '198.51.100.1', port: 3_478 };
const ME = { host: '192.0.2.7', port: 40_000 };
const ID = Uint8Array.from({ length: 12 }, (_, i) => 200 + i);
/** Seven sends, and the last wait: RFC 8489, section 6.2.1. */
const SEND_TIMES = [0, 500, 1_500, 3_500, 7_500, 15_500, 31_500];
const TOO_LATE = 39_500;

interface Run {
  readonly time: VirtualTime;
  readonly drive: VirtualDrive<Parameters<StunMachine['handle']>[0], StunOut>;
  readonly sends: { at: number; bytes: Uint8Array }[];
  readonly outcomes: { at: number; outcome: StunOutcome }[];
}

/** `network` is given each request; what it answers is delivered at once. */
function run(
  options: Partial<StunOptions> = {},
  network: (request: Uint8Array, count: number) => Uint8Array | undefined = () => undefined,
): Run {
  const time = new VirtualTime();
  const sends: Run['sends'] = [];
  const outcomes: Run['outcomes'] = [];
  const machine = new StunMachine({ server: SERVER, transactionId: ID, ...options });
  const drive: Run['drive'] = new VirtualDrive(time, machine, { kind: 'time' }, (out) => {
    if (out.kind === 'done') {
      outcomes.push({ at: time.now(), outcome: out.outcome });
      return;
    }
    assert.deepEqual(out.to, SERVER);
    sends.push({ at: time.now(), bytes: out.bytes });
    const answer = network(out.bytes, sends.length);
    if (answer !== undefined) drive.handle({ kind: 'datagram', bytes: answer, from: SERVER });
  });
  drive.handle({ kind: 'ask' });
  time.runUntil(() => false, 100_000);
  return { time, drive, sends, outcomes };
}

function server(request: Uint8Array): Uint8Array | undefined {
  const place = { host: SERVER.host, port: SERVER.port, otherPort: 3_479 };
  return answerBinding(request, ME, place)?.bytes;
}

/** The success that the server would send, with something else about it. */
function success(change: Partial<StunMessage> = {}, more: readonly StunAttribute[] = []): Buffer {
  const header = { method: 1, kind: 'success', cookie: 0x2112a442, transactionId: ID, ...change } as const;
  const mapped = { type: StunAttributeType.xorMappedAddress, value: encodeXorAddress(ME, header) };
  return encodeStunMessage({ ...header, attributes: change.attributes ?? [mapped, ...more] });
}

describe('a STUN transaction', () => {
  it('ends with the address that the server saw', () => {
    const { sends, outcomes } = run({}, server);
    assert.deepEqual(outcomes, [{ at: 0, outcome: { kind: 'mapped', address: ME, from: SERVER } }]);
    assert.equal(sends.length, 1);
  });

  it('asks seven times with doubling waits, and gives up after sixteen first waits more', () => {
    const { sends, outcomes } = run();
    assert.deepEqual(
      sends.map(({ at }) => at),
      SEND_TIMES,
    );
    assert.deepEqual(outcomes, [{ at: TOO_LATE, outcome: { kind: 'timedOut' } }]);
  });

  it('sends the same bytes each time: a request with a fingerprint', () => {
    const { sends } = run();
    const [first] = sends;
    for (const { bytes } of sends) assert.deepEqual(bytes, first?.bytes);
    const request = decodeStunMessage(first?.bytes as Uint8Array);
    assert.deepEqual([request.kind, request.method, request.transactionId], ['request', 1, ID]);
    assert.equal(checkFingerprint(first?.bytes as Uint8Array), 'right');
  });

  it('arrives over a network that loses all but the last', () => {
    const { sends, outcomes } = run({}, (request, count) => (count === 7 ? server(request) : undefined));
    assert.equal(sends.length, 7);
    assert.deepEqual(
      outcomes.map(({ at, outcome }) => [at, outcome.kind]),
      [[31_500, 'mapped']],
    );
  });

  it('takes an answer until the very end, and none afterwards', () => {
    for (const [at, kind] of [
      [TOO_LATE - 1, 'mapped'],
      [TOO_LATE + 1, 'timedOut'],
    ] as const) {
      const machine = new StunMachine({ server: SERVER, transactionId: ID });
      machine.handle({ kind: 'ask' }, 0);
      for (const now of [...SEND_TIMES.slice(1), ...(at > TOO_LATE ? [TOO_LATE] : [])])
        machine.handle({ kind: 'time' }, now);
      machine.handle({ kind: 'datagram', bytes: success(), from: SERVER }, at);
      const outs = Array.from({ length: 20 }, () => machine.poll()).filter((out) => out?.kind === 'done');
      assert.deepEqual(
        outs.map((out) => out?.outcome.kind),
        [kind],
      );
      assert.equal(machine.deadline(), undefined);
    }
  });

  it('asks for an answer from the other port, and says which port answered', () => {
    const { sends } = run({ fromOtherPort: true });
    const answer = answerBinding(sends[0]?.bytes as Uint8Array, ME, { ...SERVER, otherPort: 3_479 });
    assert.equal(answer?.isFromOther, true);
    const machine = new StunMachine({ server: SERVER, transactionId: ID, fromOtherPort: true });
    machine.handle({ kind: 'ask' }, 0);
    machine.poll();
    const from = { ...SERVER, port: 3_479 };
    machine.handle({ kind: 'datagram', bytes: answer?.bytes as Buffer, from }, 10);
    assert.deepEqual(machine.poll(), { kind: 'done', outcome: { kind: 'mapped', address: ME, from } });
  });

  it('ends with what the server refused', () => {
    const error = { code: 420, reason: 'Unknown Attribute' };
    const attributes = [{ type: StunAttributeType.errorCode, value: encodeErrorCode(error) }];
    const { outcomes } = run({}, () => success({ kind: 'error', attributes }));
    assert.deepEqual(outcomes[0]?.outcome, { kind: 'refused', error });
  });

  it('ends with an answer that it cannot understand', () => {
    const wrong = [
      success({}, [{ type: 0x7fff, value: Buffer.alloc(0) }]),
      success({ attributes: [] }),
      success({ attributes: [{ type: StunAttributeType.xorMappedAddress, value: Buffer.alloc(3) }] }),
      success({ kind: 'error', attributes: [] }),
    ];
    for (const bytes of wrong) assert.equal(run({}, () => bytes).outcomes[0]?.outcome.kind, 'unusable');
    const optional = success({}, [{ type: 0x8fff, value: Buffer.alloc(0) }]);
    assert.equal(run({}, () => optional).outcomes[0]?.outcome.kind, 'mapped');
  });

  it('is not disturbed by anything that is not its answer', () => {
    const damaged = withFingerprint(success());
    damaged[25] = 0x55;
    const others = [
      Buffer.alloc(0),
      Buffer.from('hello'),
      success({ transactionId: Uint8Array.from(ID).fill(0) }),
      success({ kind: 'request' }),
      success({ kind: 'indication' }),
      success({ method: 3 }),
      success({ cookie: 7 }),
      damaged,
      success().subarray(0, 24),
    ];
    for (const bytes of others) {
      assert.deepEqual(
        run({}, () => bytes).outcomes.map(({ at }) => at),
        [TOO_LATE],
      );
    }
  });

  it('begins once, and says nothing after its end', () => {
    const { time, drive, sends, outcomes } = run({}, server);
    drive.handle({ kind: 'ask' });
    drive.handle({ kind: 'datagram', bytes: success(), from: SERVER });
    time.runUntil(() => false, 200_000);
    assert.deepEqual([sends.length, outcomes.length], [1, 1]);
  });

  it('lives through any datagrams', () => {
    const random = seededRandom(3);
    for (let turn = 0; turn < 2_000; turn++) {
      const machine = new StunMachine({ server: SERVER, transactionId: ID });
      machine.handle({ kind: 'ask' }, 0);
      const bytes =
        turn % 2
          ? success({}, [{ type: 0x8022, value: randomBytesOf(random, 8) }])
          : randomBytesOf(random, 60);
      for (let i = 0; i < 2; i++) bytes[Math.floor(random() * bytes.length)] = random() * 256;
      machine.handle({ kind: 'datagram', bytes, from: SERVER }, 1);
      assert.equal(machine.poll()?.kind, 'send');
    }
  });

  it('is answered by the registry over real UDP, from either port', async () => {
    const registry = await StunServer.start({
      host: '127.0.0.1',
      httpPort: 0,
      clock: { now: () => 0 },
      log: loggerOf('stun', () => undefined),
    });
    const [first = 0, second = 0] = registry.ports;
    for (const fromOtherPort of [false, true]) {
      const outcome = await askOverUdp({ host: '127.0.0.1', port: first }, fromOtherPort);
      const from = { host: '127.0.0.1', port: fromOtherPort ? second : first };
      assert.deepEqual(outcome, { kind: 'mapped', address: outcome.own, from, own: outcome.own });
    }
    await registry.close();
  });
});

async function askOverUdp(server: StunOptions['server'], fromOtherPort: boolean) {
  const done = Promise.withResolvers<StunOutcome>();
  const machine = new StunMachine({ server, transactionId: randomBytes(12), fromOtherPort });
  const drive = new Drive(machine, { kind: 'time' }, (out) => {
    if (out.kind === 'done') done.resolve(out.outcome);
    else socket.send(out.bytes, out.to.host, out.to.port);
  });
  const socket = await UdpSocket.open('127.0.0.1', 0, (bytes, host, port) =>
    drive.handle({ kind: 'datagram', bytes, from: { host, port } }),
  );
  drive.handle({ kind: 'ask' });
  const outcome = await done.promise;
  drive.dispose();
  const own = { host: '127.0.0.1', port: socket.port };
  socket.dispose();
  return { ...outcome, own };
}
