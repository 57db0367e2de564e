// `WS /v1/signal`: the sockets of one instance, and what ties them to presence, signals, relay, the store and the bus. It
// decides nothing itself; see README.md for the protocol.

import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { type ByKind, dispatch } from '../../src/base/byKind.ts';
import type { Clock } from '../../src/base/clock.ts';
import { Drive } from '../../src/base/drive.ts';
import type { Logger } from '../../src/base/logger.ts';
import type { Fingerprint } from '../../src/contract/fingerprint.ts';
import {
  MAX_CLIENT_FRAME_BYTES,
  parseFrame,
  type ServerFrame,
  SIGNAL_CLOSE,
} from '../../src/contract/signal.ts';
import { encodeRelayFrame } from '../../src/wire/relayFrame.ts';
import type { NameKeys } from '../nameKeys.ts';
import { observedAddressOf } from '../observedAddress.ts';
import type { RateLimits } from '../rateLimit.ts';
import type { Store } from '../store/store.ts';
import { KeyNews, NameNews } from './announcementText.ts';
import { type Announcement, AnnouncingStore, holderOf } from './announcingStore.ts';
import { MAX_PIECES, MAX_UNREAD_BYTES, READS_AT_ONCE, SWEEP_MS } from './params.ts';
import { keyTopic, NEWCOMERS_TOPIC, nameTopic, type PresenceBus } from './presenceBus.ts';
import { type PresenceIn, PresenceMachine, type PresenceOut } from './presenceMachine.ts';
import { type RelayIn, RelayMachine, type RelayOut } from './relayMachine.ts';
import { type Letter, SignalPost } from './signalPost.ts';
import { type SessionIn, type SessionOut, SignalSession } from './signalSession.ts';
import { type Refusal, refuseUpgrade, SocketGate } from './socketGate.ts';
import { timers } from './timers.ts';
import { Turnstile } from './turnstile.ts';

export interface SignalParts {
  readonly store: Store;
  readonly bus: PresenceBus;
  /** Wall time, as for leases. */
  readonly clock: Clock;
  readonly limits: RateLimits;
  readonly log: Logger;
  /** The address that a request came from; behind proxies, the one they name. */
  readonly addressOf?: (request: IncomingMessage) => string | undefined;
  /** Whether the store was changed since this was asked last by somebody whom no bus announces. */
  readonly isChangedElsewhere?: (() => boolean) | undefined;
}

/** One socket and what it has proven. */
interface Client {
  readonly ws: WebSocket;
  readonly session: SignalSession;
  readonly address: string;
  key: Fingerprint | undefined;
}

/** For metrics: how much there is of everything, now or since the start. */
export interface SignalCounts {
  readonly sockets: number;
  readonly strangers: number;
  readonly watchedNames: number;
  readonly relayStreams: number;
  readonly framesSent: number;
  readonly relayedBytes: number;
  readonly signals: number;
  readonly droppedReaders: number;
}

/** How long sockets have to read why they are closed. */
const CLOSE_LINGER_MS = 1_000;

export class SignalServer {
  /** What the routes must use instead of the store itself: it announces what changes. */
  readonly store: Store;
  readonly #parts: SignalParts;
  readonly #instance = randomBytes(8).toString('hex');
  readonly #steady: Clock = { now: () => performance.now() };
  readonly #gate: SocketGate;
  readonly #sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MAX_CLIENT_FRAME_BYTES,
    maxFragments: MAX_PIECES,
    maxBufferedChunks: MAX_PIECES,
    // Pongs count as what they are: something to write to a reader who may be slow.
    autoPong: false,
  });
  readonly #clients = new Set<Client>();
  readonly #byKey = new Map<string, Client>();
  readonly #presence: Drive<PresenceIn<Client>, PresenceOut<Client>>;
  readonly #relay: Drive<RelayIn<Client>, RelayOut<Client>>;
  readonly #presenceMachine = new PresenceMachine<Client>();
  readonly #relayMachine = new RelayMachine<Client>();
  readonly #post: SignalPost;
  readonly #reads = new Turnstile(READS_AT_ONCE);
  readonly #sweep: NodeJS.Timeout;
  readonly #counts = { framesSent: 0, relayedBytes: 0, signals: 0, droppedReaders: 0 };
  #isClosing = false;

  constructor(parts: SignalParts) {
    this.#parts = parts;
    this.#gate = new SocketGate(parts.limits);
    this.#sockets.on('wsClientError', (_error, connection) => refuseUpgrade(connection, NO_HANDSHAKE));
    this.store = new AnnouncingStore(parts.store, (announcement) => this.#announce(announcement));
    this.#post = new SignalPost(parts.bus, (letter) => this.#deliver(letter));
    const presence = (out: PresenceOut<Client>) => this.#carryOutPresence(out);
    this.#presence = new Drive(this.#presenceMachine, { kind: 'time' }, presence, parts.clock, timers);
    const relay = (out: RelayOut<Client>) => this.#carryOutRelay(out);
    this.#relay = new Drive(this.#relayMachine, { kind: 'time' }, relay, this.#steady, timers);
    this.#sweep = setInterval(() => this.#look(), SWEEP_MS).unref();
    this.#listenToBus();
  }

  get counts(): SignalCounts {
    return {
      sockets: this.#gate.sockets,
      strangers: this.#gate.strangers,
      watchedNames: this.#presenceMachine.watchedNames,
      relayStreams: this.#relayMachine.streams,
      ...this.#counts,
    };
  }

  /** Takes a request to upgrade over: it becomes a socket, or is refused with a problem. */
  upgrade(request: IncomingMessage, connection: Duplex, head: Buffer): void {
    const address = this.#addressOf(request);
    if (address === undefined || this.#isClosing) {
      connection.destroy();
      return;
    }
    const refusal = this.#gate.enter(request, address, this.#steady.now());
    if (refusal !== undefined) {
      refuseUpgrade(connection, refusal);
      return;
    }
    this.#shakeHands(request, connection, head, address);
  }

  /** Says goodbye to every socket, then cuts what has not gone. */
  async close(): Promise<void> {
    this.#isClosing = true;
    clearInterval(this.#sweep);
    const clients = [...this.#clients];
    const gone = clients.map(({ ws }) => new Promise((resolve) => ws.once('close', resolve)));
    for (const { ws } of clients) ws.close(SIGNAL_CLOSE.stopping, 'the registry stops');
    const linger = setTimeout(() => {
      for (const { ws } of clients) ws.terminate();
    }, CLOSE_LINGER_MS);
    await Promise.all(gone);
    clearTimeout(linger);
    this.#presence.dispose();
    this.#relay.dispose();
    this.#parts.bus.close();
  }

  #addressOf(request: IncomingMessage): string | undefined {
    const { addressOf = ({ socket }) => socket.remoteAddress } = this.#parts;
    return observedAddressOf(addressOf(request));
  }

  /** A handshake that fails ends the connection without a socket. */
  #shakeHands(request: IncomingMessage, connection: Duplex, head: Buffer, address: string): void {
    let client: Client | undefined;
    connection.once('close', () => {
      if (client === undefined) this.#gate.leave(address, false);
    });
    this.#sockets.handleUpgrade(request, connection, head, (ws) => {
      client = this.#welcome(ws, request.headers.host ?? '', address);
    });
  }

  #welcome(ws: WebSocket, host: string, address: string): Client {
    const challenge = randomBytes(32).toString('base64');
    const session = new SignalSession({ challenge, host, now: this.#steady.now() });
    const client: Client = { ws, session, address, key: undefined };
    this.#clients.add(client);
    ws.on('message', (data: RawData, isBinary: boolean) => this.#hear(client, data as Buffer, isBinary));
    ws.on('ping', (data: Buffer) => {
      this.#feed(client, { kind: 'control' });
      if (this.#isReading(client)) ws.pong(data);
    });
    ws.on('pong', () => this.#feed(client, { kind: 'control' }));
    // What is wrong with a frame closes the socket, and that is told by `close`.
    ws.on('error', (error) => this.#parts.log.debug(`a signal socket broke: ${error.message}`));
    ws.on('close', () => this.#gone(client));
    this.#drain(client);
    return client;
  }

  #hear(client: Client, data: Buffer, isBinary: boolean): void {
    if (isBinary) this.#feed(client, { kind: 'binary', bytes: data });
    else this.#feed(client, { kind: 'text', text: data.toString() });
  }

  /** What comes after we have closed is not heard. */
  #feed(client: Client, input: SessionIn): void {
    if (client.ws.readyState !== client.ws.OPEN) return;
    client.session.handle(input, this.#steady.now());
    this.#drain(client);
  }

  #drain(client: Client): void {
    for (let out = client.session.poll(); out !== undefined; out = client.session.poll()) {
      dispatch(this.#sessionTable, out, client);
    }
  }

  readonly #sessionTable: ByKind<SessionOut, [client: Client]> = {
    send: ({ frame }, client) => this.#send(client, JSON.stringify(frame)),
    open: ({ fingerprint }, client) => this.#opened(client, fingerprint),
    watch: (out, client) => this.#presence.handle({ ...out, socket: client }),
    signal: ({ id, to, body }, client) => void this.#signal(client, { id, to, body }),
    relayOpen: ({ id, to }, client) => void this.#openRelay(client, id, to),
    relayAccept: ({ stream }, client) => this.#relay.handle({ kind: 'accept', socket: client, stream }),
    relayClose: ({ stream }, client) => this.#relay.handle({ kind: 'close', socket: client, stream }),
    relay: ({ stream, bytes }, client) =>
      this.#relay.handle({ kind: 'bytes', socket: client, stream, bytes }),
    close: ({ code, reason }, client) => this.#closeSocket(client, code, reason),
  };

  /** A key has one socket: a newer one is the same engine after a road that broke without a word. */
  #opened(client: Client, key: Fingerprint): void {
    const older = this.#byKey.get(key);
    client.key = key;
    this.#gate.known(client.address);
    this.#byKey.set(key, client);
    if (older !== undefined) this.#closeSocket(older, SIGNAL_CLOSE.replaced, 'this key has a newer socket');
    const news: KeyNews = { kind: 'moved', instance: this.#instance };
    const { bus } = this.#parts;
    void bus.follow(keyTopic(key)).then(() => this.#feed(client, { kind: 'reachable' }));
    void bus.publish(keyTopic(key), JSON.stringify(news)).catch(() => undefined);
  }

  #gone(client: Client): void {
    this.#clients.delete(client);
    this.#gate.leave(client.address, client.key !== undefined);
    if (client.key === undefined) return;
    this.#presence.handle({ kind: 'gone', socket: client });
    this.#relay.handle({ kind: 'gone', socket: client });
    if (this.#byKey.get(client.key) !== client) return;
    this.#byKey.delete(client.key);
    this.#parts.bus.unfollow(keyTopic(client.key));
  }

  async #signal(client: Client, { id, to, body }: { id: number; to: string; body: string }): Promise<void> {
    if (client.key === undefined) return;
    this.#counts.signals += 1;
    const reason = await this.#post.send({ from: client.key, to, body }, this.#steady.now());
    if (reason !== undefined) this.#tell(client, { kind: 'undeliverable', id, reason });
  }

  #deliver({ from, to, body }: Letter): boolean {
    const client = this.#byKey.get(to);
    if (client === undefined) return false;
    this.#tell(client, { kind: 'signal', from, body });
    return true;
  }

  async #openRelay(client: Client, id: number, to: string): Promise<void> {
    if (client.key === undefined) return;
    const other = this.#byKey.get(to);
    const isAllowed = this.#post.mayBother(client.key, to, this.#steady.now());
    if (isAllowed && other?.key !== undefined) {
      const [from, at] = [client, other].map((each) => ({ socket: each, key: each.key ?? '' }));
      if (from && at) this.#relay.handle({ kind: 'open', id, from, to: at });
      return;
    }
    const isElsewhere = isAllowed && (await this.#post.isElsewhere(to));
    const reason = isElsewhere ? 'elsewhere' : isAllowed ? 'offline' : 'tooMuch';
    this.#tell(client, { kind: 'relayRefused', id, reason });
  }

  #announce({ sortKey, holder, isNew }: Announcement): void {
    const news: NameNews = holder === undefined ? { sortKey } : { sortKey, holder };
    const text = JSON.stringify(news);
    // What is lost here is repaired when leases end; while the bus is away, watchers know that they are not told all.
    void this.#parts.bus.publish(nameTopic(sortKey), text).catch(() => undefined);
    if (isNew) void this.#parts.bus.publish(NEWCOMERS_TOPIC, text).catch(() => undefined);
  }

  #listenToBus(): void {
    const { bus, log } = this.#parts;
    bus.listen({
      heard: (topic, text) => this.#heard(topic, text),
      road: (isUp, cause = 'unknown') => {
        if (isUp) log.info('announcements of other instances are heard again');
        else
          log.warn(`announcements of other instances cannot be heard (${cause}); watchers are told so`, {
            cause,
          });
        this.#presence.handle({ kind: 'bus', isUp });
      },
    });
    void bus.follow(NEWCOMERS_TOPIC);
  }

  #heard(topic: string, text: string): void {
    if (topic.startsWith(KEY_PREFIX)) {
      this.#heardOfKey(topic.slice(KEY_PREFIX.length), parseFrame(KeyNews, text));
      return;
    }
    const news = parseFrame(NameNews, text);
    if (news === undefined) return;
    if (topic !== NEWCOMERS_TOPIC)
      this.#presence.handle({ kind: 'heard', sortKey: news.sortKey, holder: news.holder });
    else if (news.holder !== undefined) this.#presence.handle({ kind: 'newcomer', holder: news.holder });
  }

  #heardOfKey(key: string, news: KeyNews | undefined): void {
    if (news?.kind === 'signal') this.#deliver({ from: news.from as Fingerprint, to: key, body: news.body });
    if (news?.kind !== 'moved' || news.instance === this.#instance) return;
    const client = this.#byKey.get(key);
    if (client !== undefined)
      this.#closeSocket(client, SIGNAL_CLOSE.replaced, 'this key has a newer socket elsewhere');
  }

  #carryOutPresence(out: PresenceOut<Client>): void {
    switch (out.kind) {
      case 'read':
        void this.#reads.pass(() => this.#read(out.keys, out.isNew));
        return;
      case 'unfollow':
        return this.#parts.bus.unfollow(nameTopic(out.sortKey));
      case 'tell':
        return this.#send(out.socket, out.text);
      case 'tooMuch':
        return this.#closeSocket(out.socket, SIGNAL_CLOSE.tooMuch, 'too many names are watched');
    }
  }

  /** First to hear of changes, then to ask how it is now: so that none falls between. */
  async #read(keys: NameKeys, isNew: boolean): Promise<void> {
    const { bus, store, clock } = this.#parts;
    const { sortKey } = keys;
    // Whoever watched it went while it stood in line: it was unfollowed then, and would now be followed for ever.
    if (!this.#presenceMachine.isWatched(sortKey)) return;
    try {
      if (isNew) await bus.follow(nameTopic(sortKey));
      const peer = await store.find(keys, clock.now());
      this.#presence.handle({ kind: 'found', sortKey, holder: peer && holderOf(peer) });
    } catch (error) {
      this.#parts.log.debug(`a watched name could not be read: ${error}`);
      this.#presence.handle({ kind: 'unread', sortKey });
    }
  }

  #carryOutRelay(out: RelayOut<Client>): void {
    if (out.kind === 'tell') return this.#tell(out.socket, out.frame);
    const { socket, stream, bytes } = out;
    this.#counts.relayedBytes += bytes.length;
    socket.ws.send(encodeRelayFrame({ stream, bytes }), () =>
      this.#relay.handle({ kind: 'flushed', socket, bytes: bytes.length }),
    );
  }

  #tell(client: Client, frame: ServerFrame): void {
    this.#send(client, JSON.stringify(frame));
  }

  #send(client: Client, text: string): void {
    if (client.ws.readyState !== client.ws.OPEN || !this.#isReading(client)) return;
    this.#counts.framesSent += 1;
    client.ws.send(text);
  }

  /** A reader so slow that much waits for it is dropped: it will come back and be told the present state. */
  #isReading({ ws }: Client): boolean {
    if (ws.bufferedAmount <= MAX_UNREAD_BYTES) return true;
    this.#counts.droppedReaders += 1;
    ws.terminate();
    return false;
  }

  /** Says why, and does not wait for long until it is read. */
  #closeSocket({ ws }: Client, code: number, reason: string): void {
    ws.close(code, reason);
    setTimeout(() => ws.terminate(), CLOSE_LINGER_MS).unref();
  }

  #look(): void {
    this.#sweepDeadlines();
    if (this.#parts.isChangedElsewhere?.()) this.#presence.handle({ kind: 'changed' });
  }

  #sweepDeadlines(): void {
    const now = this.#steady.now();
    for (const client of this.#clients) {
      const deadline = client.session.deadline();
      if (deadline !== undefined && deadline <= now) this.#feed(client, { kind: 'time' });
    }
  }
}

const KEY_PREFIX = keyTopic('');
const NO_HANDSHAKE: Refusal = {
  ...{ status: 400, type: 'bad-request' },
  message: 'This is no handshake of a WebSocket (RFC 6455).',
};
