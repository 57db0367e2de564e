// Who is there, as far as the registry tells: the directory that was asked for now and then, and the news of it that the
// signal socket pushes in between. Hands both to People as one list.

import { type Disposable, DisposableStore, toDisposable } from '../../base/disposable.ts';
import type { Logger } from '../../base/logger.ts';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import { sameNameKey } from '../../contract/names.ts';
import type { WatchedName } from '../../contract/signal.ts';
import { Drive } from '../io/drive.ts';
import { WebSocketDial } from '../io/webSocket.ts';
import type { ListedPeer, Signer } from '../reach/registryClient.ts';
import { type SignalIn, SignalMachine, type SignalOut } from '../reach/signalMachine.ts';
import type { Published } from '../windows/published.ts';
import type { People } from './people.ts';
import { watchedNames } from './watchedNames.ts';

export interface PresenceFeedParts {
  readonly me: Signer & { readonly fingerprint: Fingerprint };
  readonly people: People;
  readonly published: Published;
  /** Somebody may have appeared or gone. */
  readonly onDirectory: () => void;
  /** Whether changes are pushed; while they are, the directory need not be asked for often. */
  readonly onLive: (isLive: boolean) => void;
  /** The registry can be talked to, whatever it was a moment ago. */
  readonly onWelcome: () => void;
  /** There are newcomers that were not named. */
  readonly onMore: () => void;
  readonly log: Logger;
}

/** Newcomers are taken in up to this: a registry could make them up for ever. */
const MAX_NAMES = 6_000;
/** Between two times that pushed news reach People: each looks at the whole directory. */
const PAUSE_MS = 50;

export class PresenceFeed implements Disposable {
  readonly #parts: PresenceFeedParts;
  readonly #owned = new DisposableStore();
  readonly #drive: Drive<SignalIn, SignalOut>;
  #socket: WebSocketDial | undefined;
  /** By name key; undefined while no registry answers. */
  #directory: Map<string, ListedPeer> | undefined;
  /** By name key: what was pushed of the names that are watched on this registry. A directory that was asked for before may be older. */
  readonly #pushed = new Map<string, ListedPeer | undefined>();
  /** News of these have not reached People. */
  readonly #changed = new Set<Fingerprint>();
  #pause: NodeJS.Timeout | undefined;
  #isLive = false;

  constructor(parts: PresenceFeedParts) {
    this.#parts = parts;
    const machine = new SignalMachine({ random: Math.random, me: parts.me });
    this.#drive = this.#owned.add(
      new Drive<SignalIn, SignalOut>(machine, { kind: 'time' }, (out) => this.#carryOut(out)),
    );
    this.#owned.add(toDisposable(() => this.#hangUp()));
    this.#owned.add(toDisposable(() => clearTimeout(this.#pause)));
  }

  /** Again with the same URL: tries at once if it is waiting. */
  start(url: string): void {
    this.#drive.handle({ kind: 'start', url });
  }

  probe(): void {
    this.#drive.handle({ kind: 'probe' });
  }

  stop(): void {
    this.#drive.handle({ kind: 'stop' });
    this.#pushed.clear();
    if (this.#directory !== undefined) this.lose();
  }

  /** The whole directory, as it was when it was asked for. It names no versions: those that were pushed last stand. */
  setDirectory(peers: readonly ListedPeer[]): void {
    const keyed = peers.map((peer) => [sameNameKey(peer.name), peer] as const);
    this.#directory = new Map(keyed.map(([key, peer]) => [key, { ...this.#pushed.get(key), ...peer }]));
    if (this.#isLive) for (const [key, peer] of this.#pushed) this.#put(key, peer);
    this.#tell(undefined);
    this.#watch();
  }

  /** Nobody can say who is there, and perhaps nobody could since the start: whoever is wanted is looked for where they were. */
  lose(): void {
    if (this.#directory !== undefined) {
      this.#directory = undefined;
      this.#changed.clear();
      this.#parts.people.setDirectory(undefined);
    }
    this.#parts.onDirectory();
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #carryOut(out: SignalOut): void {
    switch (out.kind) {
      case 'dial':
        return this.#dial(out.url);
      case 'send':
        return this.#socket?.send(out.text);
      case 'hangUp':
        return this.#hangUp();
      case 'welcome':
        return this.#parts.onWelcome();
      case 'live':
        this.#isLive = out.isLive;
        this.#parts.log.info(out.isLive ? 'presence is pushed' : 'presence is asked for');
        return this.#parts.onLive(out.isLive);
      case 'people':
        for (const watched of out.people) this.#takeWatched(watched);
        return this.#tellSoon();
      case 'newcomers':
        for (const newcomer of out.people) this.#takeNewcomer(newcomer);
        if (out.more) this.#parts.onMore();
        this.#tellSoon();
        return this.#watch();
      case 'signal':
      case 'undeliverable':
        return this.#parts.log.debug(`a signal nobody here waits for: ${out.kind}`);
    }
  }

  #dial(url: string): void {
    this.#hangUp();
    this.#socket = new WebSocketDial(url, {
      opened: () => this.#drive.handle({ kind: 'opened' }),
      text: (text) => this.#drive.handle({ kind: 'text', text }),
      closed: (code, isThere) => this.#drive.handle({ kind: 'closed', code, isThere }),
    });
  }

  #hangUp(): void {
    this.#socket?.dispose();
    this.#socket = undefined;
  }

  #watch(): void {
    const { people, published } = this.#parts;
    const watched = watchedNames(people, published.state.peers, this.#directory ?? new Map());
    // What is not watched any more is what the directory says.
    for (const key of this.#pushed.keys()) if (!watched.has(key)) this.#pushed.delete(key);
    this.#drive.handle({ kind: 'watch', names: [...watched.values()] });
  }

  #takeWatched(watched: WatchedName): void {
    const key = sameNameKey(watched.name);
    const peer = peerOf(watched);
    this.#pushed.set(key, peer);
    this.#put(key, peer);
  }

  /** Newcomers are told half a second late: of a name that is watched, more may have been told since. */
  #takeNewcomer(newcomer: WatchedName): void {
    const key = sameNameKey(newcomer.name);
    if (this.#pushed.has(key) || (this.#directory?.size ?? 0) >= MAX_NAMES) return;
    this.#put(key, peerOf(newcomer));
  }

  #put(key: string, peer: ListedPeer | undefined): void {
    const directory = this.#directory;
    if (directory === undefined || peer?.fingerprint === this.#parts.me.fingerprint) return;
    const before = directory.get(key);
    if (peer === undefined) directory.delete(key);
    else directory.set(key, peer);
    for (const each of [before, peer]) if (each !== undefined) this.#changed.add(each.fingerprint);
  }

  #tellSoon(): void {
    if (this.#changed.size === 0 || this.#pause !== undefined) return;
    this.#tell(this.#changed);
    this.#pause = setTimeout(() => {
      this.#pause = undefined;
      this.#tellSoon();
    }, PAUSE_MS);
  }

  #tell(changed: ReadonlySet<Fingerprint> | undefined): void {
    if (this.#directory === undefined) return;
    this.#parts.people.setDirectory([...this.#directory.values()], changed && [...changed]);
    this.#changed.clear();
    this.#parts.onDirectory();
  }
}

function peerOf({ name, version, holder }: WatchedName): ListedPeer | undefined {
  return holder && { name, version, ...holder, fingerprint: holder.fingerprint as Fingerprint };
}
