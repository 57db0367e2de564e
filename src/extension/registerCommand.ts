// Commands whose failures are told to the person who ran them.

import { commands, type Disposable } from 'vscode';
import type { CommandId } from './commands.ts';
import type { Failures } from './failures.ts';

/** The Explorer passes what is selected as well. */
export type CommandHandler = (argument: unknown, selected?: unknown) => unknown;

/** Registers each handler under its id. What a handler returns is the result of executeCommand. */
export function registerCommands(
  failures: Failures,
  handlers: Partial<Record<CommandId, CommandHandler>>,
): Disposable[] {
  return Object.entries(handlers).map(([id, handler]) =>
    commands.registerCommand(id, async (argument: unknown, selected: unknown) => {
      try {
        return await handler(argument, selected);
      } catch (error) {
        // Not awaited: whoever ran the command must not wait until the message is closed.
        void failures.show(error);
        return undefined;
      }
    }),
  );
}
