// A signal socket with a key, for tests: says what it is told to, keeps what it hears, and waits with deadlines.

import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { WebSocket } from 'ws';
import { type ClientFrame, parseFrame, ServerFrame, SIGNAL_PATH } from '../../../src/contract/signal.ts';
import { decodeRelayFrame, encodeRelayFrame } from '../../../src/wire/relayFrame.ts';
import { challengeBytes } from '../../../src/wire/signalChallenge.ts';
import { fingerprintDigits } from '../../../src/wire/signedRecord.ts';

/** Nothing that is waited for takes this long, except on a machine that is busy with something else. */
const PATIENCE_MS = 10_000;

export class Key {
  readonly #private: KeyObject;
  readonly publicKey: string;
  readonly fingerprint: string;

  constructor() {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const spki = pair.publicKey.export({ format: 'der', type: 'spki' });
    this.#private = pair.privateKey;
    this.publicKey = spki.toString('base64');
    this.fingerprint = fingerprintDigits(spki);
  }

  sign(bytes: Uint8Array): string {
    return sign('sha256', bytes, { key: this.#private, dsaEncoding: 'ieee-p1363' }).toString('base64');
  }

  answer({ challenge, host }: { challenge: string; host: string }): ClientFrame {
    const { publicKey } = this;
    return {
      kind: 'answer',
      publicKey,
      signature: this.sign(challengeBytes({ challenge, host, publicKey })),
    };
  }
}

type Kind = ServerFrame['kind'];
type Of<K extends Kind> = Extract<ServerFrame, { kind: K }>;

export class SignalClient {
  readonly ws: WebSocket;
  readonly key: Key;
  readonly frames: ServerFrame[] = [];
  readonly relayed: { stream: number; bytes: Uint8Array }[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly #listeners = new Set<() => void>();

  private constructor(ws: WebSocket, key: Key) {
    this.ws = ws;
    this.key = key;
    this.closed = new Promise((resolve) => {
      ws.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
    ws.on('error', () => undefined);
    ws.on('message', (data, isBinary) => this.#take(data as Buffer, isBinary));
  }

  /** Connected, and nothing said. */
  static async stranger(url: string, key = new Key()): Promise<SignalClient> {
    const ws = new WebSocket(url.replace(/^http/, 'ws') + SIGNAL_PATH, { perMessageDeflate: false });
    const client = new SignalClient(ws, key);
    await new Promise((resolve, reject) => ws.once('open', resolve).once('error', reject));
    return client;
  }

  static async open(url: string, key = new Key()): Promise<SignalClient> {
    const client = await SignalClient.stranger(url, key);
    client.send(key.answer(await client.next('challenge')));
    await client.next('welcome');
    return client;
  }

  send(frame: ClientFrame): void {
    this.ws.send(JSON.stringify(frame));
  }

  relay(stream: number, bytes: Uint8Array): void {
    this.ws.send(encodeRelayFrame({ stream, bytes }));
  }

  /** Watches, and waits until all is told. */
  async watch(names: readonly string[], more: { newcomers?: boolean } = {}): Promise<void> {
    const id = this.frames.length + 1;
    this.send({ kind: 'watch', id, add: names.map((name) => ({ name })), remove: [], ...more });
    await this.until(
      () => this.frames.some((frame) => frame.kind === 'present' && frame.id === id),
      'present',
    );
  }

  /** What was told last of each name, by the name as told: here, away or nobody. */
  get told(): Record<string, 'here' | 'away' | 'nobody'> {
    const people = this.frames.flatMap((frame) => (frame.kind === 'people' ? frame.people : []));
    return Object.fromEntries(
      people.map(({ name, holder }) => [
        name,
        holder === undefined ? 'nobody' : holder.online ? 'here' : 'away',
      ]),
    );
  }

  /** The first frame of this kind that `is` so, heard already or to come. */
  async next<K extends Kind>(kind: K, is: (frame: Of<K>) => boolean = () => true): Promise<Of<K>> {
    const find = () => this.frames.find((frame): frame is Of<K> => frame.kind === kind && is(frame as Of<K>));
    await this.until(() => find() !== undefined, kind);
    return find() as Of<K>;
  }

  until(isSo: () => boolean, what: string, patienceMs = PATIENCE_MS): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#listeners.delete(look);
        reject(new Error(`no ${what} after ${patienceMs} ms: ${JSON.stringify(this.frames.slice(-5))}`));
      }, patienceMs);
      const look = () => {
        if (!isSo()) return;
        clearTimeout(timer);
        this.#listeners.delete(look);
        resolve();
      };
      this.#listeners.add(look);
      look();
    });
  }

  close(): void {
    this.ws.terminate();
  }

  #take(data: Buffer, isBinary: boolean): void {
    if (isBinary) this.relayed.push(decodeRelayFrame(data));
    else {
      const frame = parseFrame(ServerFrame, data.toString());
      if (frame === undefined) throw new Error(`not a server's frame: ${data}`);
      this.frames.push(frame);
    }
    for (const listener of [...this.#listeners]) listener();
  }
}
