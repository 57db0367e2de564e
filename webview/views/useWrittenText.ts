// The text in the composer: what is kept as the draft, or the words of a message that is being changed. Changing one leaves
// the draft as it was.

import { useState } from 'preact/hooks';
import type { Writing } from '../model/writing.ts';
import type { ChangeDraft } from './useDraft.ts';

interface Edited {
  readonly order: number;
  readonly text: string;
}

export function useWrittenText(
  writing: Writing,
  draft: string,
  changeDraft: ChangeDraft,
): [string, ChangeDraft] {
  const [edited, setEdited] = useState<Edited | undefined>(undefined);
  if (writing.kind !== 'edit') return [draft, changeDraft];
  const { order, body } = writing.message;
  const original = body.kind === 'text' ? body.text : '';
  const textOf = (of: Edited | undefined) => (of?.order === order ? of.text : original);
  return [textOf(edited), (change) => setEdited((before) => ({ order, text: change(textOf(before)) }))];
}
