// The sessions over UDP, as the thread of the datagrams has them: opened, fed and ended by the words of the engine's thread.

import { UdpSocket } from '../io/udpSocket.ts';
import { ForgedBlockError, ReceiveSession } from './receiveSession.ts';
import { RemoteDestination } from './remoteDestination.ts';
import { RemoteSource } from './remoteSource.ts';
import { SendSession } from './sendSession.ts';
import { TransferRoads } from './transferRoads.ts';
import type { FromUdp, SessionWord, ToUdp } from './udpWords.ts';
import type { Say } from './wordBatch.ts';

type ToSession = Exclude<ToUdp, { readonly kind: 'listen' | 'send' | 'receive' | 'endAll' }>;
type Opening<Kind> = Extract<ToUdp, { readonly kind: Kind }>;
/** Takes what is said of its session, `end` included. */
type Session = (word: ToSession) => void;

export class UdpDesk {
  readonly #say: Say<FromUdp>;
  readonly #roads = new TransferRoads();
  readonly #sessions = new Map<number, Session>();
  #socket: UdpSocket | undefined;

  constructor(say: Say<FromUdp>) {
    this.#say = say;
  }

  handle(word: ToUdp): void {
    if (word.kind === 'listen') void this.#listen(word);
    else if (word.kind === 'send') this.#sessions.set(word.id, this.#send(word));
    else if (word.kind === 'receive') this.#sessions.set(word.id, this.#receive(word));
    else if (word.kind === 'endAll') this.#endAll();
    else this.#sessions.get(word.id)?.(word);
    if (word.kind === 'end') this.#sessions.delete(word.id);
  }

  #endAll(): void {
    for (const id of this.#sessions.keys()) this.handle({ kind: 'end', id });
    this.#socket?.dispose();
    this.#say({ kind: 'allEnded' });
  }

  async #listen({ host, port }: Opening<'listen'>): Promise<void> {
    const onDatagram = (bytes: Buffer, from: string, fromPort: number) =>
      this.#roads.receive(bytes, from, fromPort);
    try {
      this.#socket = await UdpSocket.open(host, port, onDatagram);
      this.#roads.use(this.#socket);
      this.#say({ kind: 'listening', port: this.#socket.port });
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      this.#say({ kind: 'cannotListen', code, message });
    }
  }

  #send({ id, options, to }: Opening<'send'>): Session {
    const say: Say<SessionWord> = this.#say;
    const source = new RemoteSource(id, say);
    const session = new SendSession(options, source, this.#roads, to, {
      onProgress: (verifiedBytes) => say({ kind: 'progress', id, verifiedBytes }),
      onDigest: (sha256) => say({ kind: 'digest', id, sha256 }),
      onFinished: () => say({ kind: 'finished', id }),
      onStalled: () => say({ kind: 'stalled', id }),
      // The file is the other thread's, which hears of its failures first: this is a bug.
      onFailed: raise,
    });
    return (word) => {
      if (word.kind === 'block') source.take(word.ask, word.bytes);
      else if (word.kind === 'digest') source.takeDigest(word.sha256);
      else if (word.kind === 'end') {
        session.dispose();
        say({ kind: 'sent', id, counts: session.counts });
      }
    };
  }

  #receive({ id, options }: Opening<'receive'>): Session {
    const say: Say<SessionWord> = this.#say;
    const destination = new RemoteDestination(id, say);
    const session = new ReceiveSession(options, destination, this.#roads, {
      onProgress: (verifiedBytes) => say({ kind: 'progress', id, verifiedBytes }),
      onFinished: () => say({ kind: 'finished', id }),
      onClosed: () => say({ kind: 'closed', id }),
      onStalled: () => say({ kind: 'stalled', id }),
      onFailed: (error) => {
        if (!(error instanceof ForgedBlockError)) raise(error);
        say({ kind: 'forged', id, why: error.message });
      },
    });
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

/** A bug is never caught to go on. */
function raise(error: unknown): never {
  throw error;
}
