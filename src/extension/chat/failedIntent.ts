// What a page is told when something that it asked for did not work.

import type { Failure } from '../../contract/failure.ts';
import type { FailedIntent, FromPanel } from '../../contract/panel.ts';

/** What was written goes back as what it was: a change stays one of the same message, an answer one to the same message. */
export function failedIntent(failure: Failure, intent?: FromPanel): FailedIntent {
  if (intent === undefined) return { kind: 'failed', failure };
  const returned = returnedOf(intent);
  const failed = { kind: 'failed', failure, asked: intent.kind } as const;
  return returned === undefined ? failed : { ...failed, returned };
}

/** What was written, where the intent was to send it. */
export function returnedOf(intent: FromPanel): FailedIntent['returned'] {
  if (intent.kind !== 'sendText') return undefined;
  const { kind: _kind, by: _by, ...written } = intent;
  return written;
}

/** Asked for what the page shows: once it is out of sight, nobody waits for that. */
const FOR_SHOW: ReadonlySet<FromPanel['kind']> = new Set<FromPanel['kind']>([
  'ready',
  'loadEarlier',
  'loadLater',
  'loadAround',
  'loadNewest',
  'searchConversation',
]);

/** Whether a person is to hear that it failed while the page is out of sight. `undefined`: the page itself could not be filled. */
export function isWaitedFor(intent: FromPanel | undefined): boolean {
  return intent !== undefined && !FOR_SHOW.has(intent.kind);
}
