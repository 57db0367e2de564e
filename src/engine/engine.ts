// The engine: builds the rooms and ties them together. It decides nothing itself.

import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { MessageReader, MessageWriter } from 'vscode-jsonrpc';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { type Logger, type LogLine, loggerOf } from '../base/logger.ts';
import type { Settings } from '../contract/commands.ts';
import type { EngineStart } from '../contract/engineStart.ts';
import { type FailureError, fail } from '../contract/failure.ts';
import type { Fingerprint } from '../contract/fingerprint.ts';
import type { Me } from '../contract/state.ts';
import { BulkDoor } from './carriers/bulkDoor.ts';
import type { DialBulk } from './carriers/bulkMeeting.ts';
import { Carriers } from './carriers/carriers.ts';
import { GivingWay } from './carriers/givingWay.ts';
import { TlsCarrier } from './carriers/tlsCarrier.ts';
import { UdpCarrier } from './carriers/udpCarrier.ts';
import { UdpPort } from './carriers/udpPort.ts';
import { Dialler } from './connections/dialler.ts';
import { Links } from './connections/links.ts';
import { Surroundings } from './connections/surroundings.ts';
import { Conversations } from './conversations/conversations.ts';
import { Exports } from './conversations/exports.ts';
import { Typing } from './conversations/typing.ts';
import { dataFoldersIn } from './dataFolders.ts';
import { commandsOf } from './engineCommands.ts';
import { sweepNotes, sweepPictureCopies, sweepThumbnails } from './files/leftovers.ts';
import { PictureCopies } from './files/pictureCopies.ts';
import { ReceivedFiles } from './files/receivedFiles.ts';
import { SentFiles } from './files/sentFiles.ts';
import { Transfers } from './files/transfers.ts';
import { fingerprintOfCertificate } from './identity/fingerprint.ts';
import { type Identity, loadIdentity } from './identity/identity.ts';
import { DiskThreads } from './io/diskThreads.ts';
import { knownInterfaces } from './io/knownInterfaces.ts';
import { patientRename } from './io/patientRename.ts';
import { PipeListener } from './io/pipe.ts';
import type { Credentials } from './io/secureChannel.ts';
import { startTimer } from './io/startTimer.ts';
import { steadyClock, wallClock } from './io/systemClock.ts';
import { dialBulk } from './io/tlsDial.ts';
import { TlsListener } from './io/tlsListener.ts';
import { People } from './people/people.ts';
import { Registration, type Whereabouts } from './people/registration.ts';
import { Pictures } from './pictures/pictures.ts';
import { Thumbnails } from './pictures/thumbnails.ts';
import { hostsOf } from './reach/candidates.ts';
import { Fetches } from './sharing/fetches.ts';
import { Shares } from './sharing/shares.ts';
import { openStore, type Store } from './store/store.ts';
import { guarded } from './store/storeGuard.ts';
import { Trust } from './trust.ts';
import { Upkeep } from './upkeep.ts';
import { DoNotDisturb } from './windows/doNotDisturb.ts';
import { NoticeClaims } from './windows/noticeClaims.ts';
import { emptyState, Published } from './windows/published.ts';
import { ShownMessages } from './windows/shownMessages.ts';
import { Windows } from './windows/windows.ts';

/** All addresses, IPv6 and IPv4; plain IPv4 where the system has no IPv6. */
const ALL_HOSTS = ['::', '0.0.0.0'];
/** For what is said last to be written, in ms. */
const GOODBYE_MS = 150;

export class Engine {
  readonly #owned = new DisposableStore();
  readonly #credentials: Credentials;
  readonly #instance = randomBytes(8).toString('hex');
  readonly #log: (room: string) => Logger;
  readonly #store: Store;
  readonly #published: Published;
  readonly #people: People;
  readonly #conversations: Conversations;
  readonly #typing: Typing;
  readonly #udp = new UdpPort();
  readonly #givingWay = this.#owned.add(
    new GivingWay((ms) => this.#udp.giveWay(ms), steadyClock, startTimer),
  );
  readonly #bulkDoor = new BulkDoor((peer) => this.#links.up(peer) !== undefined);
  readonly #links: Links;
  readonly #dialler: Dialler;
  readonly #files: ReceivedFiles;
  readonly #transfers: Transfers;
  readonly #shares: Shares;
  readonly #fetches: Fetches;
  readonly #registration: Registration;
  readonly #windows: Windows;
  readonly #listenHost: string | undefined;
  readonly #outdated = Promise.withResolvers<string>();
  #settings: Settings;
  /** Undefined until the UDP port is known, too. */
  #listener: TlsListener | undefined;
  #pipe: PipeListener | undefined;

  /** Throws StoreBusy when another engine holds the database, FailureError when it cannot start. */
  static async start(start: Omit<EngineStart, 'pipeAddress'>, log: (line: LogLine) => void): Promise<Engine> {
    const store = openStore(join(start.dataDir, 'hamta.db'), { clock: wallClock });
    let begun: Disposable = store;
    try {
      const { thumbnails, notes, outbox } = dataFoldersIn(start.dataDir);
      await mkdir(thumbnails, { recursive: true, mode: 0o700 });
      await sweepThumbnails(thumbnails, store.transfers);
      await sweepNotes(notes, store.transfers);
      await mkdir(outbox, { recursive: true, mode: 0o700 });
      await sweepPictureCopies(outbox, store.transfers);
      const engine = new Engine(start, store, await loadIdentity(start.dataDir, patientRename), log);
      begun = engine.#owned;
      await engine.#open(start.port);
      void engine.#files.sweep(start.downloadFolder, store.transfers);
      return engine;
    } catch (error) {
      begun.dispose();
      throw error;
    }
  }

  private constructor(
    start: Omit<EngineStart, 'pipeAddress'>,
    store: Store,
    identity: Identity,
    sink: (line: LogLine) => void,
  ) {
    const log = (room: string) => loggerOf(room, sink);
    const { fingerprint } = identity;
    const { thumbnails, notes: notesFolder, outbox } = dataFoldersIn(start.dataDir);
    this.#log = log;
    this.#credentials = { ...identity, fingerprintOf: fingerprintOfCertificate };
    this.#listenHost = start.listenHost;
    this.#settings = { downloadFolder: start.downloadFolder, autoAccept: start.autoAccept };
    this.#store = this.#owned.add(store);
    this.#published = this.#owned.add(new Published(emptyState(identity.fingerprint)));
    const hasSigned = (peer: Fingerprint, name: string) => this.#registration.finder.hasSigned(peer, name);
    this.#people = this.#owned.add(new People(store, this.#published, wallClock, hasSigned));
    const messages = new ShownMessages(store, this.#published);
    this.#conversations = new Conversations(store, this.#people, this.#published, messages, wallClock);
    this.#typing = this.#owned.add(
      new Typing((peer, isTyping) => this.#people.setTyping(peer, isTyping), steadyClock, startTimer),
    );
    const introduction = () => ({
      name: this.#published.state.me.name,
      instance: this.#instance,
      udpPort: this.#udp.port,
      tcpPort: this.#listener?.port,
    });
    this.#links = new Links(fingerprint, this.#people, this.#conversations, store, introduction, log('link'));
    this.#registration = new Registration({
      identity,
      store,
      people: this.#people,
      published: this.#published,
      whereabouts: () => this.#whereabouts(),
      onDirectory: () => this.#dialler.considerAll(),
      onLeft: () => this.#endLinks(),
      log: log('registry'),
    });
    this.#dialler = new Dialler(
      this.#people,
      this.#links,
      this.#credentials,
      (peer, signal) => this.#registration.finder.candidatesOf(peer, signal),
      log('dial'),
    );
    const linkOf = (peer: Fingerprint) => this.#links.up(peer);
    const { quiet } = this.#givingWay;
    const threads = new DiskThreads();
    this.#files = this.#owned.add(new ReceivedFiles(notesFolder, log('transfer'), quiet, threads));
    this.#fetches = new Fetches({
      ...{ store, people: this.#people, published: this.#published, linkOf },
      accept: (id, folder, abort) => this.#transfers.answer(id, true, folder, abort),
      expectWritable: (folder, abort) => this.#files.expectWritable(folder, abort),
    });
    this.#transfers = new Transfers({
      wishes: this.#fetches,
      store,
      people: this.#people,
      conversations: this.#conversations,
      published: this.#published,
      pictures: this.#owned.add(new Pictures()),
      carriers: this.#carriers(),
      thumbnails: new Thumbnails(thumbnails, log('transfer')),
      copies: new PictureCopies(outbox),
      files: this.#files,
      sentFiles: new SentFiles(notesFolder, quiet, threads),
      settings: () => this.#settings,
      linkOf,
      log: log('transfer'),
    });
    this.#shares = new Shares({
      ...{ store, people: this.#people, published: this.#published, linkOf, threads },
      offer: (offer) => this.#transfers.offer(offer),
      log: log('shares'),
    });
    const isAsking = (peer: string) => this.#published.state.peers[peer as Fingerprint]?.link === 'asking';
    const claims = new NoticeClaims(steadyClock, isAsking);
    this.#windows = new Windows(
      this.#published,
      commandsOf({
        identity,
        people: this.#people,
        conversations: this.#conversations,
        trust: new Trust({
          ...{ me: fingerprint, store, claims, clock: wallClock },
          ...{ people: this.#people, dialler: this.#dialler, transfers: this.#transfers },
        }),
        claims,
        doNotDisturb: this.#owned.add(
          new DoNotDisturb(store.profile, this.#published, wallClock, startTimer),
        ),
        messages,
        exports: new Exports(messages, this.#people),
        links: this.#links,
        dialler: this.#dialler,
        transfers: this.#transfers,
        shares: this.#shares,
        fetches: this.#fetches,
        settings: () => this.#settings,
        registration: this.#registration,
        configure: (settings) => {
          this.#settings = settings;
        },
      }),
      claims,
      { version: start.version, onOutdated: (newer) => this.#outdated.resolve(newer) },
    );
    this.#keepUp(this.#owned.add(new Upkeep(() => store.upkeep(), log('store'), steadyClock, startTimer)));
    this.#tie();
  }

  /** Resolves with the version of a window that is newer than this engine: whoever started it should close it. */
  get outdated(): Promise<string> {
    return this.#outdated.promise;
  }

  /** Windows may attach from now on. Failures: pipeUnusable. */
  async listen(pipeAddress: string): Promise<void> {
    const pipe = await PipeListener.open(pipeAddress, (reader, writer) => this.seat(reader, writer)).catch(
      (error: NodeJS.ErrnoException) => {
        throw fail('pipeUnusable', { path: pipeAddress, detail: error.code ?? error.message }, error);
      },
    );
    this.#pipe = this.#owned.add(pipe);
  }

  seat(reader: MessageReader, writer: MessageWriter, onClose?: () => void): void {
    this.#windows.seat(reader, writer, onClose);
  }

  signUp(as: { readonly name: string; readonly registryUrl: string }): Promise<Me> {
    return this.#registration.signUp(as);
  }

  /** Lets go of the windows at once, says goodbye to peers and registry, then lets go of everything. Ends within 2 s. */
  async close(): Promise<void> {
    this.#pipe?.dispose();
    this.#dialler.dispose();
    this.#registration.dispose();
    this.#transfers.dispose();
    this.#fetches.dispose();
    this.#links.dispose();
    this.#windows.dispose();
    this.#listener?.dispose();
    this.#bulkDoor.dispose();
    // Files that were coming close when they have what had come.
    await this.#udp.close();
    // The last frames are written in the turns that follow; the channels themselves give up after a second.
    await new Promise((resolve) => setTimeout(resolve, GOODBYE_MS));
    this.#owned.dispose();
  }

  #keepUp(upkeep: Upkeep): void {
    upkeep.soon();
    this.#owned.add(
      this.#published.onDidPublish(({ event: { kind } }) => {
        if (kind === 'messageAdded' || kind === 'messageChanged') upkeep.soon();
      }),
    );
  }

  #tie(): void {
    this.#conversations.connect(this.#transfers, {
      grown: (peer, upTo) => {
        this.#links.tell(peer, { kind: 'grown', upTo });
        this.#dialler.want(peer);
      },
      shown: (peer, upTo) => this.#links.tell(peer, { kind: 'shown', upTo }),
      heard: (peer) => this.#typing.stop(peer),
      hurrying: () => this.#givingWay.begin(),
      settled: () => this.#givingWay.end(),
    });
    this.#links.connect({
      onUp: (link) => {
        this.#dialler.onUp(link.peer);
        this.#transfers.onUp(link);
        this.#shares.onUp(link);
        this.#fetches.onUp(link);
      },
      onDown: (peer) => {
        this.#typing.forget(peer);
        this.#transfers.onDown(peer);
        this.#shares.onDown(peer);
        this.#fetches.onDown(peer);
      },
      onEnd: (peer, end) => this.#dialler.onEnd(peer, end),
      onTransferFrame: (link, frame) => this.#transfers.onTransferFrame(link, frame),
      onAside: (link, frame) => {
        const { peer } = link;
        if (frame.kind === 'typing') this.#typing.hear(peer, frame.on);
        else if (frame.kind === 'shared') this.#fetches.onShared(peer, frame);
        else if (frame.kind === 'fetch') this.#shares.onFetch(link, frame);
        else this.#fetches.onRefused(peer, frame);
      },
    });
  }

  /** Takes the ports, then goes back to the registry if my person has signed up before. */
  async #open(port: number): Promise<void> {
    const listener = port === 0 ? await this.#openUsualPorts() : await this.#openPorts(port);
    this.#listener = listener;
    guarded(this.#log('store'), () => {
      this.#store.profile.lastPort = listener.port;
    });
    this.#registration.resume();
    this.#owned.add(new Surroundings(() => this.#wake(), this.#log('engine')));
  }

  /** Connections may have died without a sign: those that live are kept, the others are made anew at once. */
  #wake(): void {
    this.#links.probeAll();
    this.#dialler.wake();
    this.#registration.wake();
  }

  /** Any port would do, but the last one is where people look for me while no registry tells them another. */
  async #openUsualPorts(): Promise<TlsListener> {
    const { lastPort } = this.#store.profile;
    if (lastPort === undefined) return this.#openPorts(0);
    return this.#openPorts(lastPort).catch(() => this.#openPorts(0));
  }

  async #openPorts(port: number): Promise<TlsListener> {
    let failed: FailureError | undefined;
    for (const host of this.#listenHost === undefined ? ALL_HOSTS : [this.#listenHost]) {
      try {
        return await this.#openPortsOn(host, port);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'EADDRINUSE' || code === 'EACCES') throw fail('portInUse', { port }, error);
        this.#log('engine').warn(`cannot listen on ${host}: ${code}`);
        failed = fail('listenFailed', { host, detail: code ?? String(error) }, error);
      }
    }
    throw failed;
  }

  /** The same number for TCP and UDP where that is free: one hole in a firewall is easier to explain than two. */
  async #openPortsOn(host: string, port: number): Promise<TlsListener> {
    // Before the UDP port is known there is no hello to say: whoever is that early dials again.
    const listener = await TlsListener.open(
      host,
      port,
      this.#credentials,
      (channel) => (this.#listener === undefined ? channel.close() : this.#links.adopt(channel)),
      (connection) => this.#bulkDoor.knock(connection),
    );
    try {
      await this.#udp.listen(listener.host, listener.port).catch(() => this.#udp.listen(listener.host, 0));
      return listener;
    } catch (error) {
      listener.dispose();
      throw error;
    }
  }

  #carriers(): Carriers {
    const dial: DialBulk = (to, peer, signal) => dialBulk(to, peer, this.#credentials, signal);
    return new Carriers({ udp: new UdpCarrier(this.#udp), tls: new TlsCarrier(this.#bulkDoor, dial) });
  }

  #whereabouts(): Whereabouts {
    const { host, port } = this.#listener ?? { host: '::', port: 0 };
    return { hosts: hostsOf(host, knownInterfaces()), tcpPort: port, udpPort: this.#udp.port };
  }

  /** The links end as they do when an engine stops: whoever signs up again as the same person finds them again. */
  #endLinks(): void {
    this.#dialler.endAll();
    this.#links.endAll();
  }
}
