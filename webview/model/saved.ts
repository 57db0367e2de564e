// What the last life of this panel has left with the editor. Total: an older version of the page may have left anything.

import type { SavedPanel, SavedWriting, Stamp, Unheard } from '../../src/contract/panel.ts';

export type Saved = Omit<SavedPanel, 'peer'>;

export function savedIn(state: unknown): Saved {
  const { draft, readingAt, writing, by, unheard } = fieldsOf(state);
  return {
    draft: typeof draft === 'string' ? draft : '',
    readingAt: typeof readingAt === 'number' ? readingAt : undefined,
    writing: writingIn(writing),
    by: stampIn(by),
    unheard: Array.isArray(unheard) ? unheard.filter(isUnheard) : [],
  };
}

function writingIn(value: unknown): SavedWriting | undefined {
  const { kind, order, text } = fieldsOf(value);
  if ((kind !== 'reply' && kind !== 'edit') || typeof order !== 'number') return undefined;
  return { kind, order, text: typeof text === 'string' ? text : undefined };
}

function stampIn(value: unknown): Stamp | undefined {
  const { page, at } = fieldsOf(value);
  return typeof page === 'string' && typeof at === 'number' ? { page, at } : undefined;
}

/** The extension looks closer. */
function isUnheard(value: unknown): value is Unheard {
  const { id, text, by } = fieldsOf(value);
  return typeof id === 'string' && typeof text === 'string' && stampIn(by) !== undefined;
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
