// What is answered or changed, over the times that the panel is hidden: the editor lets go of a page that is not in sight. The
// extension is told, for when its tab is closed.

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { SavedWriting } from '../../../src/contract/panel.ts';
import type { Host } from '../../host.ts';
import { conversationIn, type Page } from '../../model/pageState.ts';
import { unsentOf } from '../../model/unsent.ts';
import { savedWriting, writingOf } from '../../model/writing.ts';
import { useSurroundings } from '../controls/surroundings.ts';
import type { ChangeDraft } from './useDraft.ts';
import { useToldUnsent } from './useToldUnsent.ts';

/** The words of the message that is being changed, where they are not its own any more. */
export interface Edited {
  readonly order: number;
  readonly text: string;
}

/** The text in the composer: the draft, or the words of a message that is being changed, which leave the draft as it was. */
export function useKeptWriting(
  page: Page,
  host: Host,
  draft: string,
  changeDraft: ChangeDraft,
): [string, ChangeDraft] {
  const { writing } = page;
  const saved = page.isReplaced ? undefined : host.saved.writing;
  const [edited, setEdited] = useState<Edited | undefined>(
    saved?.text === undefined ? undefined : { ...saved, text: saved.text },
  );
  const wasEdit = useRef(false);
  useReturnTo(page, saved);
  useLayoutEffect(() => {
    if (wasEdit.current && writing.kind !== 'edit') setEdited(undefined);
    wasEdit.current = writing.kind === 'edit';
  }, [writing]);
  useLayoutEffect(() => host.remember({ writing: savedWriting(writing, edited) }), [host, writing, edited]);
  useToldUnsent(host, unsentOf(page, draft, edited));
  if (writing.kind !== 'edit') return [draft, changeDraft];
  const { order, body } = writing.message;
  const original = writing.text ?? (body.kind === 'text' ? body.text : '');
  const textOf = (of: Edited | undefined) => (of?.order === order ? of.text : original);
  return [textOf(edited), (change) => setEdited((before) => ({ order, text: change(textOf(before)) }))];
}

/** Once the messages are there: what was begun goes on, unless its message is gone or far away. */
function useReturnTo(page: Page, saved: SavedWriting | undefined): void {
  const { dispatch } = useSurroundings();
  const isDone = useRef(false);
  const conversation = conversationIn(page);
  useEffect(() => {
    if (isDone.current || conversation === undefined) return;
    isDone.current = true;
    const writing = writingOf(saved, conversation);
    if (writing !== undefined) dispatch({ kind: 'writeOn', writing });
  }, [conversation]);
}
