// Until when my person is left in peace: kept over restarts, the same for all windows, and over by itself.

import type { Clock, Millis } from '../../base/clock.ts';
import type { Disposable } from '../../base/disposable.ts';
import { UNTIL_TURNED_OFF } from '../../contract/doNotDisturb.ts';
import { FailureError } from '../../contract/failure.ts';
import type { Me } from '../../contract/state.ts';
import type { StartTimer } from '../io/startTimer.ts';
import type { ProfileTable } from '../store/profile.ts';
import type { Published } from './published.ts';

/** A wall clock may be set, and a computer sleeps: it is looked at again at least so often. */
const LOOK_EVERY_MS: Millis = 60_000;

export class DoNotDisturb implements Disposable {
  readonly #profile: ProfileTable;
  readonly #published: Published;
  readonly #clock: Clock;
  readonly #startTimer: StartTimer;
  #look: Disposable | undefined;

  /** Goes on with what was kept. */
  constructor(profile: ProfileTable, published: Published, clock: Clock, startTimer: StartTimer) {
    this.#profile = profile;
    this.#published = published;
    this.#clock = clock;
    this.#startTimer = startTimer;
    this.#follow();
  }

  /** `null`, or a time that has passed: now. */
  set(until: Millis | null): void {
    this.#profile.doNotDisturbUntil = until === null ? undefined : Math.min(until, UNTIL_TURNED_OFF);
    this.#follow();
  }

  dispose(): void {
    this.#look?.dispose();
  }

  #follow(): void {
    this.#look?.dispose();
    const until = this.#profile.doNotDisturbUntil;
    const left = (until ?? 0) - this.#clock.now();
    if (left <= 0) return this.#end();
    this.#publish(until);
    if (until !== UNTIL_TURNED_OFF)
      this.#look = this.#startTimer(Math.min(left, LOOK_EVERY_MS), () => this.#follow());
  }

  #end(): void {
    this.#publish(undefined);
    this.#forget();
  }

  /** A disk that is full may keep a time that has passed: it is over all the same. */
  #forget(): void {
    try {
      this.#profile.doNotDisturbUntil = undefined;
    } catch (error) {
      if (!(error instanceof FailureError)) throw error;
    }
  }

  #publish(until: Millis | undefined): void {
    const { doNotDisturbUntil, ...me }: Me = this.#published.state.me;
    if (doNotDisturbUntil === until) return;
    this.#published.publish({
      kind: 'meChanged',
      me: until === undefined ? me : { ...me, doNotDisturbUntil: until },
    });
  }
}
