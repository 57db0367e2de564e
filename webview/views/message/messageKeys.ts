// The list by keyboard: Up and Down go from message to message, End to the newest one. Page Up, Page Down and Home scroll.

import type { RefObject } from 'preact';
import { showWhole } from '../controls/showWhole.ts';

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };

type Scroller = RefObject<HTMLDivElement | null>;

export function messageKeys(scroller: Scroller, toNewest: () => void): (event: KeyboardEvent) => void {
  return (event) => {
    const list = scroller.current;
    if (list === null || event.altKey || event.ctrlKey || event.metaKey || !isOfTheList(event)) return;
    const step = STEPS[event.key];
    if (step !== undefined) focusNext(list, step);
    else if (event.key === 'End') toNewest();
    else return;
    event.preventDefault();
  };
}

/** Buttons, code and cards inside of a message have keys of their own. */
function isOfTheList({ target, currentTarget }: KeyboardEvent): boolean {
  return target === currentTarget || (target instanceof HTMLElement && target.matches('article'));
}

/** From the list itself to the last message in sight; from a message to its neighbour. */
function focusNext(list: HTMLElement, step: number): void {
  const articles = Array.from(list.querySelectorAll<HTMLElement>('article'));
  const at = articles.indexOf(document.activeElement as HTMLElement);
  const next = at < 0 ? articles.findLast((article) => isInSight(list, article)) : articles[at + step];
  if (next === undefined) return;
  next.focus({ preventScroll: true });
  showWhole(list, next);
}

function isInSight(list: HTMLElement, element: HTMLElement): boolean {
  return element.getBoundingClientRect().top < list.getBoundingClientRect().bottom;
}
