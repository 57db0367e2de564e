// One person's chat panel: a page in the editor area, what it is told, and what it asks for.

import { Uri, type WebviewPanel, type WebviewPanelOnDidChangeViewStateEvent, window } from 'vscode';
import { type Disposable, DisposableStore } from '../../base/disposable.ts';
import { turns } from '../../base/turns.ts';
import { FailureError } from '../../contract/failure.ts';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import type { FromPanel, Stamp } from '../../contract/panel.ts';
import { concerns, stateFor } from '../../contract/state.ts';
import type { AttachState } from '../engine/attachMachine.ts';
import type { Change } from '../engine/mirror.ts';
import { inTime } from '../inTime.ts';
import type { Services } from '../services.ts';
import { ChatTab, titleOf } from './chatTab.ts';
import { drawPage, optionsFor } from './drawPage.ts';
import { failedIntent, isWaitedFor, returnedOf } from './failedIntent.ts';
import { act, type IntentContext, parseIntent } from './intents.ts';
import { Cancelled } from './patiently.ts';
import { keepUnsent, sendUnanswered } from './sendText.ts';

/** The page is drawn after the history, so that it may load its pictures from the start; but not later than this. */
const PAGE_WAITS_MS = 1_500;

export class ChatPanel implements Disposable {
  readonly #panel: WebviewPanel;
  readonly #tab: ChatTab;
  readonly #peer: Fingerprint;
  readonly #services: Services;
  readonly #owned = new DisposableStore();
  readonly #context: IntentContext;
  /** No page of it has been given what was written before. */
  #isNew: boolean;
  /** What the editor has kept of the page, which says of which page, too. */
  #kept: Stamp | undefined;
  /** The page has what the editor has kept, and nothing that was written since. */
  #isAsKept = false;
  /** The page has loaded and listens. */
  #ready = false;
  /** The page has everything; from now on it is told what changes. */
  #live = false;
  /** No engine comes by itself any more. */
  #isStopped = false;
  /** Counts pages and snapshots, so that a `show` that took long does not overtake a newer one. */
  #generation = 0;
  /** The order of a message that the page is to show once it has everything. */
  #toShow: number | undefined;
  #shownUpTo = 0;
  #readUpTo = 0;

  /** `isNew`: the editor has kept nothing of its page. */
  constructor(panel: WebviewPanel, peer: Fingerprint, services: Services, isNew: boolean) {
    this.#panel = panel;
    this.#isNew = isNew;
    this.#tab = new ChatTab(panel);
    this.#peer = peer;
    this.#services = services;
    this.#context = {
      services,
      peer,
      inTurn: turns(),
      ready: (by) => {
        this.#ready = true;
        this.#kept = by;
        this.#isAsKept = true;
        void this.#show();
      },
      shown: (upTo) => this.#shown(upTo),
      tell: (message) => this.#tab.tell(message),
    };
    this.#listen();
    this.#setTitle();
    panel.iconPath = Uri.joinPath(services.extensionUri, 'media', 'icon.png');
    void this.#open();
  }

  /** A person can see it right now. */
  get isWatched(): boolean {
    return this.isVisible && window.state.focused;
  }

  /** It is on the screen, whether or not the window has the focus. */
  get isVisible(): boolean {
    return this.#tab.isVisible;
  }

  /** Shows the message of this order, now or when the page is there. */
  goTo(order: number): void {
    this.#toShow = order;
    if (this.#live) this.#sendToMessage();
  }

  reveal(): void {
    this.#panel.reveal();
  }

  /** Its tab is closed: the page does not come back. */
  closed(): void {
    this.dispose();
    if (this.#kept !== undefined) this.#services.drafts.leave(this.#peer, this.#kept.page);
  }

  /** What is under way finds no page any more. */
  dispose(): void {
    this.#tab.close();
    this.#generation++;
    this.#ready = false;
    this.#live = false;
    this.#owned.dispose();
  }

  #listen(): void {
    const { mirror, onDidChangeStatus } = this.#services.engine;
    const { webview } = this.#panel;
    this.#owned.add(webview.onDidReceiveMessage((message: unknown) => void this.#receive(message)));
    this.#owned.add(this.#panel.onDidChangeViewState((change) => this.#viewChanged(change)));
    this.#owned.add(window.onDidChangeWindowState(() => this.#markRead()));
    this.#owned.add(mirror.onDidReset(() => void this.#show()));
    this.#owned.add(mirror.onDidChange((change) => this.#changed(change)));
    this.#owned.add(this.#services.drafts.onDidReturn((peer) => peer === this.#peer && this.#giveBack()));
    this.#owned.add(
      onDidChangeStatus((status) => {
        if (status.kind !== 'attached') this.#engineAway(status);
      }),
    );
  }

  async #open(): Promise<void> {
    await inTime(this.#loadFirst(), PAGE_WAITS_MS).catch(() => {
      // Without an engine yet the page says so by itself, and pictures show as thumbnails until it is drawn again.
    });
    if (!this.#owned.isDisposed) drawPage(this.#panel, this.#peer, this.#services);
  }

  /** A new panel begins at the newest message, wherever one that was closed was read; the page goes back by itself. */
  async #loadFirst(): Promise<void> {
    await this.#load();
    const { engine } = this.#services;
    if (engine.state?.conversations[this.#peer]?.hasLater === true)
      await engine.history.loadNewest(this.#peer);
  }

  async #load(): Promise<void> {
    const { engine } = this.#services;
    await engine.ready();
    if (engine.state?.conversations[this.#peer] === undefined) await engine.history.loadEarlier(this.#peer);
  }

  /** Gives the page everything, once it has asked for it. */
  async #show(): Promise<void> {
    if (!this.#ready) return;
    const generation = ++this.#generation;
    this.#live = false;
    try {
      await this.#load();
      await sendUnanswered(this.#services, this.#peer);
    } catch (error) {
      if (generation === this.#generation) this.#fail(error);
      return;
    }
    const { engine, language } = this.#services;
    if (generation !== this.#generation || engine.state === undefined) return;
    this.#setTitle();
    const { webview } = this.#panel;
    this.#tab.tell({
      kind: 'show',
      peer: this.#peer,
      state: stateFor(engine.state, this.#peer),
      fileBase: webview.asWebviewUri(Uri.file('/')).toString().replace(/\/+$/, ''),
      locale: language.locale,
      ...this.#newerUnsent(),
    });
    this.#live = true;
    this.#giveBack();
    this.#sendToMessage();
  }

  /** All that the page has, where the editor has kept an older word of it. */
  #newerUnsent() {
    if (!this.#isAsKept || this.#kept === undefined) return {};
    this.#isAsKept = false;
    const unsent = this.#services.drafts.newerThan(this.#peer, this.#kept);
    return unsent === undefined ? {} : { unsent };
  }

  /** What was written and not sent, once there is a page that takes it. */
  #giveBack(): void {
    if (!this.#live || this.#kept === undefined) return;
    const texts = this.#services.drafts.take(this.#peer, this.#kept, { isNew: this.#isNew });
    this.#isNew = false;
    if (texts.length > 0) this.#tab.tell({ kind: 'returned', texts });
  }

  #sendToMessage(): void {
    const order = this.#toShow;
    this.#toShow = undefined;
    if (order !== undefined)
      this.#tab.tell({ kind: 'goTo', target: { kind: 'message', order, isSought: true } });
  }

  #changed({ event }: Change): void {
    if (!concerns(event, this.#peer)) return;
    if (event.kind === 'peerChanged') this.#setTitle();
    if (this.#live) this.#tab.tell({ kind: 'event', event });
  }

  /** Once, and once more where it is given up or wanted again. */
  #engineAway(status: AttachState): void {
    const stopped = status.kind === 'stopped' ? { stopped: status.failure } : undefined;
    const isNews = this.#live || (this.#ready && this.#isStopped !== (stopped !== undefined));
    if (isNews) this.#tab.tell({ kind: 'engineAway', ...stopped });
    this.#isStopped = stopped !== undefined;
    this.#live = false;
  }

  /** A hidden page is let go by the editor; the one drawn next may load what was sent meanwhile. */
  #viewChanged({ webviewPanel }: WebviewPanelOnDidChangeViewStateEvent): void {
    this.#markRead();
    if (webviewPanel.visible) return;
    this.#generation++;
    this.#ready = false;
    this.#live = false;
    webviewPanel.webview.options = optionsFor(this.#peer, this.#services);
  }

  async #receive(message: unknown): Promise<void> {
    const intent = parseIntent(message);
    if (intent === undefined) {
      this.#services.log.warn('a chat page sent a message that is none');
      return;
    }
    try {
      await act(intent, this.#context);
    } catch (error) {
      this.#fail(error, intent);
    }
  }

  /**
   * In the page where it is seen at once; else, and for bugs, where all failures go. What was to be sent is back in the composer,
   * now or when there is a page again.
   */
  #fail(error: unknown, intent?: FromPanel): void {
    const { failures, drafts } = this.#services;
    if (error instanceof Cancelled && intent !== undefined)
      return this.#tab.tell({ kind: 'calledOff', asked: intent.kind });
    const isFailure = error instanceof FailureError;
    if (isFailure && this.#ready && this.#tab.isVisible) {
      failures.note(error);
      if (intent?.kind === 'sendText') drafts.answered(this.#peer, intent.id);
      this.#tab.tell(failedIntent(error.failure, intent));
      return;
    }
    if (isFailure && !isWaitedFor(intent)) return failures.note(error);
    void failures.show(error);
    const returned = intent && returnedOf(intent);
    if (returned !== undefined) void keepUnsent(this.#services, this.#peer, returned, error);
  }

  #shown(upTo: number): void {
    this.#shownUpTo = Math.max(this.#shownUpTo, upTo);
    this.#markRead();
  }

  /** Shown is not read while nobody looks: the rest follows when the window has the focus again. It starts no engine that was given up. */
  #markRead(): void {
    const upTo = this.#shownUpTo;
    if (!this.isWatched || this.#isStopped || upTo <= this.#readUpTo) return;
    this.#readUpTo = upTo;
    this.#services.engine.request('markRead', { peer: this.#peer, upTo }).catch((error) => {
      this.#readUpTo = 0;
      this.#services.failures.note(error);
    });
  }

  #setTitle(): void {
    const { engine, language } = this.#services;
    const peer = engine.state?.peers[this.#peer];
    if (peer !== undefined) this.#tab.rename(titleOf(peer, language));
  }
}
