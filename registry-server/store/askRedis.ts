// Asks Redis, and again when the road broke while the question was under way: a failover or a restart that is quick is not
// seen by anybody. A question that comes while Redis is known to be away is refused at once, so that nothing piles up.

import { StoreAway } from './store.ts';

/** Together what one caller waits at most for a road to come back, about as long as a failing Cluster needs to notice. */
const PAUSES_MS: readonly number[] = [50, 150, 400, 700];

/** What Redis answers while it is not itself: these pass, unlike a wrong command. */
const PASSING_REPLIES =
  /^(LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|MOVED|ASK|BUSY|OOM|MISCONF|NOREPLICAS|NOAUTH|UNBLOCKED)\b/;
const TIMED_OUT = /timed out/;
/** What no second question in the next moments changes, or has already cost enough time. */
const NOT_AGAIN = /timed out|^(BUSY|OOM|MISCONF|NOREPLICAS|NOAUTH)\b/;
/** The client's own words for a question that it did not even send. */
const NOT_SENT = /enableOfflineQueue/;

export type Pause = (ms: number) => Promise<void>;

/** `ask` must be harmless to repeat; it is told whether it is repeated. Rejects with StoreAway, or with what is a bug. */
export async function askRedis<T>(
  ask: (isRepeated: boolean) => Promise<T>,
  pause: Pause = realPause,
): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await ask(tries > 0);
    } catch (error) {
      const passing = passingOf(error);
      const pauseMs = PAUSES_MS[tries];
      const isKnownAway = tries === 0 && NOT_SENT.test(passing.message);
      if (pauseMs === undefined || isKnownAway || NOT_AGAIN.test(passing.message)) {
        const isCutOff = passing.name !== 'ReplyError' && !TIMED_OUT.test(passing.message);
        throw new StoreAway(passing.message, { cause: error, isCutOff });
      }
      await pause(pauseMs);
    }
  }
}

/** Everything that is not Redis' word on the command itself is its absence: closed, timed out, loading, failing over. */
function passingOf(error: unknown): Error {
  if (!(error instanceof Error)) throw error;
  if (error.name === 'ReplyError' && !PASSING_REPLIES.test(error.message)) throw error;
  return error;
}

function realPause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
