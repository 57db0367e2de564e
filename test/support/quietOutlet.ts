// For tests in which nobody hears what becomes of entries.

import type { EntryOutlet } from '../../src/engine/conversations/conversations.ts';

export const QUIET_OUTLET: EntryOutlet = { grown() {}, shown() {}, heard() {}, hurrying() {}, settled() {} };
