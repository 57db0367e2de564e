// Requests that may be asked a second time when the engine has gone before it answered: nobody knows whether it did them, and
// doing them twice is the same as doing them once.

import type { CommandName, ParamsOf } from '../../contract/commands.ts';
import { FailureError } from '../../contract/failure.ts';
import { newId } from '../newId.ts';

const HARMLESS: ReadonlySet<CommandName> = new Set([
  ...(['configure', 'refreshPeers', 'lookUp', 'history', 'searchMessages', 'markRead', 'react'] as const),
  ...(['safetyCode', 'verifyPeer', 'blockPeer', 'unblockPeer', 'setAutoAccept', 'doNotDisturb'] as const),
  ...(['sendText', 'editMessage', 'deleteMessage', 'share'] as const),
]);

/** `error` is what the first asking came to, with an engine that is not there any more. */
export function canBeAskedAgain(name: CommandName, error: unknown): boolean {
  return HARMLESS.has(name) && error instanceof FailureError && error.failure.code === 'engineGone';
}

/** The same at each asking: a text gets its id here, by which the next engine sees whether the one before has stored it. */
export function repeatable<Name extends CommandName>(name: Name, params: ParamsOf<Name>): ParamsOf<Name> {
  const isText = name === 'sendText' && params !== null;
  return isText ? ({ id: newId(), ...(params as ParamsOf<'sendText'>) } as ParamsOf<Name>) : params;
}
