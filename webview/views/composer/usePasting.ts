// What is pasted and dropped: files are offered at once, text goes to what is being written.

import type { RefObject } from 'preact';
import { useCallback, useEffect } from 'preact/hooks';
import { type Incoming, pastedOf, sendUrisIntents, troubleWithUris } from '../../model/incoming.ts';
import { useSurroundings } from '../controls/surroundings.ts';
import { useSendFiles } from './useSendFiles.ts';

export type Take = (incoming: Incoming<File>) => void;

/** What to do with something pasted or dropped. */
export function useTaking(
  field: RefObject<HTMLTextAreaElement | null>,
  change: (to: (written: string) => string) => void,
): Take {
  const { send, dispatch, format } = useSurroundings();
  const sendFiles = useSendFiles();
  const sendUris = (uris: readonly string[]) => {
    for (const intent of sendUrisIntents(uris)) send(intent);
    const trouble = troubleWithUris(uris, format);
    if (trouble !== undefined) dispatch({ kind: 'trouble', trouble });
  };
  return useCallback(
    (incoming: Incoming<File>) => {
      if (incoming.kind === 'files') void sendFiles(incoming.files);
      else if (incoming.kind === 'uris') sendUris(incoming.uris);
      else change((written) => written + incoming.text);
      field.current?.focus();
    },
    [send, dispatch, format, sendFiles, change],
  );
}

/** Pasted files from anywhere in the page. Text goes where the cursor is; useTypingAnywhere has put it into the field. */
export function usePasting(take: Take): void {
  useEffect(() => {
    const onPaste = (event: ClipboardEvent) => {
      const pasted = event.clipboardData === null ? undefined : pastedOf(event.clipboardData);
      if (pasted?.kind !== 'files') return;
      event.preventDefault();
      take(pasted);
    };
    document.addEventListener('paste', onPaste);
    return () => document.removeEventListener('paste', onPaste);
  }, [take]);
}
