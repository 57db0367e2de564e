// Two engines in virtual time: a model store each, links that are ordered, late and cut at any byte. It checks, whenever
// a machine claims something, that the cause is there.

import assert from 'node:assert/strict';
import type { Fingerprint } from '../../../src/contract/fingerprint.ts';
import { chooseLink, type LinkFacts } from '../../../src/engine/link/chooseLink.ts';
import type { LinkEnd } from '../../../src/engine/link/linkEnd.ts';
import { LinkMachine } from '../../../src/engine/link/linkMachine.ts';
import type { LinkIn, LinkOut } from '../../../src/engine/link/linkMessages.ts';
import { FrameDecoder } from '../../../src/wire/frame.ts';
import { decodeLinkFrame, type Entry, encodeLinkFrame, type Hello } from '../../../src/wire/linkFrames.ts';

/** One engine and its store. What is in `mine` and `theirs` survives a restart. */
export class Side {
  readonly name: string;
  readonly fingerprint: Fingerprint;
  readonly mine: Entry[] = [];
  readonly theirs: Entry[] = [];
  readonly ends = new Set<LinkSide>();
  shown = 0;
  accepts: boolean;
  restarts = 0;
  delivered = 0;
  read = 0;
  /** When the last write that was begun is done. */
  storedAt = 0;

  constructor(name: string, fingerprint: string, accepts: boolean) {
    this.name = name;
    this.fingerprint = fingerprint as Fingerprint;
    this.accepts = accepts;
  }

  get instance(): string {
    return `${this.restarts}`.padStart(16, '0');
  }
}

/** One side's end of one link. */
interface LinkSide {
  readonly side: Side;
  readonly peer: Side;
  readonly link: number;
  readonly dialledBy: 'me' | 'peer';
  readonly machine: LinkMachine;
  readonly decoder: FrameDecoder;
  readonly waiting: LinkIn[];
  other: LinkSide | undefined;
  facts: LinkFacts | undefined;
  /** Each way, at most. */
  latencyMs: number;
  /** When the newest of what this end wrote arrives: the pipe keeps order. */
  lastArrival: number;
  isBusy: boolean;
}

interface Happening {
  readonly at: number;
  readonly do: () => void;
  /** The bytes' destination, for cutting. */
  readonly to?: LinkSide;
}

/** Of a desk, a country, and a road that is about to break. */
const LATENCIES_MS = [2, 80, 4_000];
const ENDS_OF_HONEST_PEERS: readonly LinkEnd['kind'][] = [
  'lost',
  'peer',
  'local',
  'silent',
  'rejected',
  'refused',
];

export class LinkWorld {
  readonly a = new Side('a', '0a'.repeat(32), true);
  readonly b = new Side('b', '0b'.repeat(32), false);
  readonly #random: () => number;
  #happenings: Happening[] = [];
  #now = 1_000;
  #links = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** One random step of the world, or of either person. */
  step(): void {
    const [side, peer] = this.#random() < 0.5 ? [this.a, this.b] : [this.b, this.a];
    const dice = this.#random();
    if (dice < 0.35) this.write(side);
    else if (dice < 0.45) this.show(side);
    else if (dice < 0.8) this.pass(this.#below(dice < 0.78 ? 200 : 20_000));
    else if (dice < 0.86) this.#cutOne(side);
    else if (dice < 0.88) this.restart(side, peer);
    else if (dice < 0.92) this.#hold(side);
    else if (side.ends.size < 2) this.dial(side, peer);
  }

  write(side: Side): void {
    const number = side.mine.length + 1;
    const id = `${side.name}${number}`.padStart(32, '0');
    side.mine.push({ number, id, at: this.#now, body: { kind: 'text', text: `${side.name} ${number}` } });
    for (const end of [...side.ends]) this.#tell(end, { kind: 'grown', upTo: number });
  }

  show(side: Side): void {
    side.shown = Math.max(side.shown, this.#below(side.theirs.length + 1));
    for (const end of [...side.ends]) this.#tell(end, { kind: 'shown', upTo: side.shown });
  }

  dial(side: Side, peer: Side): void {
    const link = ++this.#links;
    const [near, far] = [this.#endOf(side, peer, link, 'me'), this.#endOf(peer, side, link, 'peer')];
    near.latencyMs = far.latencyMs = LATENCIES_MS[this.#below(LATENCIES_MS.length)] ?? 0;
    near.other = far;
    far.other = near;
    for (const end of [near, far]) this.#tell(end, { kind: 'start' });
  }

  /** The process ends and starts again: its links' memory is gone, its store is not. */
  restart(side: Side, peer: Side): void {
    for (const end of [...side.ends]) this.#cut(end);
    side.ends.clear();
    side.restarts++;
    this.#happenings = this.#happenings.filter(({ to }) => to === undefined || to.side !== side);
    assert.ok(peer !== side);
  }

  /** Lets `ms` go by, with all that happens in it. */
  pass(ms: number): void {
    const until = this.#now + ms;
    for (let next = this.#next(until); next !== undefined; next = this.#next(until)) {
      this.#now = Math.max(this.#now, next.at);
      next.do();
      this.#check();
    }
    this.#now = until;
  }

  /** Nobody does anything until everything that is on its way has come. */
  settle(): void {
    this.pass(120_000);
  }

  /** The road holds, and whoever has no link dials. */
  recover(): void {
    for (let round = 0; round < 5; round++) {
      if (this.a.ends.size + this.b.ends.size === 0) this.dial(this.a, this.b);
      this.pass(60_000);
    }
  }

  linksOf(side: Side): number[] {
    return [...side.ends].map(({ link }) => link);
  }

  #endOf(side: Side, peer: Side, link: number, dialledBy: 'me' | 'peer'): LinkSide {
    const machine = new LinkMachine({
      name: side.name,
      instance: side.instance,
      udpPort: 1,
      accepts: side.accepts,
      received: side.theirs.length,
      receivedId: side.theirs.at(-1)?.id,
      read: side.shown,
      written: side.mine.length,
      idOfMine: (number) => side.mine[number - 1]?.id,
      capabilities: [],
    });
    const rest = { other: undefined, facts: undefined, latencyMs: 0, lastArrival: 0, isBusy: false };
    const end = { side, peer, link, dialledBy, machine, decoder: new FrameDecoder(), waiting: [], ...rest };
    side.ends.add(end);
    return end;
  }

  /** As the real pump does: an input that comes while one is carried out waits for its turn. */
  #tell(end: LinkSide, input: LinkIn): void {
    end.waiting.push(input);
    if (end.isBusy) return;
    end.isBusy = true;
    for (let next = end.waiting.shift(); next !== undefined; next = end.waiting.shift()) {
      end.machine.handle(next, this.#now);
      for (let out = end.machine.poll(); out !== undefined; out = end.machine.poll())
        this.#carryOut(end, out);
    }
    end.isBusy = false;
  }

  #carryOut(end: LinkSide, out: LinkOut): void {
    const { side } = end;
    if (out.kind === 'send') this.#send(end, encodeLinkFrame(out.frame));
    else if (out.kind === 'ask') this.#later(end, this.#below(5_000), () => this.#accept(end));
    else if (out.kind === 'up') this.#isUp(end, out.hello);
    else if (out.kind === 'needEntries')
      this.#later(end, this.#below(3), () => this.#giveEntries(end, out.after, out.limit));
    else if (out.kind === 'entry') this.#storeSoon(end, out.entry);
    else if (out.kind === 'sent') assert.ok(out.upTo <= side.mine.length, 'sent what was not written');
    else if (out.kind === 'delivered') this.#claim(end, out.upTo, 0);
    else if (out.kind === 'read') this.#claim(end, 0, out.upTo);
    else if (out.kind === 'closed') this.#closed(end, out.end);
  }

  #claim({ side, peer }: LinkSide, delivered: number, read: number): void {
    assert.ok(delivered <= peer.theirs.length, `${side.name} says ${delivered} is delivered`);
    assert.ok(read <= peer.shown, `${side.name} says ${read} is read`);
    side.delivered = Math.max(side.delivered, delivered);
    side.read = Math.max(side.read, read);
  }

  /** In pieces of any size, so that a cut falls anywhere in a frame. */
  #send(end: LinkSide, bytes: Uint8Array): void {
    const to = end.other;
    end.lastArrival = Math.max(end.lastArrival, this.#now + 1 + this.#below(end.latencyMs));
    for (let at = 0; at < bytes.length && to !== undefined; ) {
      const piece = bytes.subarray(at, at + 1 + this.#below(200));
      at += piece.length;
      this.#happen({ at: end.lastArrival, to, do: () => this.#arrive(to, piece) });
    }
  }

  #arrive(to: LinkSide, piece: Uint8Array): void {
    to.decoder.push(piece);
    for (let json = to.decoder.next(); json !== undefined; json = to.decoder.next())
      this.#tell(to, { kind: 'frame', frame: decodeLinkFrame(json) });
  }

  #accept(end: LinkSide): void {
    end.side.accepts = true;
    for (const each of [...end.side.ends]) this.#tell(each, { kind: 'answer', accepted: true });
  }

  #isUp(end: LinkSide, { instance, received, read }: Hello): void {
    this.#claim(end, received, read);
    end.facts = { dialledBy: end.dialledBy, instance, upAt: this.#now };
    const older = [...end.side.ends].find((each) => each !== end && each.facts !== undefined);
    if (older?.facts === undefined) return;
    const choice = chooseLink(older.facts, end.facts, end.side.fingerprint, end.peer.fingerprint);
    if (choice === 'theirs') return;
    const chosen = choice === 'closeOlder' ? older : end;
    this.#tell(chosen, { kind: 'end', reason: 'duplicate' });
  }

  #giveEntries(end: LinkSide, after: number, limit: number): void {
    this.#tell(end, { kind: 'entries', entries: end.side.mine.slice(after, after + limit) });
  }

  /** Writing takes its time and keeps order. What is not written when the process ends was never said to be. */
  #storeSoon(end: LinkSide, entry: Entry): void {
    const { side } = end;
    side.storedAt = Math.max(side.storedAt, this.#now + this.#below(30));
    this.#later(end, side.storedAt - this.#now, () => this.#store(end, entry));
  }

  #store(end: LinkSide, entry: Entry): void {
    const { side } = end;
    assert.ok(entry.number <= side.theirs.length + 1, `${side.name} was given ${entry.number} after a gap`);
    if (entry.number === side.theirs.length + 1) side.theirs.push(entry);
    this.#tell(end, { kind: 'stored', upTo: side.theirs.length });
  }

  #closed(end: LinkSide, why: LinkEnd): void {
    assert.ok(ENDS_OF_HONEST_PEERS.includes(why.kind), `${end.side.name}: ${JSON.stringify(why)}`);
    end.side.ends.delete(end);
    const { other } = end;
    // The end of the stream comes after its last byte.
    if (other !== undefined)
      this.#happen({ at: end.lastArrival, to: other, do: () => this.#tell(other, { kind: 'lost' }) });
  }

  #cutOne(side: Side): void {
    const [end] = side.ends;
    if (end !== undefined) this.#cut(end);
  }

  /** Of what is on the way, in each direction, some arrives; then both notice, each when it does. */
  #cut(end: LinkSide): void {
    for (const each of [end, end.other]) {
      if (each === undefined) continue;
      const coming = this.#happenings.filter(({ to }) => to === each);
      const lost = new Set(coming.slice(this.#below(coming.length + 1)));
      this.#happenings = this.#happenings.filter((happening) => !lost.has(happening));
      each.other = undefined;
      const at = this.#now + 100 + this.#below(3_000);
      this.#happen({ at, to: each, do: () => this.#tell(each, { kind: 'lost' }) });
    }
  }

  /** The connection takes no more for a while. */
  #hold(side: Side): void {
    const [end] = side.ends;
    if (end === undefined) return;
    this.#tell(end, { kind: 'flow', isWritable: false });
    this.#later(end, this.#below(500), () => this.#tell(end, { kind: 'flow', isWritable: true }));
  }

  #later(to: LinkSide, ms: number, what: () => void): void {
    this.#happen({ at: this.#now + ms, do: () => (to.side.ends.has(to) ? what() : undefined) });
  }

  #happen(happening: Happening): void {
    const place = this.#happenings.findIndex(({ at }) => at > happening.at);
    this.#happenings.splice(place < 0 ? this.#happenings.length : place, 0, happening);
  }

  #next(until: number): Happening | undefined {
    const timers = [...this.a.ends, ...this.b.ends].flatMap((end) => this.#timerOf(end));
    const timer = timers.reduce<Happening | undefined>(
      (a, b) => (a === undefined || b.at < a.at ? b : a),
      undefined,
    );
    const [first] = this.#happenings;
    if (first !== undefined && first.at <= until && !(timer !== undefined && timer.at < first.at))
      return this.#happenings.shift();
    return timer !== undefined && timer.at <= until ? timer : undefined;
  }

  #timerOf(end: LinkSide): Happening[] {
    const at = end.machine.deadline();
    return at === undefined ? [] : [{ at, do: () => this.#tell(end, { kind: 'time' }) }];
  }

  /** Nothing is lost, doubled or out of order at any moment. */
  #check(): void {
    for (const [from, to] of [
      [this.a, this.b],
      [this.b, this.a],
    ] as const) {
      const last = to.theirs.at(-1);
      assert.equal(last?.id, from.mine[to.theirs.length - 1]?.id);
      assert.ok(from.read <= from.delivered && from.delivered <= to.theirs.length);
    }
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }
}
