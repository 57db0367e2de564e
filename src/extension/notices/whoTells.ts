// Every window hears of everything, and one of them tells: the one that has the focus, else the one that had it last.

import type { Millis } from '../../base/clock.ts';
import type { Disposable } from '../../base/disposable.ts';
import type { NoticeClaim } from '../../contract/commands.ts';
import type { Notice } from './notice.ts';

export interface TellingRules {
  isFocused(): boolean;
  now(): Millis;
  /** Runs `work` after `ms`; ends it when disposed. */
  after(ms: Millis, work: () => void): Disposable;
  /** Still waiting, wanted by the settings, and not in sight already. */
  isDue(notice: Notice): boolean;
  /** Asks the engine, which says yes to one window. */
  claim(about: NoticeClaim['about'], id: string, isFocused: boolean): Promise<boolean>;
  tell(notice: Notice): void;
}

/** A message and the unread count come as two events, in no promised order; a panel that is in sight reads it in this time. */
const SETTLE_MS: Millis = 150;
/** A window without the focus leaves this long to one that has it, and longer the longer ago it had it itself. */
const NO_FOCUS_MS: Millis = 1_000;
const LAST_MS: Millis = 2_500;
const HALF_AT_MS: Millis = 60_000;

export class WhoTells implements Disposable {
  readonly #rules: TellingRules;
  /** One for each person's messages and each question; of messages the newest, which stands for all. */
  readonly #waiting = new Map<string, { notice: Notice; readonly timer: Disposable }>();
  #hadFocusAt = 0;

  constructor(rules: TellingRules) {
    this.#rules = rules;
    this.focusChanged();
  }

  focusChanged(): void {
    if (this.#rules.isFocused()) this.#hadFocusAt = Number.POSITIVE_INFINITY;
    else if (this.#hadFocusAt === Number.POSITIVE_INFINITY) this.#hadFocusAt = this.#rules.now();
  }

  add(notice: Notice): void {
    const [about, id] = subjectOf(notice);
    const key = `${about} ${id}`;
    const waiting = this.#waiting.get(key);
    if (waiting !== undefined) {
      waiting.notice = notice;
      return;
    }
    const timer = this.#rules.after(this.#wait(), () => void this.#ask(key, about, id));
    this.#waiting.set(key, { notice, timer });
  }

  dispose(): void {
    for (const { timer } of this.#waiting.values()) timer.dispose();
    this.#waiting.clear();
  }

  #wait(): Millis {
    if (this.#rules.isFocused()) return SETTLE_MS;
    const away = Math.max(0, this.#rules.now() - this.#hadFocusAt);
    return SETTLE_MS + NO_FOCUS_MS + (LAST_MS * away) / (away + HALF_AT_MS);
  }

  async #ask(key: string, about: NoticeClaim['about'], id: string): Promise<void> {
    const waiting = this.#waiting.get(key);
    this.#waiting.delete(key);
    if (waiting === undefined || !this.#rules.isDue(waiting.notice)) return;
    if (await this.#rules.claim(about, id, this.#rules.isFocused())) this.#rules.tell(waiting.notice);
  }
}

function subjectOf(notice: Notice): [NoticeClaim['about'], string] {
  switch (notice.kind) {
    case 'message':
      return ['messages', notice.peer];
    case 'connection':
      return ['connection', notice.peer];
    case 'offer':
      return ['offer', notice.transfer];
  }
}
