// One authenticated conversation over one connection: greeting, permission, heartbeat, entries with acknowledgements.
// README.md is its protocol page. It knows no socket and no store: it asks the engine for both.

import { assertNever } from '../../base/assertNever.ts';
import { type ByKind, dispatch } from '../../base/byKind.ts';
import type { Millis } from '../../base/clock.ts';
import type { Machine } from '../../base/machine.ts';
import { Timers } from '../../base/timers.ts';
import { nameProblem, tidyName } from '../../contract/names.ts';
import {
  type CloseReasonWord,
  type Entry,
  type EntryFrame,
  type ForeignHello,
  type Hello,
  LINK_VERSION,
  type LinkFrame,
} from '../../wire/linkFrames.ts';
import { HeldFrames, type PassingFrame } from './heldFrames.ts';
import { Inbox } from './inbox.ts';
import type { LinkEnd, LocalEnd } from './linkEnd.ts';
import type { LinkIn, LinkOptions, LinkOut } from './linkMessages.ts';
import { Outbox } from './outbox.ts';
import { ANSWER_MS, GREETING_MS, OLD_NEWS_MS, PING_MS, PROBE_MS, SILENT_MS, WAITING_MS } from './params.ts';

type Up = { readonly kind: 'up'; readonly outbox: Outbox; readonly inbox: Inbox };
type State =
  | { readonly kind: 'fresh' }
  /** My hello is written, theirs is not here. */
  | { readonly kind: 'greeting' }
  /** Their person is being asked. */
  | { readonly kind: 'waiting'; readonly hello: Hello }
  /** My person is being asked. */
  | { readonly kind: 'asked'; readonly hello: Hello }
  | Up
  | { readonly kind: 'closed' };

/** What a peer may say, by state. Everything else is a protocol error, so that no stranger is listened to before a yes. */
const LEGAL: Readonly<Record<State['kind'], ReadonlySet<AnyFrame['kind']>>> = {
  fresh: new Set(),
  greeting: new Set(['hello', 'foreignHello']),
  waiting: new Set(['accept', 'reject', 'ping', 'pong', 'close']),
  asked: new Set(['reject', 'ping', 'pong', 'close']),
  up: new Set<AnyFrame['kind']>([
    ...(['reject', 'entry', 'received', 'read', 'ready', 'digest', 'reading'] as const),
    ...(['typing', 'shared', 'fetch', 'fetchRefused', 'ping', 'pong', 'close'] as const),
  ]),
  closed: new Set(),
};
type AnyFrame = LinkFrame | ForeignHello;

/** The ids of pings start again here. */
const PING_IDS = 2 ** 32;

export class LinkMachine implements Machine<LinkIn, LinkOut> {
  readonly #options: LinkOptions;
  readonly #timers = new Timers<'greeting' | 'answer' | 'ping' | 'silent'>();
  readonly #out: LinkOut[] = [];
  #state: State = { kind: 'fresh' };
  #written: number;
  #shown: number;
  #isWritable = true;
  #pings = 0;
  /** Since a probe: which ping it was, and from when on any other frame is a sign, too. */
  #doubt: { readonly ping: number; readonly signsFrom: Millis } | undefined;
  /** The newest ping that was not answered. Only that one is, so that a peer that does not read cannot fill my memory. */
  #pingToAnswer: number | undefined;
  readonly #held = new HeldFrames();

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#written = options.written;
    this.#shown = options.read;
  }

  handle(input: LinkIn, now: Millis): void {
    if (this.#state.kind === 'closed') return;
    dispatch(this.#inputs, input, now);
    this.#flush();
  }

  poll(): LinkOut | undefined {
    return this.#out.shift();
  }

  deadline(): Millis | undefined {
    return this.#timers.deadline();
  }

  readonly #inputs: ByKind<LinkIn, [now: Millis]> = {
    start: (_input, now) => this.#start(now),
    time: (_input, now) => this.#passTime(now),
    frame: ({ frame }, now) => this.#takeFrame(frame, now),
    garbage: ({ problem }) => this.#violation(problem),
    flow: ({ isWritable }) => {
      this.#isWritable = isWritable;
    },
    answer: ({ accepted }) => this.#answer(accepted),
    grown: ({ upTo }) => this.#grow(upTo),
    entries: ({ entries }) => this.#ifUp(({ outbox }) => this.#takeMine(outbox, entries)),
    stored: ({ upTo }) => this.#ifUp(({ inbox }) => inbox.store(upTo)),
    shown: ({ upTo }) => this.#show(upTo),
    transfer: ({ frame }) => this.#ifUp(() => this.#sayInPassing(frame)),
    aside: ({ frame }) => this.#ifUp(() => this.#sayInPassing(frame)),
    end: ({ reason }) => this.#close({ kind: 'local', reason }),
    probe: (_input, now) => this.#probe(now),
    lost: () => this.#close({ kind: 'lost' }),
  };

  /** Each is called only with a frame that is legal in the state. */
  readonly #frames: ByKind<AnyFrame, [now: Millis]> = {
    foreignHello: ({ version }) => this.#close({ kind: 'version', theirs: version }),
    hello: (frame, now) => this.#greet(frame, now),
    accept: () => {
      if (this.#state.kind === 'waiting') this.#goUp(this.#state.hello);
    },
    reject: ({ reason }) => this.#close({ kind: 'rejected', reason }),
    entry: (frame) => this.#ifUp(({ inbox }) => this.#takeEntry(inbox, frame)),
    received: ({ upTo }) => this.#ifUp(({ outbox }) => this.#takeReceived(outbox, upTo)),
    read: ({ upTo }) => this.#ifUp(({ outbox }) => this.#takeRead(outbox, upTo)),
    ready: (frame) => this.#tell({ kind: 'transfer', frame }),
    digest: (frame) => this.#tell({ kind: 'transfer', frame }),
    reading: (frame) => this.#tell({ kind: 'transfer', frame }),
    typing: (frame) => this.#tell({ kind: 'aside', frame }),
    shared: (frame) => this.#tell({ kind: 'aside', frame }),
    fetch: (frame) => this.#tell({ kind: 'aside', frame }),
    fetchRefused: (frame) => this.#tell({ kind: 'aside', frame }),
    ping: ({ id }) => {
      this.#pingToAnswer = id;
    },
    pong: () => undefined,
    close: ({ reason }) => this.#close({ kind: 'peer', reason }),
  };

  #start(now: Millis): void {
    if (this.#state.kind !== 'fresh') return;
    this.#send(helloOf(this.#options));
    this.#state = { kind: 'greeting' };
    this.#timers.set('greeting', now + GREETING_MS);
  }

  #passTime(now: Millis): void {
    for (const name of this.#timers.takeDue(now)) {
      if (this.#state.kind === 'closed') return;
      if (name === 'ping') this.#ping(now);
      else if (name === 'answer') this.#giveUpOnAnswer();
      else this.#close({ kind: 'silent' });
    }
  }

  #ping(now: Millis): void {
    this.#send({ kind: 'ping', id: this.#pings++ % PING_IDS });
    this.#timers.set('ping', now + PING_MS);
  }

  /** Before the greeting there is a shorter deadline already. A sign of life puts the usual patience back. */
  #probe(now: Millis): void {
    if (!this.#timers.isSet('silent')) return;
    this.#doubt = { ping: this.#pings, signsFrom: now + OLD_NEWS_MS };
    this.#ping(now);
    this.#timers.set('silent', now + PROBE_MS);
  }

  /** What has waited in the system's buffers since before the sleep says nothing of now; the answer to my ping does. */
  #isSign(frame: AnyFrame | undefined, now: Millis): boolean {
    if (this.#doubt === undefined || now >= this.#doubt.signsFrom) return true;
    return frame?.kind === 'pong' && frame.id === this.#doubt.ping;
  }

  #giveUpOnAnswer(): void {
    const kind = this.#state.kind === 'asked' ? 'refused' : 'rejected';
    this.#close({ kind, reason: 'unanswered' });
  }

  #takeFrame(frame: AnyFrame | undefined, now: Millis): void {
    const { kind } = this.#state;
    if (!isLegal(frame, kind)) {
      this.#violation(`${frame?.kind ?? 'an unknown kind'} while ${kind}`);
      return;
    }
    this.#timers.set('ping', now + PING_MS);
    if (this.#isSign(frame, now)) {
      this.#doubt = undefined;
      this.#timers.set('silent', now + SILENT_MS);
    }
    if (frame === undefined) return;
    dispatch(this.#frames, frame, now);
  }

  #greet(said: Hello, now: Millis): void {
    const hello = { ...said, name: tidyName(said.name) };
    const problem = nameProblem(said.name);
    this.#timers.clear('greeting');
    if (problem !== undefined) this.#violation(`hello.name is ${problem}`);
    else if (this.#options.accepts && said.accepts) this.#goUp(hello);
    else if (this.#options.accepts) this.#wait(hello, now);
    else if (said.accepts) this.#ask(hello, now);
    else this.#close({ kind: 'notAccepted' });
  }

  #wait(hello: Hello, now: Millis): void {
    this.#state = { kind: 'waiting', hello };
    this.#timers.set('answer', now + WAITING_MS);
    this.#tell({ kind: 'waiting', hello });
  }

  #ask(hello: Hello, now: Millis): void {
    this.#state = { kind: 'asked', hello };
    this.#timers.set('answer', now + ANSWER_MS);
    this.#tell({ kind: 'ask', hello });
  }

  #answer(accepted: boolean): void {
    if (this.#state.kind !== 'asked') return;
    if (accepted) {
      this.#send({ kind: 'accept' });
      this.#goUp(this.#state.hello);
    } else this.#close({ kind: 'refused', reason: 'declined' });
  }

  #grow(upTo: number): void {
    this.#written = Math.max(this.#written, upTo);
    this.#ifUp(({ outbox }) => outbox.grow(upTo));
  }

  #show(upTo: number): void {
    this.#shown = Math.max(this.#shown, upTo);
    this.#ifUp(({ inbox }) => inbox.show(upTo));
  }

  /** Counts from what the two hellos said. What grew meanwhile is caught up with from there. */
  #goUp(hello: Hello): void {
    const { received } = hello;
    if (received > this.#written || this.#isOther(hello)) return this.#close({ kind: 'ahead', received });
    const said = helloOf(this.#options);
    const outbox = new Outbox(hello.received, hello.read, this.#written);
    const inbox = new Inbox(said.received, said.read);
    inbox.show(this.#shown);
    this.#state = { kind: 'up', outbox, inbox };
    this.#timers.clear('answer');
    this.#tell({ kind: 'up', hello });
  }

  /** What they have under the number of an entry of mine is another one. */
  #isOther({ received, receivedId }: Hello): boolean {
    if (receivedId === undefined) return false;
    const mine = this.#options.idOfMine(received);
    return mine !== undefined && mine !== receivedId;
  }

  /** A new link counts anew from what the two hellos say. */
  #takeMine(outbox: Outbox, entries: readonly Entry[]): void {
    if (!outbox.take(entries)) this.#close({ kind: 'local', reason: 'stopping' });
  }

  #takeEntry(inbox: Inbox, { kind: _kind, ...entry }: EntryFrame): void {
    const arrival = inbox.take(entry.number);
    if (arrival === 'next') this.#tell({ kind: 'entry', entry });
    else if (arrival === 'gap') this.#close({ kind: 'gap' });
    else if (arrival === 'flood') this.#violation('too many entries without an acknowledgement');
  }

  #takeReceived(outbox: Outbox, upTo: number): void {
    if (upTo > outbox.sent) this.#violation(`received ${upTo} of ${outbox.sent} sent`);
    else if (outbox.acknowledge(upTo)) this.#tell({ kind: 'delivered', upTo });
  }

  #takeRead(outbox: Outbox, upTo: number): void {
    if (upTo > outbox.delivered) this.#violation(`read ${upTo} of ${outbox.delivered} received`);
    else if (outbox.markRead(upTo)) this.#tell({ kind: 'read', upTo });
  }

  /** A peer that asks and does not read cannot fill my memory with answers. */
  #sayInPassing(frame: PassingFrame): void {
    if (this.#isWritable) this.#send(frame);
    else this.#held.hold(frame);
  }

  /** Sends what has gathered: of each kind only the newest, and entries while the peer and the connection take them. */
  #flush(): void {
    if (this.#state.kind === 'closed' || !this.#isWritable) return;
    if (this.#pingToAnswer !== undefined) this.#send({ kind: 'pong', id: this.#pingToAnswer });
    this.#pingToAnswer = undefined;
    for (const frame of this.#held.takeAll()) this.#send(frame);
    this.#ifUp(({ inbox, outbox }) => {
      this.#acknowledge(inbox);
      this.#sendEntries(outbox);
    });
  }

  /** `received` before `read`: the peer refuses to hear that something was seen before it was stored. */
  #acknowledge(inbox: Inbox): void {
    const received = inbox.takeReceived();
    if (received !== undefined) this.#send({ kind: 'received', upTo: received });
    const read = inbox.takeRead();
    if (read !== undefined) this.#send({ kind: 'read', upTo: read });
  }

  #sendEntries(outbox: Outbox): void {
    const before = outbox.sent;
    for (let entry = outbox.next(); entry !== undefined; entry = outbox.next())
      this.#send({ kind: 'entry', ...entry });
    if (outbox.sent > before) this.#tell({ kind: 'sent', upTo: outbox.sent });
    const request = outbox.request();
    if (request !== undefined) this.#tell({ kind: 'needEntries', ...request });
  }

  #violation(problem: string): void {
    this.#close({ kind: 'protocol', problem });
  }

  #close(end: LinkEnd): void {
    const last = this.#state.kind === 'fresh' ? undefined : lastFrameOf(end);
    if (last !== undefined) this.#send(last);
    this.#state = { kind: 'closed' };
    this.#timers.clearAll();
    this.#tell({ kind: 'closed', end });
  }

  #ifUp(then: (up: Up) => void): void {
    if (this.#state.kind === 'up') then(this.#state);
  }

  #send(frame: LinkFrame): void {
    this.#tell({ kind: 'send', frame });
  }

  #tell(out: LinkOut): void {
    this.#out.push(out);
  }
}

function helloOf({ received, receivedId, read, capabilities, ...options }: LinkOptions): Hello {
  const { name, instance, udpPort, tcpPort, accepts } = options;
  const last = receivedId === undefined ? {} : { receivedId };
  const numbers = { received, ...last, read: Math.min(read, received) };
  const ports = { udpPort, ...(tcpPort === undefined ? {} : { tcpPort }) };
  const me = { name, instance, ...ports, accepts, capabilities: [...capabilities] };
  return { kind: 'hello', version: LINK_VERSION, ...me, ...numbers };
}

/** A kind of a later version is skipped, but never instead of a hello. */
function isLegal(frame: AnyFrame | undefined, state: State['kind']): boolean {
  return frame === undefined ? state !== 'greeting' && state !== 'fresh' : LEGAL[state].has(frame.kind);
}

/** What the peer is told of an end; nothing when it said so itself or cannot hear it. */
function lastFrameOf(end: LinkEnd): LinkFrame | undefined {
  switch (end.kind) {
    case 'lost':
    case 'peer':
      return undefined;
    case 'rejected':
      return end.reason === 'unanswered' ? close('silent') : undefined;
    case 'refused':
      return { kind: 'reject', reason: end.reason };
    case 'local':
      return localFrame(end.reason);
    case 'silent':
    case 'version':
    case 'protocol':
    case 'gap':
    case 'ahead':
    case 'notAccepted':
      return close(end.kind);
    default:
      return assertNever(end);
  }
}

function localFrame(reason: LocalEnd): LinkFrame {
  // Who is blocked is told no more than who was declined.
  if (reason === 'blocked') return { kind: 'reject', reason: 'declined' };
  return reason === 'busy' ? { kind: 'reject', reason } : close(reason);
}

function close(reason: CloseReasonWord): LinkFrame {
  return { kind: 'close', reason };
}
