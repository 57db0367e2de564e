// The entries of a menu, by mouse and keyboard.

import type { ComponentChildren, RefObject } from 'preact';
import type { IconName } from '../../model/icons.ts';
import { type ItemPlace, itemAfter } from '../../model/menuKeys.ts';
import { Icon } from './Icon.tsx';

export interface MenuEntry {
  readonly label: string;
  readonly icon: IconName;
  readonly onChoose: () => void;
}

export function MenuEntries({ entries }: { readonly entries: readonly MenuEntry[] }) {
  return entries.map(({ label, icon, onChoose }) => (
    <button type="button" role="menuitem" tabIndex={-1} key={label} onClick={onChoose}>
      <Icon name={icon} />
      <span>{label}</span>
    </button>
  ));
}

interface Props {
  readonly list: RefObject<HTMLDivElement | null>;
  readonly id?: string;
  readonly class?: string;
  readonly label: string;
  readonly onClosed?: () => void;
  /** Of Tab, before the menu closes: what has the focus then is where Tab goes on from. */
  readonly onTab?: (event: KeyboardEvent) => void;
  readonly children: ComponentChildren;
}

/** The browser's popover closes it on Esc and on a click outside, and gives the focus back. */
export function MenuPopover({ list, id, class: extra = '', label, onClosed, onTab, children }: Props) {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Tab') {
      onTab?.(event);
      // The focus goes back first, and on from there.
      list.current?.hidePopover();
    }
    const all = buttonsIn(list.current);
    const at = all.indexOf(document.activeElement as HTMLElement);
    const isReversed = list.current?.matches(':dir(rtl)') ?? false;
    const next = itemAfter(event.key, at, placesOf(all, isReversed), isReversed);
    if (next === undefined) return;
    event.preventDefault();
    all[next]?.focus();
  };
  const onToggle = ({ newState }: Pick<ToggleEvent, 'newState'>) => {
    if (newState === 'open') buttonsIn(list.current)[0]?.focus();
    else onClosed?.();
  };
  return (
    <div
      id={id}
      class={`menu ${extra}`}
      popover="auto"
      role="menu"
      aria-label={label}
      tabIndex={-1}
      ref={list}
      onKeyDown={onKeyDown}
      onToggle={onToggle}
    >
      {children}
    </div>
  );
}

function buttonsIn(list: HTMLElement | null): HTMLElement[] {
  return Array.from(list?.querySelectorAll('button') ?? []);
}

function placesOf(buttons: readonly HTMLElement[], isReversed: boolean): ItemPlace[] {
  return buttons.map((button) => {
    const { top, left, right } = button.getBoundingClientRect();
    return { top, start: isReversed ? -right : left };
  });
}
