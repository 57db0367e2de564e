// How much strangers and keys may do at a signal socket, each bound in virtual time: up to it, not beyond, and again after a rest.

import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { LocalBus } from '../../../registry-server/signal/localBus.ts';
import {
  CHALLENGE_MS,
  FRAME_RATE,
  MAX_SOCKETS,
  MAX_SOCKETS_PER_ADDRESS,
  MAX_STRANGERS,
  NAME_RATE,
  RELAY_FRAME_RATE,
  SIGNAL_RATE_OF_KEY,
  SIGNAL_RATE_OF_PAIR,
} from '../../../registry-server/signal/params.ts';
import { SignalPost } from '../../../registry-server/signal/signalPost.ts';
import { type SessionIn, SignalSession } from '../../../registry-server/signal/signalSession.ts';
import { SocketGate } from '../../../registry-server/signal/socketGate.ts';
import type { Fingerprint } from '../../../src/contract/fingerprint.ts';
import { SIGNAL_CLOSE, SIGNAL_DEAD_MS, SIGNAL_PATH } from '../../../src/contract/signal.ts';
import { encodeRelayFrame } from '../../../src/wire/relayFrame.ts';
import { Key } from './signalClient.ts';

const HOST = 'a.example';
const CHALLENGE = Buffer.alloc(32, 3).toString('base64');
const NAMES_IN_FRAME = 40;

describe('a session', () => {
  const key = new Key();
  let session: SignalSession;

  beforeEach(() => {
    session = new SignalSession({ challenge: CHALLENGE, host: HOST, now: 0 });
  });

  function textOf(frame: object): SessionIn {
    return { kind: 'text', text: JSON.stringify(frame) };
  }

  /** The code of the close, if that is what comes of it. */
  function codeAfter(input: SessionIn, now = 0): number | undefined {
    session.handle(input, now);
    let code: number | undefined;
    for (let out = session.poll(); out !== undefined; out = session.poll())
      if (out.kind === 'close') code = out.code;
    return code;
  }

  function signIn(): void {
    assert.equal(codeAfter(textOf(key.answer({ challenge: CHALLENGE, host: HOST }))), undefined);
  }

  /** How many of these are taken at `now` before the socket is closed for their number. */
  function takenAt(now: number, input: SessionIn, most: number): number {
    for (let taken = 0; taken <= most; taken++) {
      const code = codeAfter(input, now);
      if (code === undefined) continue;
      assert.equal(code, SIGNAL_CLOSE.tooMuch);
      return taken;
    }
    return Number.POSITIVE_INFINITY;
  }

  it('has its time to answer the challenge, and then its time to say anything', () => {
    assert.equal(session.deadline(), CHALLENGE_MS);
    assert.equal(codeAfter({ kind: 'time' }, CHALLENGE_MS - 1), undefined);
    signIn();
    assert.equal(codeAfter({ kind: 'time' }, SIGNAL_DEAD_MS - 1), undefined);
    assert.equal(codeAfter({ kind: 'control' }, SIGNAL_DEAD_MS - 1), undefined);
    assert.equal(codeAfter({ kind: 'time' }, SIGNAL_DEAD_MS), undefined);
    assert.equal(codeAfter({ kind: 'time' }, 2 * SIGNAL_DEAD_MS), SIGNAL_CLOSE.silent);
  });

  it('sends so many frames at once, its answer and pings of the protocol below among them', () => {
    signIn();
    for (let i = 1; i < FRAME_RATE.burst / 2; i++) assert.equal(codeAfter({ kind: 'control' }), undefined);
    assert.equal(takenAt(0, textOf({ kind: 'ping' }), FRAME_RATE.burst), FRAME_RATE.burst / 2);
  });

  it('sends as many more as a rest is worth', () => {
    signIn();
    for (let i = 1; i < FRAME_RATE.burst; i++) assert.equal(codeAfter(textOf({ kind: 'ping' })), undefined);
    assert.equal(takenAt(1_000, textOf({ kind: 'ping' }), FRAME_RATE.burst), FRAME_RATE.perSecond);
  });

  it('relays so many frames at once, however small they are', () => {
    signIn();
    const bytes = encodeRelayFrame({ stream: 1, bytes: Buffer.from('x') });
    const most = RELAY_FRAME_RATE.burst;
    assert.equal(takenAt(0, { kind: 'binary', bytes }, most), most);
  });

  it('asks about so many names at once, also about those that it leaves again', () => {
    signIn();
    const names = Array.from({ length: NAMES_IN_FRAME }, (_, i) => `${i}`);
    const watch = textOf({ kind: 'watch', id: 1, add: names.map((name) => ({ name })), remove: names });
    assert.equal(takenAt(0, watch, NAME_RATE.burst), NAME_RATE.burst / NAMES_IN_FRAME);
  });
});

describe('what one key may say to others', () => {
  const post = () => new SignalPost(new LocalBus(), () => true);
  const from = 'f'.repeat(64) as Fingerprint;

  /** How many of these are passed on before one is refused. */
  async function passed(way: SignalPost, to: (i: number) => string, now = 0): Promise<number> {
    for (let i = 0; ; i++) {
      const reason = await way.send({ from, to: to(i), body: '' }, now);
      if (reason === undefined) continue;
      assert.equal(reason, 'tooMuch');
      return i;
    }
  }

  it('is bounded for each of them, relay offers among it, and comes back with a rest', async () => {
    const way = post();
    assert.ok(way.mayBother(from, 'a', 0));
    assert.equal(await passed(way, () => 'a'), SIGNAL_RATE_OF_PAIR.burst - 1);
    assert.ok(!way.mayBother(from, 'a', 0));
    assert.equal(await passed(way, () => 'a', 1_000), SIGNAL_RATE_OF_PAIR.perSecond);
  });

  it('is bounded for all of them together', async () => {
    assert.equal(await passed(post(), (i) => `${i}`), SIGNAL_RATE_OF_KEY.burst);
  });
});

describe('the gate of the signal socket', () => {
  const head = { headers: { host: HOST }, rawHeaders: ['Host', HOST] };
  const request = { url: SIGNAL_PATH, method: 'GET', ...head } as unknown as IncomingMessage;
  const limits = { requestsPerSecond: 1_000_000, burst: 1_000_000, limitLoopback: true };
  let gate: SocketGate;

  beforeEach(() => {
    gate = new SocketGate(limits);
  });

  const addressOf = (i: number) => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`;
  const enter = (address: string) => gate.enter(request, address, 0)?.status;

  it('lets in as many as the instance can hold, and another one for each that goes', () => {
    for (let i = 0; i < MAX_SOCKETS; i++) {
      assert.equal(enter(addressOf(i)), undefined);
      gate.known(addressOf(i));
    }
    assert.equal(enter('192.0.2.1'), 503);
    gate.leave(addressOf(0), true);
    assert.equal(enter('192.0.2.1'), undefined);
  });

  it('lets in so many who have not signed yet, and another one for each that signs', () => {
    for (let i = 0; i < MAX_STRANGERS; i++) assert.equal(enter(addressOf(i)), undefined);
    assert.equal(enter('192.0.2.1'), 503);
    gate.known(addressOf(0));
    assert.equal(enter('192.0.2.1'), undefined);
  });

  it('lets in so many of one address, and of one network of IPv6', () => {
    for (const [one, other] of [
      ['192.0.2.1', '192.0.2.2'],
      ['2001:db8::1', '2001:db8:0:1::1'],
    ] as const) {
      for (let i = 0; i < MAX_SOCKETS_PER_ADDRESS; i++) {
        assert.equal(enter(one), undefined);
        gate.known(one);
      }
      assert.equal(enter(one.replace('::1', '::2')), 429);
      assert.equal(enter(other), undefined);
    }
    assert.equal(gate.sockets, 2 * MAX_SOCKETS_PER_ADDRESS + 2);
  });
});
