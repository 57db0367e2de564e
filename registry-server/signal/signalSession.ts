// One signal socket as a machine: it proves its key within five seconds, then says what it wants. Knows no WebSocket: frames
// come in as text or bytes, and what is to be done goes out.
//
//   challenge --(right answer)--> open --(anything wrong, silence)--> closing
//       '--------(wrong answer, other frame, 5 s)-----------------------^

import { type ByKind, dispatch } from '../../src/base/byKind.ts';
import type { Millis } from '../../src/base/clock.ts';
import type { Machine } from '../../src/base/machine.ts';
import { TokenBuckets } from '../../src/base/tokenBuckets.ts';
import { type Fingerprint, parseFingerprint } from '../../src/contract/fingerprint.ts';
import { tidyName } from '../../src/contract/names.ts';
import {
  ClientFrame,
  parseFrame,
  type ServerFrame,
  SIGNAL_CLOSE,
  SIGNAL_DEAD_MS,
} from '../../src/contract/signal.ts';
import { DecodeError } from '../../src/wire/decodeError.ts';
import { decodeRelayFrame, type RelayFrame } from '../../src/wire/relayFrame.ts';
import { signerOfChallenge } from '../../src/wire/signalChallenge.ts';
import { type NameKeys, nameKeysOf } from '../nameKeys.ts';
import { CHALLENGE_MS, FRAME_RATE, NAME_RATE, RELAY_FRAME_RATE } from './params.ts';

export type SessionIn =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'binary'; readonly bytes: Uint8Array }
  /** A WebSocket ping or pong: nothing to do, but it counts. */
  | { readonly kind: 'control' }
  /** After `open`: whoever looks for this key, at any instance, finds this socket from now on. */
  | { readonly kind: 'reachable' }
  | { readonly kind: 'time' };

/** A name to watch: by its keys, and the version that the client has. */
export interface Wish {
  readonly name: string;
  readonly keys: NameKeys;
  readonly have: string | undefined;
}

type Asked<Kind extends ClientFrame['kind']> = Extract<ClientFrame, { kind: Kind }>;

export type SessionOut =
  | { readonly kind: 'send'; readonly frame: ServerFrame }
  /** The socket's key is proven; it may now be found by others. `reachable` is the answer, and what its engine is told of. */
  | { readonly kind: 'open'; readonly fingerprint: Fingerprint }
  | {
      readonly kind: 'watch';
      readonly id: number;
      readonly add: readonly Wish[];
      /** Sort keys. */
      readonly remove: readonly string[];
      readonly newcomers: boolean | undefined;
    }
  | Asked<'signal'>
  | Asked<'relayOpen'>
  | Asked<'relayAccept'>
  | Asked<'relayClose'>
  | ({ readonly kind: 'relay' } & RelayFrame)
  | { readonly kind: 'close'; readonly code: number; readonly reason: string };

export interface SessionOptions {
  /** Base64 of 32 random bytes. */
  readonly challenge: string;
  /** What the client asked for in its Host header. */
  readonly host: string;
  readonly now: Millis;
}

export class SignalSession implements Machine<SessionIn, SessionOut> {
  readonly #options: SessionOptions;
  readonly #out: SessionOut[] = [];
  readonly #frames = new TokenBuckets(FRAME_RATE, 1);
  readonly #relayFrames = new TokenBuckets(RELAY_FRAME_RATE, 1);
  readonly #names = new TokenBuckets(NAME_RATE, 1);
  #state: 'challenge' | 'open' | 'closing' = 'challenge';
  #deadline: Millis;
  #key: Fingerprint | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#deadline = options.now + CHALLENGE_MS;
    const { challenge, host } = options;
    this.#out.push({ kind: 'send', frame: { kind: 'challenge', challenge, host } });
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  handle(input: SessionIn, now: Millis): void {
    if (this.#state === 'closing') return;
    if (input.kind === 'time') return this.#timePassed(now);
    if (input.kind === 'reachable') return this.#welcome();
    if (this.#state === 'open') this.#deadline = now + SIGNAL_DEAD_MS;
    if (input.kind === 'binary') return this.#takeBinary(input.bytes, now);
    if (!this.#frames.takeNow('', 1, now)) return this.#close('tooMuch', 'too many frames');
    if (input.kind === 'control') return;
    const frame = parseFrame(ClientFrame, input.text);
    if (frame === undefined) return this.#close('malformed', 'not a frame of this socket');
    // Before the key is proven, an answer is the only word; afterwards, it is none.
    if ((frame.kind === 'answer') !== (this.#state === 'challenge'))
      return this.#close('unauthenticated', 'answer the challenge first, and once');
    dispatch(this.#frameTable, frame, now);
  }

  poll(): SessionOut | undefined {
    return this.#out.shift();
  }

  deadline(): Millis | undefined {
    return this.#state === 'closing' ? undefined : this.#deadline;
  }

  readonly #frameTable: ByKind<ClientFrame, [now: Millis]> = {
    answer: ({ publicKey, signature }, now) => {
      const { challenge, host } = this.#options;
      const fingerprint = parseFingerprint(signerOfChallenge({ challenge, host, publicKey }, signature));
      if (fingerprint === undefined)
        return this.#close('unauthenticated', 'the signature is not this key over this challenge and host');
      this.#state = 'open';
      this.#deadline = now + SIGNAL_DEAD_MS;
      this.#key = fingerprint;
      this.#out.push({ kind: 'open', fingerprint });
    },
    watch: (frame, now) => this.#watch(frame, now),
    signal: (frame) => this.#out.push(frame),
    relayOpen: (frame) => this.#out.push(frame),
    relayAccept: (frame) => this.#out.push(frame),
    relayClose: (frame) => this.#out.push(frame),
    ping: () => this.#out.push({ kind: 'send', frame: { kind: 'pong' } }),
  };

  #welcome(): void {
    if (this.#key !== undefined)
      this.#out.push({ kind: 'send', frame: { kind: 'welcome', fingerprint: this.#key } });
  }

  #watch({ id, add, remove, newcomers }: Asked<'watch'>, now: Millis): void {
    if (!this.#names.takeNow('', add.length, now)) return this.#close('tooMuch', 'too many names');
    const wishes = add.map(({ name, have }) => ({ name: tidyName(name), keys: keysOf(name), have }));
    const known = wishes.filter((wish): wish is Wish => wish.keys !== undefined);
    if (known.length < wishes.length) return this.#close('malformed', 'a name is too long');
    const gone = remove.map((name) => keysOf(name)?.sortKey ?? '');
    this.#out.push({ kind: 'watch', id, add: known, remove: gone, newcomers });
  }

  #takeBinary(frame: Uint8Array, now: Millis): void {
    if (this.#state === 'challenge') return this.#close('unauthenticated', 'answer the challenge first');
    if (!this.#relayFrames.takeNow('', 1, now)) return this.#close('tooMuch', 'too many relay frames');
    try {
      this.#out.push({ kind: 'relay', ...decodeRelayFrame(frame) });
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#close('malformed', error.message);
    }
  }

  #timePassed(now: Millis): void {
    if (now < this.#deadline) return;
    this.#close(
      'silent',
      this.isOpen ? 'nothing was heard for too long' : 'the challenge was not answered in time',
    );
  }

  #close(why: keyof typeof SIGNAL_CLOSE, reason: string): void {
    this.#state = 'closing';
    this.#out.push({ kind: 'close', code: SIGNAL_CLOSE[why], reason });
  }
}

function keysOf(name: string): NameKeys | undefined {
  return nameKeysOf(tidyName(name));
}
