// Loads stretches of conversations into this window's mirror: a page at either end of what is there, or another place.

import type { ParamsOf } from '../../contract/commands.ts';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import type { Message } from '../../contract/message.ts';
import {
  type Event,
  type History,
  MAX_LOADED_MESSAGES,
  type State,
  withChanged,
} from '../../contract/state.ts';
import type { Mirror } from './mirror.ts';

type Wish = Omit<ParamsOf<'history'>, 'peer'>;
type MessageEvent = Extract<Event, { kind: 'messageAdded' | 'messageChanged' }>;

/** What a conversation had loaded when a snapshot came, which holds none. */
interface Before {
  readonly count: number;
  /** Somebody was reading here, apart from the newest messages. */
  readonly around?: number;
}

const HISTORY_PAGE = 60;
/** As many as one request may ask for (contract/commands.ts). */
const MAX_HISTORY_PAGE = 500;
/** Messages before the first unread one, so that it does not stand alone. */
const READ_BEFORE_UNREAD = 20;

export class HistoryLoader {
  readonly #mirror: Mirror;
  readonly #ask: (params: ParamsOf<'history'>) => Promise<History>;
  readonly #before = new Map<string, Before>();

  constructor(mirror: Mirror, ask: (params: ParamsOf<'history'>) => Promise<History>) {
    this.#mirror = mirror;
    this.#ask = ask;
  }

  /** A snapshot is about to take the place of `state`. */
  remember(state: State | undefined): void {
    for (const [peer, { messages, hasLater }] of Object.entries(state?.conversations ?? {})) {
      const middle = messages[Math.floor(messages.length / 2)];
      const around = hasLater ? middle?.order : undefined;
      this.#before.set(peer, { count: messages.length, ...(around === undefined ? {} : { around }) });
    }
  }

  /** The page before what is loaded, or the first one with what is unread. Does nothing when there is none. */
  async loadEarlier(peer: Fingerprint): Promise<void> {
    const known = this.#mirror.state?.conversations[peer];
    if (known?.hasEarlier === false) return;
    const before = known?.messages[0]?.order;
    if (before === undefined) await this.#load(peer, this.#firstPage(peer));
    else if (await this.#load(peer, { limit: HISTORY_PAGE, before })) await this.loadEarlier(peer);
  }

  /** The page after what is loaded. Does nothing when that reaches the newest message. */
  async loadLater(peer: Fingerprint): Promise<void> {
    const known = this.#mirror.state?.conversations[peer];
    const after = known?.messages.at(-1)?.order;
    if (known?.hasLater !== true || after === undefined) return;
    if (await this.#load(peer, { limit: HISTORY_PAGE, after })) await this.loadLater(peer);
  }

  /** The messages around this order, instead of what is loaded. */
  async loadAround(peer: Fingerprint, order: number): Promise<void> {
    await this.#load(peer, { limit: HISTORY_PAGE, around: order });
  }

  /** The newest messages, instead of what is loaded. */
  async loadNewest(peer: Fingerprint): Promise<void> {
    await this.#load(peer, { limit: this.#newestLimit(peer), newest: true });
  }

  /**
   * Messages that came or changed while the page was on its way are put into it: the stream may have gone past it. A page that
   * does not go with what is loaded by then is left out, as it would leave a gap that nothing fills. True where it is to be asked
   * for again, from the end as it is now; a conversation that is not loaded any more begins with its first page.
   */
  async #load(peer: Fingerprint, wish: Wish): Promise<boolean> {
    const since: MessageEvent[] = [];
    const listening = this.#mirror.onDidChange(({ event }) => {
      const isOfMessage = event.kind === 'messageAdded' || event.kind === 'messageChanged';
      if (isOfMessage && event.message.peer === peer && since.length < MAX_LOADED_MESSAGES) since.push(event);
    });
    try {
      const page = await this.#ask({ peer, ...wish });
      const end = this.#endOf(peer, wish);
      if (isNextToLoaded(wish) && end !== (wish.after ?? wish.before)) return end !== undefined;
      const reachesNewest = wish.before === undefined && page.hasLater !== true;
      const messages = since.reduce((some, event) => withNews(some, event, reachesNewest), page.messages);
      this.#mirror.fold({ kind: 'historyLoaded', history: { ...page, messages } });
      return false;
    } finally {
      listening.dispose();
    }
  }

  /** The order of the message next to which such a page goes. */
  #endOf(peer: Fingerprint, { after }: Wish): number | undefined {
    const messages = this.#mirror.state?.conversations[peer]?.messages;
    return messages?.at(after === undefined ? 0 : -1)?.order;
  }

  #firstPage(peer: Fingerprint): Wish {
    const { around, count = 0 } = this.#before.get(peer) ?? {};
    if (around === undefined) return { limit: this.#newestLimit(peer) };
    return { around, limit: Math.min(MAX_HISTORY_PAGE, Math.max(HISTORY_PAGE, count)) };
  }

  /** Holds all that is unread and all that was loaded before, so that nobody loses their place; as far as one request can. */
  #newestLimit(peer: Fingerprint): number {
    const unread = this.#mirror.state?.peers[peer]?.unread ?? 0;
    const before = Math.max(this.#before.get(peer)?.count ?? 0, READ_BEFORE_UNREAD);
    return Math.min(MAX_HISTORY_PAGE, Math.max(HISTORY_PAGE, unread + before));
  }
}

/** Else it takes the place of whatever is loaded. */
function isNextToLoaded({ around, newest }: Wish): boolean {
  return around === undefined && newest !== true;
}

function withNews(
  messages: readonly Message[],
  { message }: MessageEvent,
  reachesNewest: boolean,
): readonly Message[] {
  const changed = withChanged(messages, message);
  if (changed !== messages) return changed;
  const isNewest = message.order > (messages.at(-1)?.order ?? 0);
  return reachesNewest && isNewest ? [...messages, message] : messages;
}
