// What can be done with one message, where it was asked for: reactions on top, then the rest. Or reactions alone.

import { useLayoutEffect, useRef } from 'preact/hooks';
import {
  canReact,
  type MessageChoice,
  type MessageSubject,
  messageChoices,
} from '../model/messageActions.ts';
import { EmojiPicker } from './EmojiPicker.tsx';
import { MenuEntries, MenuPopover } from './MenuList.tsx';
import { useSurroundings } from './surroundings.ts';

export interface MenuWish {
  readonly subject: MessageSubject;
  readonly shows: 'all' | 'reactions';
  /** CSS pixels in the page. */
  readonly x: number;
  readonly y: number;
}

export type OpenMenu = (wish: MenuWish) => void;

interface Props {
  readonly wish: MenuWish;
  readonly onClosed: () => void;
}

/** CSS pixels to the edges of the page. */
const EDGE = 4;

export function MessageMenu({ wish, onClosed }: Props) {
  const list = useRef<HTMLDivElement>(null);
  const act = useActing(wish.subject);
  useLayoutEffect(() => {
    list.current?.showPopover();
    if (list.current !== null) place(list.current, wish);
  }, [wish]);
  const close = () => list.current?.hidePopover();
  const entries = messageChoices(wish.subject).map((choice) => ({
    ...choice,
    onChoose: () => {
      // Before the menu closes: what is selected is still selected.
      act(choice);
      close();
    },
  }));
  return (
    <MenuPopover list={list} label="Message" class="at-message" onClosed={onClosed}>
      {canReact(wish.subject) && (
        <EmojiPicker
          message={wish.subject.message}
          onChosen={close}
          onGrown={() => list.current && place(list.current, wish)}
        />
      )}
      {wish.shows === 'all' && <MenuEntries entries={entries} />}
    </MenuPopover>
  );
}

/** Whole in the page, wherever it was asked for. */
function place(menu: HTMLElement, { x, y }: MenuWish): void {
  const { width, height } = menu.getBoundingClientRect();
  const within = (wanted: number, size: number, room: number) =>
    Math.max(EDGE, Math.min(wanted, room - size - EDGE));
  menu.style.left = `${within(x, width, window.innerWidth)}px`;
  menu.style.top = `${within(y, height, window.innerHeight)}px`;
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
