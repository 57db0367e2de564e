// Where messages are written: Enter sends, now or as soon as there is an engine, Shift+Enter breaks the line, Up in an empty field
// changes the last message, Esc leaves what was begun. Pasted and dropped files are offered at once.

import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { Peer } from '../../../src/contract/peer.ts';
import type { Transfer } from '../../../src/contract/transfer.ts';
import { composingOf } from '../../model/composing.ts';
import { isolated } from '../../model/isolate.ts';
import { newId } from '../../model/newId.ts';
import { conversationIn, type Page } from '../../model/pageState.ts';
import { t } from '../../model/words.ts';
import { lastEditable, NEW, sendIntent } from '../../model/writing.ts';
import { Button } from '../controls/Button.tsx';
import { isComposed } from '../controls/isComposed.ts';
import { useSurroundings } from '../controls/surroundings.ts';
import { ModeStrip } from './ModeStrip.tsx';
import type { ChangeDraft } from './useDraft.ts';
import { useDrop } from './useDrop.ts';
import { usePasting, useTaking } from './usePasting.ts';
import { useTypingAnywhere } from './useTypingAnywhere.ts';
import { useTypingNews } from './useTypingNews.ts';
import { useWaitingToSend } from './useWaitingToSend.ts';

interface Props {
  readonly page: Page;
  readonly peer: Peer;
  readonly transfers: Readonly<Record<string, Transfer>>;
  /** The draft, or the words of the message that is being changed. */
  readonly written: string;
  readonly change: ChangeDraft;
}

export function Composer({ page, peer, transfers, written, change }: Props) {
  const { send, dispatch, format } = useSurroundings();
  const { writing, stopped } = page;
  // Where none comes by itself, to send something asks for one.
  const engineAway = page.engineAway && stopped === undefined;
  const { name } = peer;
  const field = useRef<HTMLTextAreaElement>(null);
  const [isWaiting, waitToSend] = useWaitingToSend(writing, written, stopped !== undefined);
  const { text, canSend, canWait, hint } = composingOf(written, engineAway, format, isWaiting);
  const take = useTaking(field, change);
  const isOver = useDrop(take);
  const tellTyping = useTypingNews(peer.link === 'connected');
  useTypingAnywhere(field);
  usePasting(take);
  useFocusOnBegin(field, page.begun);
  const sendNow = () => {
    send(sendIntent(writing, text, newId()));
    if (writing.kind !== 'edit') change(() => '');
    if (writing.kind !== 'new') dispatch({ kind: 'write', writing: NEW });
    dispatch({ kind: 'troubleDismissed' });
    tellTyping(false);
  };
  const isDue = isWaiting && canSend;
  // Not after the next paint: another Enter would have it sent twice.
  useLayoutEffect(() => {
    if (isDue) sendNow();
  }, [isDue]);
  const submit = () => {
    if (canSend) sendNow();
    if (canWait) waitToSend();
    if (canSend || canWait) field.current?.focus();
  };
  const onInput = (value: string) => {
    change(() => value);
    tellTyping(writing.kind !== 'edit' && value.trim() !== '');
  };
  const leave = () =>
    dispatch(writing.kind === 'new' ? { kind: 'troubleDismissed' } : { kind: 'write', writing: NEW });
  const editLast = () => {
    const message = lastEditable(conversationIn(page));
    if (message !== undefined) dispatch({ kind: 'write', writing: { kind: 'edit', message } });
    return message !== undefined;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposed(event)) return;
    if (event.key === 'Escape') leave();
    const isUp = event.key === 'ArrowUp' && written === '' && writing.kind === 'new';
    const isEnter = event.key === 'Enter' && !event.shiftKey;
    if (isEnter) submit();
    if (isEnter || (isUp && editLast())) event.preventDefault();
  };
  return (
    <section class="composer" aria-label={t('Write a message')}>
      <ModeStrip writing={writing} name={name} transfers={transfers} />
      {hint !== undefined && (
        <p class="hint" id="composer-hint" role="status">
          {hint}
        </p>
      )}
      <div class="composer-box">
        <textarea
          ref={field}
          rows={1}
          // While it is empty, by the page's: that is where its placeholder stands.
          dir={written === '' ? undefined : 'auto'}
          value={written}
          placeholder={t('Message {0}', isolated(name))}
          aria-label={t('Message {0}', name)}
          aria-invalid={hint !== undefined && !canSend && !canWait}
          aria-describedby={hint === undefined ? undefined : 'composer-hint'}
          onInput={(event) => onInput(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <div class="composer-buttons">
          <Button
            label={t('Send picture…')}
            icon="file-media"
            look="icon"
            onPress={() => send({ kind: 'pickPicture' })}
          />
          <Button
            label={t('Send file…')}
            icon="file"
            look="icon"
            onPress={() => send({ kind: 'pickFile' })}
          />
          <Button
            label={writing.kind === 'edit' ? t('Save') : t('Send')}
            tooltip={writing.kind === 'edit' ? t('Save (Enter)') : t('Send (Enter)')}
            icon={writing.kind === 'edit' ? 'check' : 'send'}
            look="icon"
            isDisabled={!canSend && !canWait}
            onPress={submit}
          />
        </div>
      </div>
      {isOver && (
        <div class="drop-hint" aria-hidden="true">
          <span>{t('Drop to send to {0} — hold Shift', isolated(name))}</span>
        </div>
      )}
    </section>
  );
}

/** Not for a message that changes while it is answered, nor into a page that does not have the focus. */
function useFocusOnBegin(field: RefObject<HTMLTextAreaElement | null>, begun: number): void {
  const before = useRef(begun);
  useEffect(() => {
    if (before.current !== begun && document.hasFocus()) field.current?.focus();
    before.current = begun;
  }, [begun]);
}
