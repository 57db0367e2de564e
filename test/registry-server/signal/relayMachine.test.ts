import assert from 'node:assert/strict';
import {
  IDLE_MS,
  MAX_QUEUED_FRAMES,
  MAX_STREAMS,
  MAX_STREAMS_OF_KEY,
  OFFER_MS,
  RELAY_CAP_OF_KEY,
  RELAY_IN_FLIGHT_BYTES,
  RELAY_RATE_OF_ALL,
  RELAY_RATE_OF_KEY,
  RELAY_RATE_OF_PAIR,
} from '../../../registry-server/signal/params.ts';
import { type RelayIn, RelayMachine, type RelayOut } from '../../../registry-server/signal/relayMachine.ts';
import type { Rate } from '../../../src/base/tokenBuckets.ts';
import { RELAY_WINDOW_BYTES } from '../../../src/contract/signal.ts';

const KIB = 1_024;
const FRAME = 16 * KIB;

/** Drives the machine in virtual time. A socket's key is its name; unless told otherwise, sockets read at once. */
class Bench {
  readonly machine = new RelayMachine<string>();
  readonly slow = new Set<string>();
  readonly received = new Map<string, { stream: number; length: number }[]>();
  now = 0;

  tell(input: RelayIn<string>): RelayOut<string>[] {
    const inputs = [input];
    const all: RelayOut<string>[] = [];
    for (let next = inputs.shift(); next !== undefined; next = inputs.shift()) {
      this.machine.handle(next, this.now);
      for (let out = this.machine.poll(); out !== undefined; out = this.machine.poll()) {
        all.push(out);
        if (out.kind !== 'forward') continue;
        const { socket, stream, bytes } = out;
        const received = this.received.get(socket) ?? [];
        received.push({ stream, length: bytes.length });
        this.received.set(socket, received);
        if (!this.slow.has(socket)) inputs.push({ kind: 'flushed', socket, bytes: bytes.length });
      }
    }
    return all;
  }

  offer(from: string, to: string): RelayOut<string>[] {
    const [a, b] = [from, to].map((name) => ({ socket: name, key: name }));
    assert.ok(a && b);
    return this.tell({ kind: 'open', id: 1, from: a, to: b });
  }

  /** The number of a stream that is open. */
  stream(from: string, to: string): number {
    const [offered] = this.offer(from, to);
    assert.ok(offered?.kind === 'tell' && offered.frame.kind === 'relayOffer', JSON.stringify(offered));
    const { stream } = offered.frame;
    this.tell({ kind: 'accept', socket: to, stream });
    return stream;
  }

  write(socket: string, stream: number, length: number): RelayOut<string>[] {
    return this.tell({ kind: 'bytes', socket, stream, bytes: new Uint8Array(length) });
  }

  waitFor(ms: number): RelayOut<string>[] {
    const until = this.now + ms;
    const out: RelayOut<string>[] = [];
    while ((this.machine.deadline() ?? Number.POSITIVE_INFINITY) <= until) {
      this.now = Math.max(this.now, this.machine.deadline() ?? this.now);
      out.push(...this.tell({ kind: 'time' }));
    }
    this.now = until;
    return out;
  }

  /** Writes as fast as each stream's credit lets, for so long or until something else than credit is told, which it answers. */
  pour(streams: ReadonlyMap<number, string>, ms: number, stepMs: number): string[] {
    const uncredited = new Map([...streams.keys()].map((stream) => [stream, 0]));
    const others: string[] = [];
    const hear = (out: readonly RelayOut<string>[]) => {
      for (const each of out) {
        if (each.kind !== 'tell') continue;
        const { frame } = each;
        if (frame.kind !== 'relayCredit') others.push(...told([each]));
        else uncredited.set(frame.stream, (uncredited.get(frame.stream) ?? 0) - frame.bytes);
      }
    };
    const mayWrite = (stream: number) => (uncredited.get(stream) ?? 0) + FRAME <= RELAY_WINDOW_BYTES;
    for (const end = this.now + ms; this.now < end && others.length === 0; ) {
      for (const [stream, from] of streams) {
        while (mayWrite(stream) && others.length === 0) {
          uncredited.set(stream, (uncredited.get(stream) ?? 0) + FRAME);
          hear(this.write(from, stream, FRAME));
        }
      }
      hear(this.waitFor(stepMs));
    }
    return others;
  }

  bytesAt(socket: string, stream?: number): number {
    const all = this.received.get(socket) ?? [];
    return all.reduce(
      (sum, each) => sum + (stream === undefined || each.stream === stream ? each.length : 0),
      0,
    );
  }
}

function told(out: readonly RelayOut<string>[]): string[] {
  return out.flatMap((each) => {
    if (each.kind !== 'tell') return [];
    const { frame } = each;
    return [`${each.socket}: ${frame.kind}${'reason' in frame ? ` ${frame.reason}` : ''}`];
  });
}

describe('the relay machine', () => {
  let bench: Bench;

  beforeEach(() => {
    bench = new Bench();
  });

  it('forwards at once, in order, both ways', () => {
    const stream = bench.stream('a', 'b');
    bench.write('a', stream, 10);
    bench.write('a', stream, 20);
    bench.write('b', stream, 30);
    assert.deepEqual(
      bench.received.get('b')?.map(({ length }) => length),
      [10, 20],
    );
    assert.deepEqual(
      bench.received.get('a')?.map(({ length }) => length),
      [30],
    );
  });

  it('ends an offer that nobody answers, and a stream that is silent', () => {
    bench.offer('a', 'b');
    assert.deepEqual(told(bench.waitFor(OFFER_MS)), [
      'a: relayRefused unanswered',
      'b: relayClosed unanswered',
    ]);
    const stream = bench.stream('a', 'b');
    bench.waitFor(IDLE_MS - 1);
    bench.write('b', stream, 1);
    assert.deepEqual(told(bench.waitFor(IDLE_MS - 1)), []);
    assert.deepEqual(told(bench.waitFor(1)), ['a: relayClosed idle', 'b: relayClosed idle']);
    assert.equal(bench.machine.deadline(), undefined);
  });

  it('holds no more than a window for a reader that does not read, and credits nothing meanwhile', () => {
    const stream = bench.stream('a', 'b');
    bench.slow.add('b');
    const out: RelayOut<string>[] = [];
    for (let sent = 0; sent + 16 * KIB <= RELAY_WINDOW_BYTES; sent += 16 * KIB)
      out.push(...bench.write('a', stream, 16 * KIB));
    assert.equal(bench.bytesAt('b'), RELAY_IN_FLIGHT_BYTES);
    const credited = out.reduce(
      (sum, each) => sum + (each.kind === 'tell' && each.frame.kind === 'relayCredit' ? each.frame.bytes : 0),
      0,
    );
    assert.equal(credited, RELAY_IN_FLIGHT_BYTES);
    bench.tell({ kind: 'flushed', socket: 'b', bytes: RELAY_IN_FLIGHT_BYTES });
    assert.equal(bench.bytesAt('b'), RELAY_WINDOW_BYTES);
  });

  it('ends a stream whose writer takes no notice of the window, in bytes or in frames', () => {
    const stream = bench.stream('a', 'b');
    bench.slow.add('b');
    let out: string[] = [];
    for (let i = 0; i < 20 && out.length === 0; i++)
      out = told(bench.write('a', stream, 16 * KIB)).filter((each) => !each.includes('Credit'));
    assert.deepEqual(out, ['a: relayClosed overrun', 'b: relayClosed overrun']);
    const other = bench.stream('c', 'd');
    bench.slow.add('d');
    bench.write('c', other, RELAY_IN_FLIGHT_BYTES);
    let end: string[] = [];
    for (let i = 0; i <= MAX_QUEUED_FRAMES && end.length === 0; i++)
      end = told(bench.write('c', other, 1)).filter((each) => !each.includes('Credit'));
    assert.deepEqual(end, ['c: relayClosed overrun', 'd: relayClosed overrun']);
  });

  it('lets streams to one reader take turns', () => {
    const [one, two] = [bench.stream('a', 'z'), bench.stream('b', 'z')];
    bench.slow.add('z');
    for (let i = 0; i < 8; i++) bench.write('a', one, 16 * KIB);
    for (let i = 0; i < 8; i++) bench.write('b', two, 16 * KIB);
    bench.received.clear();
    bench.tell({ kind: 'flushed', socket: 'z', bytes: RELAY_IN_FLIGHT_BYTES });
    assert.equal(bench.bytesAt('z', one), bench.bytesAt('z', two));
  });

  function assertCarried(bytes: number, { burst, perSecond }: Rate, seconds: number): void {
    const most = burst + seconds * perSecond;
    assert.ok(bytes <= most && bytes >= 0.9 * most, `${bytes} of ${most}`);
  }

  it('carries between two keys what their rate is, and no more', () => {
    const streams = new Map([
      [bench.stream('a', 'b'), 'a'],
      [bench.stream('a', 'b'), 'a'],
    ]);
    assert.deepEqual(bench.pour(streams, 4_000, 10), []);
    assertCarried(bench.bytesAt('b'), RELAY_RATE_OF_PAIR, 4);
  });

  it('carries for a key that sends to several what its rate is, and no more', () => {
    const readers = ['b', 'c', 'd', 'e'];
    const streams = new Map(readers.map((reader) => [bench.stream('a', reader), 'a']));
    assert.deepEqual(bench.pour(streams, 4_000, 10), []);
    const carried = readers.map((reader) => bench.bytesAt(reader));
    assertCarried(
      carried.reduce((sum, each) => sum + each),
      RELAY_RATE_OF_KEY,
      4,
    );
  });

  it('carries for everybody together what the instance has, and for each of them about as much', () => {
    const names = Array.from({ length: 48 }, (_, i) => `${i}`);
    const streams = new Map(names.map((name) => [bench.stream(name, `to ${name}`), name]));
    assert.deepEqual(bench.pour(streams, 4_000, 10), []);
    const carried = names.map((name) => bench.bytesAt(`to ${name}`));
    assertCarried(
      carried.reduce((sum, each) => sum + each),
      RELAY_RATE_OF_ALL,
      4,
    );
    assert.ok(Math.min(...carried) >= 0.8 * Math.max(...carried), `${carried}`);
  });

  it('ends the stream of a key that has sent what it may in a day, and carries later what has come back by then', () => {
    const { burst, perSecond } = RELAY_CAP_OF_KEY;
    const seconds = burst / RELAY_RATE_OF_PAIR.perSecond;
    const stream = bench.stream('a', 'b');
    const end = bench.pour(new Map([[stream, 'a']]), 2_000 * seconds, 100);
    assert.deepEqual(end, ['a: relayClosed quota', 'b: relayClosed quota']);
    const sent = bench.bytesAt('b');
    assert.ok(sent >= burst && sent <= burst + 2 * seconds * perSecond, `${sent}`);
    const other = bench.stream('a', 'c');
    assert.deepEqual(told(bench.write('a', other, FRAME)), ['a: relayClosed quota', 'c: relayClosed quota']);
    bench.waitFor((1_000 * FRAME) / perSecond + 1);
    bench.write('a', bench.stream('a', 'd'), FRAME);
    assert.equal(bench.bytesAt('d'), FRAME);
  });

  it('opens so many streams of a key, at either end, and again as many after they ended', () => {
    const streams = Array.from({ length: MAX_STREAMS_OF_KEY }, (_, i) => bench.stream(`peer ${i}`, 'z'));
    assert.deepEqual(told(bench.offer('z', 'other')), ['z: relayRefused tooMuch']);
    bench.tell({ kind: 'close', socket: 'z', stream: streams[0] ?? 0 });
    assert.deepEqual(told(bench.offer('z', 'other')), ['other: relayOffer']);
  });

  it('opens so many streams of everybody together', () => {
    for (let i = 0; i < MAX_STREAMS; i++) bench.stream(`${i}`, `to ${i}`);
    assert.equal(bench.machine.streams, MAX_STREAMS);
    assert.deepEqual(told(bench.offer('a', 'b')), ['a: relayRefused tooMuch']);
  });

  it('opens no stream from a socket to itself', () => {
    assert.deepEqual(told(bench.offer('a', 'a')), ['a: relayRefused refused']);
  });

  it('ends everything of a socket that is gone, and forgets what was under way to it', () => {
    const stream = bench.stream('a', 'b');
    bench.slow.add('b');
    bench.write('a', stream, 16 * KIB);
    assert.deepEqual(told(bench.tell({ kind: 'gone', socket: 'b' })), ['a: relayClosed offline']);
    bench.tell({ kind: 'flushed', socket: 'b', bytes: 16 * KIB });
    assert.equal(bench.machine.streams, 0);
    assert.deepEqual(bench.write('a', stream, 1), []);
  });
});
