// What has crossed a real pipe in this run: each command that was answered and each kind of event, by the windows of engines.ts.

import type { CommandName } from '../../src/contract/commands.ts';
import type { Event } from '../../src/contract/state.ts';

export const crossedCommands = new Set<CommandName>();
export const crossedEvents = new Set<Event['kind']>();
