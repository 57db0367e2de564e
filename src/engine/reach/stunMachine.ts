// One STUN transaction from the client's side (RFC 8489, section 6.2.1): asks a server where it sees this socket, again and again
// with growing waits, until it answers or it is too late. It knows no socket. No engine uses it yet.

import type { Millis } from '../../base/clock.ts';
import type { Machine } from '../../base/machine.ts';
import { Timers } from '../../base/timers.ts';
import { DecodeError } from '../../wire/decodeError.ts';
import type { StunAddress } from '../../wire/stunAddress.ts';
import { isComprehensionRequired, StunAttributeType } from '../../wire/stunAttributeType.ts';
import { encodeChangeRequest } from '../../wire/stunChangeRequest.ts';
import { decodeErrorCode, type StunError } from '../../wire/stunErrorCode.ts';
import { checkFingerprint, withFingerprint } from '../../wire/stunFingerprint.ts';
import {
  decodeStunMessage,
  encodeStunMessage,
  isStunDatagram,
  STUN_BINDING,
  STUN_COOKIE,
  type StunMessage,
  stunValue,
} from '../../wire/stunMessage.ts';
import { decodeXorAddress } from '../../wire/stunXorAddress.ts';

/** The first wait for an answer; each is twice the one before. */
const FIRST_WAIT_MS = 500;
/** Rc of the RFC. */
const MAX_SENDS = 7;
/** Rm of the RFC: after the last send, so many first waits. */
const LAST_WAITS = 16;

export type StunIn =
  | { readonly kind: 'time' }
  /** Begin. Once. */
  | { readonly kind: 'ask' }
  /** Any datagram; what is not the answer changes nothing. */
  | { readonly kind: 'datagram'; readonly bytes: Uint8Array; readonly from: StunAddress };

export type StunOut =
  | { readonly kind: 'send'; readonly bytes: Uint8Array; readonly to: StunAddress }
  /** The last one. */
  | { readonly kind: 'done'; readonly outcome: StunOutcome };

export type StunOutcome =
  /** The server sees this socket as `address`. `from` tells which of its ports answered. */
  | { readonly kind: 'mapped'; readonly address: StunAddress; readonly from: StunAddress }
  | { readonly kind: 'refused'; readonly error: StunError }
  /** It answered what this client cannot understand. */
  | { readonly kind: 'unusable' }
  | { readonly kind: 'timedOut' };

export interface StunOptions {
  readonly server: StunAddress;
  /** 12 random bytes: who does not see the request cannot guess them, so they are what proves the answer. */
  readonly transactionId: Uint8Array;
  /** Whether the answer shall come from the server's other port (RFC 5780): whether it arrives says what the router lets in. */
  readonly fromOtherPort?: boolean;
}

/** What an answer may hold that must be understood. */
const UNDERSTOOD = new Set<number>([
  StunAttributeType.mappedAddress,
  StunAttributeType.xorMappedAddress,
  StunAttributeType.errorCode,
  StunAttributeType.unknownAttributes,
]);

export class StunMachine implements Machine<StunIn, StunOut> {
  readonly #options: StunOptions;
  readonly #request: Uint8Array;
  readonly #timers = new Timers<'again'>();
  readonly #out: StunOut[] = [];
  #state: 'new' | 'asking' | 'done' = 'new';
  #sends = 0;

  constructor(options: StunOptions) {
    this.#options = options;
    this.#request = requestOf(options);
  }

  handle(input: StunIn, now: Millis): void {
    switch (input.kind) {
      case 'ask':
        if (this.#state === 'new') this.#send(now);
        break;
      case 'time':
        if (this.#timers.takeDue(now).length > 0) this.#goOn(now);
        break;
      case 'datagram':
        if (this.#state === 'asking') this.#take(input.bytes, input.from);
    }
  }

  poll(): StunOut | undefined {
    return this.#out.shift();
  }

  deadline(): Millis | undefined {
    return this.#timers.deadline();
  }

  #goOn(now: Millis): void {
    if (this.#sends < MAX_SENDS) this.#send(now);
    else this.#finish({ kind: 'timedOut' });
  }

  /** The same bytes each time: whichever copy is answered, the answer is the same. */
  #send(now: Millis): void {
    this.#state = 'asking';
    this.#out.push({ kind: 'send', bytes: this.#request, to: this.#options.server });
    this.#sends += 1;
    const waits = this.#sends < MAX_SENDS ? 2 ** (this.#sends - 1) : LAST_WAITS;
    this.#timers.set('again', now + waits * FIRST_WAIT_MS);
  }

  #take(bytes: Uint8Array, from: StunAddress): void {
    const message = answerIn(bytes, this.#options.transactionId);
    if (message !== undefined) this.#finish(outcomeOf(message, from));
  }

  #finish(outcome: StunOutcome): void {
    this.#state = 'done';
    this.#timers.clearAll();
    this.#out.push({ kind: 'done', outcome });
  }
}

function requestOf({ transactionId, fromOtherPort = false }: StunOptions): Uint8Array {
  const value = encodeChangeRequest({ address: false, port: true });
  const attributes = fromOtherPort ? [{ type: StunAttributeType.changeRequest, value }] : [];
  const header = { method: STUN_BINDING, kind: 'request', cookie: STUN_COOKIE, transactionId } as const;
  return withFingerprint(encodeStunMessage({ ...header, attributes }));
}

/** The answer of this transaction, or undefined for every other datagram. */
function answerIn(bytes: Uint8Array, transactionId: Uint8Array): StunMessage | undefined {
  if (!isStunDatagram(bytes) || checkFingerprint(bytes) === 'wrong') return undefined;
  const message = orUndefined(() => decodeStunMessage(bytes));
  if (message === undefined || message.method !== STUN_BINDING) return undefined;
  const isAnswer = message.kind === 'success' || message.kind === 'error';
  return isAnswer && isSame(message.transactionId, transactionId) ? message : undefined;
}

function outcomeOf(message: StunMessage, from: StunAddress): StunOutcome {
  const required = message.attributes.map(({ type }) => type).filter(isComprehensionRequired);
  if (!required.every((type) => UNDERSTOOD.has(type))) return { kind: 'unusable' };
  return orUndefined(() => readOutcome(message, from)) ?? { kind: 'unusable' };
}

function readOutcome(message: StunMessage, from: StunAddress): StunOutcome | undefined {
  const { errorCode, xorMappedAddress } = StunAttributeType;
  const value = stunValue(message, message.kind === 'error' ? errorCode : xorMappedAddress);
  if (value === undefined) return undefined;
  if (message.kind === 'error') return { kind: 'refused', error: decodeErrorCode(value) };
  return { kind: 'mapped', address: decodeXorAddress(value, message), from };
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function orUndefined<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
