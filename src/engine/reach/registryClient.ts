// Asks one registry: who is there, where somebody is, and to have me listed. Believes nothing that is not signed.

import type { Clock, Millis } from '../../base/clock.ts';
import { turns } from '../../base/turns.ts';
import { FailureError, fail } from '../../contract/failure.ts';
import { type Fingerprint, parseFingerprint } from '../../contract/fingerprint.ts';
import { nameProblem, sameNameKey, tidyName } from '../../contract/names.ts';
import { MAX_PAGE, MAX_SKEW_MS, PageAnswer, PeerAnswer, RegisterAnswer } from '../../contract/registry.ts';
import {
  isSignedBy,
  parsePublicKey,
  registrationBytes,
  releaseBytes,
  type SignedIdentity,
  signOffBytes,
} from '../../wire/signedRecord.ts';
import type { HttpAnswer, HttpRequest, RequestHttp } from './httpEdge.ts';
import {
  expectSuccess,
  noAnswer,
  nonsense,
  RegistryProblem,
  readAnswer,
  refused,
  staleTime,
} from './registryAnswer.ts';

/** A registry that takes longer than this for one call is as good as none. */
export const CALL_TIMEOUT_MS = 5_000;
/** The whole directory is asked for up to this many pages: 5000 names. */
export const MAX_PAGES = 50;

export interface RegistryClientOptions {
  /** In its normal form (registryUrl.ts). */
  readonly url: string;
  readonly request: RequestHttp;
  readonly me: Signer;
  /** Wall time: registries refuse records whose time is far off. */
  readonly clock: Clock;
  /** Base64 of at least 16 random bytes. */
  readonly nonce: () => string;
  /** A signal that ends a call after so many milliseconds. */
  readonly deadline?: (ms: Millis) => AbortSignal;
  /** Nobody answered a call in time, whatever it was about. */
  readonly onNoAnswer?: () => void;
}

export interface Signer {
  /** SPKI, DER, base64. */
  readonly publicKey: string;
  sign(bytes: Uint8Array): string;
}

/** What I want others to know of me. */
export interface Registration {
  readonly name: string;
  /** Best first, at most 16. */
  readonly addresses: readonly string[];
  readonly tcpPort: number;
  readonly udpPort: number;
}

/** Somebody's registration: signed by the key that the fingerprint is of. `online` and what follows is the registry's word. */
export interface FoundPeer extends Registration {
  readonly fingerprint: Fingerprint;
  /** By their clock. */
  readonly signedAt: Millis;
  readonly online: boolean;
  readonly lastSeenAt: Millis;
  readonly observedAddress?: string;
}

/** One line of the directory: the registry's word. */
export interface ListedPeer {
  readonly name: string;
  readonly fingerprint: Fingerprint;
  readonly online: boolean;
  readonly lastSeenAt: Millis;
  /** Another one when they have moved; of those alone whose changes are pushed. */
  readonly version?: string;
}

export interface Listing {
  readonly peers: readonly ListedPeer[];
  /** How many it took. */
  readonly pages: number;
}

/**
 * Every call ends within CALL_TIMEOUT_MS (`directory`: for each page; a claim that has to be signed once more: twice that; a
 * sign-off or release that has to take a late registration back: as three claims), or when `signal` does, and then rejects with
 * its reason. Every other rejection is a FailureError: registryUnreachable, registryNonsense, registryRefused, or as said.
 *
 * Claims (`register`, `signOff`, `release`) are said one after the other, in the order of the calls: each first waits for the
 * ends of those before, whatever its `signal` says. I have one name at a time, so a registration that any claim follows before
 * its turn is not said, and rejects with an Error that nobody is shown.
 */
export class RegistryClient {
  readonly #options: RegistryClientOptions;
  /** The time of my last accepted record; each must be later, even when the clock was set back since. */
  #acceptedAt: Millis = 0;
  /**
   * A claim that is on its way is waited for, not ended: the registry may hear it all the same, after the next one, and would
   * then have it signed once more with a later time than that.
   */
  readonly #inTurn = turns();
  /** How many there have been. */
  #claims = 0;
  /** The registration that got no answer in time: the registry may hear it yet. */
  #unheard: Registration | undefined;

  constructor(options: RegistryClientOptions) {
    this.#options = options;
  }

  get url(): string {
    return this.#options.url;
  }

  /** Lists me, or renews it. Also: nameTaken, nameInvalid, clockSkew. */
  async register(registration: Registration, signal?: AbortSignal): Promise<RegisterAnswer> {
    const claim = ++this.#claims;
    return this.#inTurn(async () => {
      if (claim !== this.#claims) throw new Error('a later claim came before this registration was said');
      return this.#register(registration, signal);
    });
  }

  /** Ends my lease; fine when there is none. The name stays mine. Failures as for `register`. */
  async signOff(name: string): Promise<void> {
    await this.#leave(SIGNING_OFF, name, undefined);
  }

  /** Gives the name back, so that anybody may take it; fine when it is not listed. Failures as for `register`. */
  async release(name: string, signal?: AbortSignal): Promise<void> {
    await this.#leave(RELEASING, name, signal);
  }

  /** Also: unknownUser, nameInvalid. */
  async lookUp(name: string, signal?: AbortSignal): Promise<FoundPeer> {
    const asked = validName(name);
    const answer = await this.#ask('GET', peerPath(asked), signal);
    return this.#verified(asked, this.#read(PeerAnswer, answer, { name: asked }));
  }

  /** Everybody, in the registry's order, up to MAX_PAGES. */
  async directory(): Promise<Listing> {
    const peers: ListedPeer[] = [];
    let cursor: string | undefined;
    for (let pages = 1; pages <= MAX_PAGES; pages++) {
      const page = await this.#page(cursor);
      for (const peer of page.peers) peers.push({ ...peer, fingerprint: peer.fingerprint as Fingerprint });
      if (page.cursor === undefined) return { peers, pages };
      if (page.cursor === cursor) throw nonsense(this.url, 'endless');
      cursor = page.cursor;
    }
    return { peers, pages: MAX_PAGES };
  }

  async #page(cursor: string | undefined): Promise<PageAnswer> {
    const limit = String(MAX_PAGE);
    const search = new URLSearchParams(cursor === undefined ? { limit } : { cursor, limit });
    const answer = await this.#ask('GET', `/v1/peers?${search}`, undefined);
    return this.#read(PageAnswer, answer, undefined);
  }

  async #register(registration: Registration, signal: AbortSignal | undefined): Promise<RegisterAnswer> {
    const { name, ...where } = registration;
    const sign = (identity: SignedIdentity) => this.#signed({ ...identity, ...where }, registrationBytes);
    const { answer, asked } = await this.#claim('PUT', peerPath, name, sign, signal).catch((error) => {
      if (isLate(error)) this.#unheard = registration;
      throw error;
    });
    this.#unheard = undefined;
    const registered = this.#read(RegisterAnswer, answer, asked);
    this.#acceptedAt = asked.time;
    return registered;
  }

  #leave(leaving: Leaving, name: string, signal: AbortSignal | undefined): Promise<void> {
    this.#claims++;
    return this.#inTurn(async () => {
      const wasThere = await this.#sayLeaving(leaving, name, signal);
      if (this.#unheard?.name !== name) return;
      if (!wasThere) await this.#takeBack(this.#unheard, signal);
      this.#unheard = undefined;
    });
  }

  /**
   * A registry remembers nothing of a sign-off where nobody has the name, so what it has not heard yet would take it after that.
   * Once a later registration was given back, nothing that was signed before works. Nor does it where somebody else has the name.
   */
  async #takeBack(unheard: Registration, signal: AbortSignal | undefined): Promise<void> {
    try {
      await this.#register(unheard, signal);
    } catch (error) {
      if (error instanceof FailureError && error.failure.code === 'nameTaken') return;
      throw error;
    }
    await this.#sayLeaving(RELEASING, unheard.name, signal);
  }

  /** Whether the registry knew the name. */
  async #sayLeaving(
    { pathOf, bytesOf }: Leaving,
    name: string,
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    const sign = (identity: SignedIdentity) => this.#signed(identity, bytesOf);
    const { answer, asked } = await this.#claim('DELETE', pathOf, name, sign, signal);
    if (answer.status === 404) return false;
    this.#translate(asked, () => expectSuccess(answer, this.url));
    this.#acceptedAt = asked.time;
    return true;
  }

  /**
   * Says something about my name; once more with a later time when the registry has a later word of mine than I remember: I
   * was started anew, or my clock was put back.
   */
  async #claim(
    method: HttpRequest['method'],
    pathOf: (name: string) => string,
    name: string,
    sign: (identity: SignedIdentity) => unknown,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly answer: HttpAnswer; readonly asked: SignedIdentity }> {
    const ask = async (asked: SignedIdentity) => {
      return { asked, answer: await this.#ask(method, pathOf(asked.name), signal, sign(asked)) };
    };
    const first = await ask(this.#stamp(name, this.#acceptedAt));
    const newerThan = staleTime(first.answer) ?? Number.POSITIVE_INFINITY;
    // Against a registry that wants to keep a record for later: nothing is signed that would be good beyond the usual skew.
    const isNear = newerThan < this.#options.clock.now() + MAX_SKEW_MS;
    return isNear ? ask(this.#stamp(name, newerThan)) : first;
  }

  #signed<Signed extends SignedIdentity>(record: Signed, bytesOf: (record: Signed) => Uint8Array) {
    return { record, signature: this.#options.me.sign(bytesOf(record)) };
  }

  #stamp(name: string, newerThan: Millis): SignedIdentity {
    const time = Math.max(Math.floor(this.#options.clock.now()), newerThan + 1);
    return {
      name: validName(name),
      publicKey: this.#options.me.publicKey,
      time,
      nonce: this.#options.nonce(),
    };
  }

  async #ask(
    method: HttpRequest['method'],
    path: string,
    signal: AbortSignal | undefined,
    body?: unknown,
  ): Promise<HttpAnswer> {
    const { request, deadline = AbortSignal.timeout } = this.#options;
    const signals = [deadline(CALL_TIMEOUT_MS), ...(signal === undefined ? [] : [signal])];
    try {
      return await request({ method, url: this.url + path, body, signal: AbortSignal.any(signals) });
    } catch (error) {
      signal?.throwIfAborted();
      this.#options.onNoAnswer?.();
      throw noAnswer(error, this.url);
    }
  }

  #read<Schema extends Parameters<typeof readAnswer>[0]>(
    schema: Schema,
    answer: HttpAnswer,
    asked: Asked | undefined,
  ) {
    return this.#translate(asked, () => readAnswer(schema, answer, this.url));
  }

  /** Puts a problem that the registry described into words that fit what was asked. */
  #translate<T>(asked: Asked | undefined, read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof RegistryProblem)) throw error;
      throw (asked && failureOf(error, asked, this.url)) ?? refused(error, this.url);
    }
  }

  #verified(asked: string, { record, signature, ...registrysWord }: PeerAnswer): FoundPeer {
    const signer = parsePublicKey(record.publicKey);
    const fingerprint = parseFingerprint(signer?.fingerprint);
    if (signer === undefined || fingerprint === undefined) throw nonsense(this.url, 'keyless');
    if (!isSignedBy(signer.key, registrationBytes(record), signature)) throw nonsense(this.url, 'unsigned');
    if (sameNameKey(record.name) !== sameNameKey(asked)) throw nonsense(this.url, 'notTheirs');
    const { name, addresses, tcpPort, udpPort, time: signedAt } = record;
    const { observedAddress, online, lastSeenAt } = registrysWord;
    return {
      ...{ name, addresses, tcpPort, udpPort, fingerprint, signedAt, online, lastSeenAt },
      ...(observedAddress === undefined ? {} : { observedAddress }),
    };
  }
}

interface Leaving {
  readonly pathOf: (name: string) => string;
  readonly bytesOf: (record: SignedIdentity) => Uint8Array;
}

const SIGNING_OFF: Leaving = { pathOf: peerPath, bytesOf: signOffBytes };
const RELEASING: Leaving = { pathOf: (name) => `${peerPath(name)}?release=1`, bytesOf: releaseBytes };

/** What a call was about, for the words of its failure. */
interface Asked {
  readonly name: string;
  /** Of my signed record, where there was one. */
  readonly time?: Millis;
}

function failureOf(
  { type, problem }: RegistryProblem,
  { name, time }: Asked,
  url: string,
): FailureError | undefined {
  const { freeAt, serverTime } = problem;
  if (type === 'name-taken') return fail('nameTaken', freeAt === undefined ? { name } : { name, freeAt });
  if (type === 'clock-skew' && serverTime !== undefined && time !== undefined)
    return fail('clockSkew', { url, skewMs: time - serverTime });
  return type === 'not-found' && time === undefined ? fail('unknownUser', { name }) : undefined;
}

/** Told from what was never sent, as nobody was there, and from what I ended. */
function isLate(error: unknown): boolean {
  return error instanceof FailureError && (error.cause as Error | undefined)?.name === 'TimeoutError';
}

function validName(text: string): string {
  const problem = nameProblem(text);
  if (problem !== undefined) throw fail('nameInvalid', { problem });
  return tidyName(text);
}

function peerPath(name: string): string {
  return `/v1/peers/${encodeURIComponent(name)}`;
}
