// My place at the registry: signs up and out, keeps the lease, asks who is there. Where somebody is, finder.ts asks.

import { randomBytes } from 'node:crypto';
import { type Disposable, DisposableStore, toDisposable } from '../../base/disposable.ts';
import type { Logger } from '../../base/logger.ts';
import { turns } from '../../base/turns.ts';
import { FailureError, fail, failure } from '../../contract/failure.ts';
import { nameProblem, tidyName } from '../../contract/names.ts';
import type { Me, RegistryState } from '../../contract/state.ts';
import type { Identity } from '../identity/identity.ts';
import { Drive } from '../io/drive.ts';
import { hostAndPort } from '../io/hosts.ts';
import { requestHttp } from '../io/http.ts';
import { steadyClock, wallClock } from '../io/systemClock.ts';
import {
  type RegistrationIn,
  RegistrationMachine,
  type RegistrationOut,
} from '../reach/registrationMachine.ts';
import { RegistryClient } from '../reach/registryClient.ts';
import { normalRegistryUrl } from '../reach/registryUrl.ts';
import type { Store } from '../store/store.ts';
import type { Published } from '../windows/published.ts';
import { Finder } from './finder.ts';
import type { People } from './people.ts';
import { PresenceFeed } from './presenceFeed.ts';

/** How often my own addresses are looked at: no system tells Node when they change. */
const ADDRESS_CHECK_MS = 10_000;

/** Where I listen. */
export interface Whereabouts {
  /** Best first. */
  readonly hosts: readonly string[];
  readonly tcpPort: number;
  readonly udpPort: number;
}

export interface RegistrationParts {
  readonly identity: Identity;
  readonly store: Store;
  readonly people: People;
  readonly published: Published;
  readonly whereabouts: () => Whereabouts;
  /** Somebody may have appeared or gone. */
  readonly onDirectory: () => void;
  /** My person has no name any more: signed out, or given back. */
  readonly onLeft: () => void;
  readonly log: Logger;
}

export class Registration implements Disposable {
  readonly finder: Finder;
  readonly #parts: RegistrationParts;
  readonly #owned = new DisposableStore();
  readonly #drive: Drive<RegistrationIn, RegistrationOut>;
  readonly #feed: PresenceFeed;
  /** One for each registry, kept: it says one claim after the other, also when I leave and come back. */
  readonly #clients = new Map<string, RegistryClient>();
  /** Of the registry where I am or want to be. */
  #client: RegistryClient | undefined;
  #observed: string | undefined;
  #hostsTold = '';
  /** Whoever signs up and waits for the first outcome; `off` when there will be none. */
  #onOutcome: ((state: RegistryState) => void) | undefined;
  /** Of sign-ups, releases and refreshes: windows may ask at once, and each hears the outcome of its own wish. */
  readonly #inTurn = turns();
  /** A sign-out waits for no turn: it ends every sign-up that was wished before. */
  #stay = new AbortController();
  /** Ends the latest registration or release. */
  #claiming = new AbortController();

  constructor(parts: RegistrationParts) {
    this.#parts = parts;
    const { people, published, log } = parts;
    const me = parts.identity.fingerprint;
    this.finder = new Finder({ me, people, published, log, clock: wallClock, client: () => this.#client });
    const machine = new RegistrationMachine({
      random: Math.random,
      wallTimeOf: (now) => wallClock.now() + now - steadyClock.now(),
    });
    this.#drive = this.#owned.add(
      new Drive<RegistrationIn, RegistrationOut>(machine, { kind: 'time' }, (out) => this.#carryOut(out)),
    );
    this.#feed = this.#owned.add(
      new PresenceFeed({
        me: parts.identity,
        people,
        published,
        onDirectory: parts.onDirectory,
        onLive: (isLive) => this.#drive.handle({ kind: 'pushed', isLive }),
        onWelcome: () => this.#registryIsThere(),
        onMore: () => this.#drive.handle({ kind: 'news' }),
        log: parts.log,
      }),
    );
  }

  /** Goes back to where my person has signed up before, if anywhere; and keeps an eye on my addresses. */
  resume(): void {
    const { name, registryUrl } = this.#parts.store.profile.get();
    this.#publishMe(registryUrl && name);
    if (name !== undefined && registryUrl !== undefined) this.#join(name, registryUrl);
    const timer = setInterval(() => this.#checkAddresses(), ADDRESS_CHECK_MS);
    this.#owned.add(toDisposable(() => clearInterval(timer)));
  }

  /** Failures: nameInvalid, nameTaken, registry*, clockSkew. After one, everything is as it was before. */
  async signUp(as: { readonly name: string; readonly registryUrl: string }): Promise<Me> {
    const problem = nameProblem(as.name);
    if (problem !== undefined) throw fail('nameInvalid', { problem });
    const wish = [tidyName(as.name), normalRegistryUrl(as.registryUrl)] as const;
    const { signal } = this.#stay;
    return this.#inTurn(() => this.#signUp(...wish, signal));
  }

  /** The computer has slept, or its network is another one: the lease may be gone, and my addresses others. */
  wake(): void {
    if (this.#client === undefined) return;
    this.#publishMe(this.#parts.published.state.me.name);
    this.#drive.handle({ kind: 'addressesChanged' });
    this.#feed.probe();
  }

  /** At once. A sign-up that was wished before fails with notSignedUp. */
  signOut(): void {
    this.#stay.abort();
    this.#stay = new AbortController();
    this.#forgetMe(this.#parts.store.profile.get().name);
  }

  /** Gives my name back and leaves. Failures: notSignedUp, nameTaken, registry*; I am then where I was before. */
  async releaseName(): Promise<void> {
    return this.#inTurn(async () => {
      const { name, registryUrl } = this.#parts.store.profile.get();
      if (name === undefined || registryUrl === undefined) throw fail('notSignedUp', {});
      // First no more heartbeats: one that comes after the release would take the name again.
      this.#leave({ isReleasing: true });
      this.#claiming = new AbortController();
      try {
        await this.#clientOf(registryUrl).release(name, this.#claiming.signal);
      } catch (error) {
        // Before I go back, if I do: I may have signed out meanwhile, or this engine may be about to stop.
        this.#signOff({ name, url: registryUrl });
        this.#goBack();
        throw error;
      }
      this.#forgetMe(undefined);
    });
  }

  /** Renews my place, too: where no registry answers, that is known of both. Failures: notSignedUp, registry*. */
  async refresh(): Promise<void> {
    await this.#inTurn(async () => this.#goBack());
    const client = this.finder.joinedClient();
    await this.#list(client);
    this.finder.expectStillAt(client);
  }

  dispose(): void {
    this.#stay.abort();
    // Else the sign-off would wait for the answer, and soon this process is gone.
    this.#claiming.abort();
    this.#leave();
    this.#owned.dispose();
  }

  async #signUp(name: string, registryUrl: string, stay: AbortSignal): Promise<Me> {
    if (stay.aborted) throw fail('notSignedUp', {});
    const { registry, me } = this.#parts.published.state;
    if (registry.kind === 'joined' && registry.url === registryUrl && me.name === name) {
      // Nothing changes, so no outcome will be told; the lease is renewed all the same.
      this.#join(name, registryUrl);
      return me;
    }
    const outcome = new Promise<RegistryState>((resolve) => {
      this.#onOutcome = resolve;
      stay.addEventListener('abort', () => resolve({ kind: 'off' }), { once: true });
    });
    this.#join(name, registryUrl);
    const state = await outcome;
    this.#onOutcome = undefined;
    if (state.kind === 'joined') return this.#settleIn(name, registryUrl);
    if (state.kind !== 'failing' && state.kind !== 'refused') throw fail('notSignedUp', {});
    this.#goBack();
    throw new FailureError(state.failure);
  }

  #carryOut(out: RegistrationOut): void {
    switch (out.kind) {
      case 'register':
        void this.#register(out);
        return;
      case 'signOff':
        return this.#signOff(out);
      case 'list':
        void this.#listForMachine();
        return;
      case 'observed':
        this.#observed = out.address;
        return this.#publishMe(this.#parts.published.state.me.name);
      case 'changed':
        return this.#changed(out.state);
    }
  }

  async #register({ ticket, name, url }: RegistrationOut & { kind: 'register' }): Promise<void> {
    const { hosts, tcpPort, udpPort } = this.#parts.whereabouts();
    this.#hostsTold = hosts.join();
    this.#claiming = new AbortController();
    try {
      const mine = { name, addresses: hosts, tcpPort, udpPort };
      const answer = await this.#clientOf(url).register(mine, this.#claiming.signal);
      this.#drive.handle({ kind: 'answered', ticket, ...answer });
    } catch (error) {
      this.#drive.handle({ kind: 'failed', ticket, failure: failureOf(error, url) });
    }
  }

  async #listForMachine(): Promise<void> {
    const client = this.#client;
    if (client === undefined) return;
    const pages = await this.#list(client).catch((error) => {
      this.#parts.log.info(`the directory could not be read: ${error}`);
      return 0;
    });
    this.#drive.handle({ kind: 'listed', pages });
  }

  /** Answers how many pages the directory has. */
  async #list(client: RegistryClient): Promise<number> {
    const { peers, pages } = await client.directory();
    if (this.#client !== client) return pages;
    this.#feed.setDirectory(
      peers.filter(({ fingerprint }) => fingerprint !== this.#parts.identity.fingerprint),
    );
    return pages;
  }

  #changed(registry: RegistryState): void {
    this.#parts.published.publish({ kind: 'registryChanged', registry });
    this.#feedFor(registry);
    // On the way to another name or registry the machine passes through `off`.
    if (registry.kind !== 'joining' && registry.kind !== 'off') this.#onOutcome?.(registry);
  }

  /** While the registry does not answer, its signal socket is what tells first that it does again. */
  #feedFor(registry: RegistryState): void {
    if (registry.kind === 'joined') this.#feed.start(registry.url);
    else if (registry.kind === 'failing') this.#feed.lose();
    else if (registry.kind !== 'joining') this.#feed.stop();
  }

  /** No need to wait for the next try. */
  #registryIsThere(): void {
    if (this.#parts.published.state.registry.kind === 'failing')
      this.#drive.handle({ kind: 'addressesChanged' });
  }

  #join(name: string, url: string): void {
    this.#client = this.#clientOf(url);
    this.#drive.handle({ kind: 'join', name, url });
  }

  #signOff({ name, url }: { readonly name: string; readonly url: string }): void {
    void this.#clientOf(url)
      .signOff(name)
      .catch((error) => this.#parts.log.info(`sign-off: ${error}`));
  }

  #leave(how: { readonly isReleasing?: true } = {}): void {
    this.#drive.handle({ kind: 'leave', ...how });
    this.#client = undefined;
    this.#observed = undefined;
  }

  #forgetMe(keptName: string | undefined): void {
    this.#parts.store.profile.set({ name: keptName });
    this.#publishMe(undefined);
    this.#leave();
    this.#parts.onLeft();
  }

  #settleIn(name: string, registryUrl: string): Me {
    this.#parts.store.profile.set({ name, registryUrl });
    this.#publishMe(name);
    return this.#parts.published.state.me;
  }

  #goBack(): void {
    const { name, registryUrl } = this.#parts.store.profile.get();
    if (name === undefined || registryUrl === undefined) this.#leave();
    else this.#join(name, registryUrl);
  }

  #clientOf(url: string): RegistryClient {
    const known = { url, request: requestHttp, me: this.#parts.identity, clock: wallClock };
    const nonce = () => randomBytes(16).toString('base64');
    const onNoAnswer = () => this.#drive.handle({ kind: 'unanswered', url });
    const client = this.#clients.get(url) ?? new RegistryClient({ ...known, nonce, onNoAnswer });
    this.#clients.set(url, client);
    return client;
  }

  #publishMe(name: string | undefined): void {
    const { hosts, tcpPort } = this.#parts.whereabouts();
    const all = new Set([
      ...(this.#observed === undefined || name === undefined ? [] : [this.#observed]),
      ...hosts,
    ]);
    const addresses = [...all].map((host) => hostAndPort(host, tcpPort));
    const { name: _name, keptName: _kept, ...me } = this.#parts.published.state.me;
    const { name: keptName } = this.#parts.store.profile.get();
    const names = name !== undefined ? { name } : keptName !== undefined ? { keptName } : {};
    this.#parts.published.publish({ kind: 'meChanged', me: { ...me, addresses, ...names } });
  }

  #checkAddresses(): void {
    if (this.#client === undefined || this.#parts.whereabouts().hosts.join() === this.#hostsTold) return;
    this.#publishMe(this.#parts.published.state.me.name);
    this.#drive.handle({ kind: 'addressesChanged' });
  }
}

function failureOf(error: unknown, url: string) {
  if (error instanceof FailureError) return error.failure;
  return failure('registryNonsense', { url, detail: error instanceof Error ? error.message : String(error) });
}
