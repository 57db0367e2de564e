// The sessions over UDP, as the thread of the datagrams has them: opened, fed and ended by the words of the engine's thread.

import { UdpSocket } from '../io/udpSocket.ts';
import { ForgedBlockError } from './carrier.ts';
import { ReceiveSession } from './receiveSession.ts';
import { RemoteDestination } from './remoteDestination.ts';
import { RemoteSource } from './remoteSource.ts';
import { SendSession } from './sendSession.ts';
import { TransferRoads } from './transferRoads.ts';
import type { FromUdp, ToUdp } from './udpWords.ts';
import type { WordBatch } from './wordBatch.ts';

type ToSession = Exclude<ToUdp, { readonly kind: 'listen' | 'send' | 'receive' | 'endAll' }>;
type Opening<Kind> = Extract<ToUdp, { readonly kind: Kind }>;
type SaidFromUdp = Pick<WordBatch<FromUdp>, 'say' | 'sayLater'>;
/** Takes what is said of its session, `end` included, or of all. */
type Session = (word: ToSession) => void;

export class UdpDesk {
  readonly #words: SaidFromUdp;
  readonly #roads = new TransferRoads();
  readonly #sessions = new Map<number, Session>();
  #socket: UdpSocket | undefined;
  /** What was said since a port is being bound: sessions want a socket. */
  #early: ToUdp[] | undefined;

  constructor(words: SaidFromUdp) {
    this.#words = words;
  }

  handle(word: ToUdp): void {
    if (this.#early !== undefined) this.#early.push(word);
    else this.#obey(word);
  }

  #obey(word: ToUdp): void {
    if (word.kind === 'listen') void this.#listen(word);
    else if (word.kind === 'send') this.#sessions.set(word.id, this.#send(word));
    else if (word.kind === 'receive') this.#sessions.set(word.id, this.#receive(word));
    else if (word.kind === 'endAll') this.#endAll();
    else if (word.kind === 'giveWay') for (const session of this.#sessions.values()) session(word);
    else this.#sessions.get(word.id)?.(word);
    if (word.kind === 'end') this.#sessions.delete(word.id);
  }

  #endAll(): void {
    for (const id of this.#sessions.keys()) this.#obey({ kind: 'end', id });
    this.#socket?.dispose();
    this.#words.say({ kind: 'allEnded' });
  }

  async #listen({ host, port }: Opening<'listen'>): Promise<void> {
    this.#early = [];
    try {
      this.#use(await this.#bind(host, port).catch(() => this.#bind(host, 0)));
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      this.#words.say({ kind: 'cannotListen', code, message });
    }
    const early = this.#early;
    this.#early = undefined;
    for (const word of early) this.handle(word);
  }

  #bind(host: string, port: number): Promise<UdpSocket> {
    return UdpSocket.open(host, port, (bytes, from, fromPort) => this.#roads.receive(bytes, from, fromPort));
  }

  #use(socket: UdpSocket): void {
    this.#socket?.dispose();
    this.#socket = socket;
    this.#roads.use(socket);
    this.#words.say({ kind: 'listening', port: socket.port });
  }

  #send({ id, options, to }: Opening<'send'>): Session {
    const { say } = this.#words;
    const source = new RemoteSource(id, say);
    const progress = new Progress(id, this.#words);
    const session = new SendSession(options, source, this.#roads, to, {
      onProgress: (verifiedBytes) => progress.reach(verifiedBytes),
      // The other thread has it (RemoteSource.digest).
      onDigest: () => undefined,
      onFinished() {
        progress.tell();
        say({ kind: 'finished', id });
      },
      onStalled: () => say({ kind: 'stalled', id }),
      // The file is the other thread's, which hears of its failures first: this is a bug.
      onFailed: raise,
    });
    return (word) => {
      if (word.kind === 'block') source.take(word.ask, word.bytes);
      else if (word.kind === 'giveWay') session.giveWay(word.ms);
      else if (word.kind === 'end') {
        session.dispose();
        say({ kind: 'sent', id, counts: session.counts });
      }
    };
  }

  #receive({ id, options }: Opening<'receive'>): Session {
    const { say, sayLater } = this.#words;
    const destination = new RemoteDestination(id, sayLater);
    const progress = new Progress(id, this.#words);
    const session = new ReceiveSession(options, destination, this.#roads, {
      onPart: (bytes) => say({ kind: 'part', id, bytes }),
      onProgress: (verifiedBytes) => progress.reach(verifiedBytes),
      onFinished() {
        progress.tell();
        say({ kind: 'finished', id });
      },
      onClosed: () => say({ kind: 'closed', id }),
      onStalled: () => say({ kind: 'stalled', id }),
      onFailed: (error) => {
        if (!(error instanceof ForgedBlockError)) raise(error);
        say({ kind: 'forged', id, why: error.message });
      },
    });
    say({ kind: 'begun', id });
    return (word) => {
      if (word.kind === 'written') destination.written(word.ask);
      else if (word.kind === 'reading') session.hearReading();
      else if (word.kind === 'end') {
        session.dispose();
        say({ kind: 'left', id, unfinishedBytes: session.unfinishedBytes });
      }
    };
  }
}

/** How far a session is: each block and each acknowledgement has news, and the newest of a turn is worth a word. */
class Progress {
  readonly #id: number;
  readonly #words: SaidFromUdp;
  #untold: number | undefined;

  constructor(id: number, words: SaidFromUdp) {
    this.#id = id;
    this.#words = words;
  }

  reach(verifiedBytes: number): void {
    if (this.#untold === undefined) setImmediate(() => this.tell());
    this.#untold = verifiedBytes;
  }

  tell(): void {
    if (this.#untold === undefined) return;
    this.#words.sayLater({ kind: 'progress', id: this.#id, verifiedBytes: this.#untold });
    this.#untold = undefined;
  }
}

/** A bug is never caught to go on. */
function raise(error: unknown): never {
  throw error;
}
