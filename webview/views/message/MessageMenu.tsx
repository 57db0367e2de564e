// What can be done with one message, where it was asked for: reactions on top, then the rest. Or reactions alone.

import { useLayoutEffect, useRef } from 'preact/hooks';
import { type MenuAnchor, menuPlace } from '../../model/menuPlace.ts';
import {
  canReact,
  type MessageChoice,
  type MessageSubject,
  messageChoices,
} from '../../model/messageActions.ts';
import { t } from '../../model/words.ts';
import { MenuEntries, MenuPopover } from '../controls/MenuList.tsx';
import { useSurroundings } from '../controls/surroundings.ts';
import { EmojiPicker } from './EmojiPicker.tsx';

export interface MenuWish {
  readonly subject: MessageSubject;
  readonly shows: 'all' | 'reactions';
  readonly anchor: MenuAnchor;
}

export type OpenMenu = (wish: MenuWish) => void;

interface Props {
  readonly wish: MenuWish;
  readonly onClosed: () => void;
}

export function MessageMenu({ wish, onClosed }: Props) {
  const list = useRef<HTMLDivElement>(null);
  const act = useActing(wish.subject);
  useLayoutEffect(() => {
    list.current?.showPopover();
    if (list.current !== null) place(list.current, wish.anchor);
  }, [wish]);
  const close = () => list.current?.hidePopover();
  const { order } = wish.subject.message;
  const closed = () => {
    focusAgain(list.current, order);
    onClosed();
  };
  /** On to the message's tools, or back to the message: behind and before the menu the page has other things. */
  const onTab = (event: KeyboardEvent) => {
    focusMessage(order);
    if (event.shiftKey) event.preventDefault();
  };
  const entries = messageChoices(wish.subject).map((choice) => ({
    ...choice,
    onChoose: () => {
      // Before the menu closes: what is selected is still selected.
      act(choice);
      close();
    },
  }));
  return (
    <MenuPopover list={list} label={t('Message')} class="at-message" onClosed={closed} onTab={onTab}>
      {canReact(wish.subject) && (
        <EmojiPicker
          message={wish.subject.message}
          onChosen={close}
          onGrown={() => list.current && place(list.current, wish.anchor)}
        />
      )}
      {wish.shows === 'all' && <MenuEntries entries={entries} />}
    </MenuPopover>
  );
}

/** The button that it was opened with stands beside its message only while that has the pointer or the focus. */
function focusAgain(menu: HTMLElement | null, order: number): void {
  const { activeElement, body } = document;
  const isLost = activeElement === body || menu?.contains(activeElement);
  if (isLost && document.hasFocus()) focusMessage(order);
}

function focusMessage(order: number): void {
  document.querySelector<HTMLElement>(`[data-order="${order}"]`)?.focus({ preventScroll: true });
}

/** Measured at its full height: it may have been at a bound before it grew. */
function place(menu: HTMLElement, anchor: MenuAnchor): void {
  menu.style.maxBlockSize = '';
  menu.classList.remove('scrolls');
  const room = { width: window.innerWidth, height: window.innerHeight };
  const { left, top, maxHeight } = menuPlace(anchor, menu.getBoundingClientRect(), room);
  menu.style.left = `${left}px`;
  menu.style.top = `${top}px`;
  if (maxHeight === undefined) return;
  menu.style.maxBlockSize = `${maxHeight}px`;
  menu.classList.add('scrolls');
}

function useActing({ message }: MessageSubject): (choice: MessageChoice) => void {
  const { send, dispatch } = useSurroundings();
  return ({ does }) => {
    dispatch({ kind: 'troubleDismissed' });
    if (does.kind === 'intent') send(does.intent);
    else if (does.kind === 'copy') send({ kind: 'copyText', text: selectedIn(message.order) ?? does.text });
    else dispatch({ kind: 'write', writing: { kind: does.kind, message } });
  };
}

/** What is selected within this message's text, if anything. */
function selectedIn(order: number): string | undefined {
  const selection = document.getSelection();
  const text = selection?.toString() ?? '';
  const row = document.querySelector(`[data-order="${order}"] .text`);
  const isInside = row?.contains(selection?.anchorNode ?? null) && row.contains(selection?.focusNode ?? null);
  return text !== '' && isInside ? text : undefined;
}
