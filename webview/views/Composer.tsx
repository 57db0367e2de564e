// Where messages are written: Enter sends, Shift+Enter breaks the line, pasted and dropped files are offered at once.

import type { RefObject } from 'preact';
import { useCallback, useEffect, useRef } from 'preact/hooks';
import { composingOf } from '../model/composing.ts';
import { type Incoming, pastedOf } from '../model/incoming.ts';
import { isolated } from '../model/isolate.ts';
import type { Page } from '../model/pageState.ts';
import { Button } from './Button.tsx';
import { useSurroundings } from './surroundings.ts';
import type { ChangeDraft } from './useDraft.ts';
import { useDrop } from './useDrop.ts';
import { useSendFiles } from './useSendFiles.ts';
import { useTypingAnywhere } from './useTypingAnywhere.ts';

interface Props {
  readonly page: Page;
  readonly name: string;
  readonly draft: string;
  readonly changeDraft: ChangeDraft;
}

export function Composer({ page, name, draft, changeDraft }: Props) {
  const { send, dispatch, format } = useSurroundings();
  const field = useRef<HTMLTextAreaElement>(null);
  const { text, canSend, hint } = composingOf(draft, page.engineAway, format);
  const take = useTaking(field, changeDraft);
  const isOver = useDrop(take);
  useTypingAnywhere(field);
  usePasting(take);
  const submit = () => {
    if (!canSend) return;
    send({ kind: 'sendText', text });
    changeDraft(() => '');
    dispatch({ kind: 'troubleDismissed' });
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposed(event)) return;
    if (event.key === 'Escape') dispatch({ kind: 'troubleDismissed' });
    if (event.key !== 'Enter' || event.shiftKey) return;
    event.preventDefault();
    submit();
  };
  return (
    <section class="composer" aria-label="Write a message">
      {hint !== undefined && (
        <p class="hint" id="composer-hint" role="status">
          {hint}
        </p>
      )}
      <div class="composer-box">
        <textarea
          ref={field}
          rows={1}
          dir="auto"
          value={draft}
          placeholder={`Message ${isolated(name)}`}
          aria-label={`Message ${name}`}
          aria-invalid={hint !== undefined && !canSend}
          aria-describedby={hint === undefined ? undefined : 'composer-hint'}
          onInput={(event) => changeDraft(() => event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <div class="composer-buttons">
          <Button
            label="Send picture…"
            icon="file-media"
            look="icon"
            onPress={() => send({ kind: 'pickPicture' })}
          />
          <Button label="Send file…" icon="file" look="icon" onPress={() => send({ kind: 'pickFile' })} />
          <Button
            label="Send"
            tooltip="Send (Enter)"
            icon="send"
            look="icon"
            isDisabled={!canSend}
            onPress={submit}
          />
        </div>
      </div>
      {isOver && (
        <div class="drop-hint" aria-hidden="true">
          <span>Drop to send to {isolated(name)} — hold Shift</span>
        </div>
      )}
    </section>
  );
}

/** While a word is being composed (Persian, Japanese …) keys belong to the input method. Its last Enter has code 229. */
function isComposed({ isComposing, keyCode }: KeyboardEvent): boolean {
  return isComposing || keyCode === 229;
}

/** What to do with something pasted or dropped. */
function useTaking(field: RefObject<HTMLTextAreaElement | null>, changeDraft: ChangeDraft) {
  const { send } = useSurroundings();
  const sendFiles = useSendFiles();
  return useCallback(
    (incoming: Incoming<File>) => {
      if (incoming.kind === 'files') void sendFiles(incoming.files);
      else if (incoming.kind === 'uris') send({ kind: 'sendUris', uris: [...incoming.uris] });
      else changeDraft((written) => written + incoming.text);
      field.current?.focus();
    },
    [send, sendFiles, changeDraft],
  );
}

/** Pasted files from anywhere in the page. Text goes where the cursor is; useTypingAnywhere has put it into the field. */
function usePasting(take: (incoming: Incoming<File>) => void): void {
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
