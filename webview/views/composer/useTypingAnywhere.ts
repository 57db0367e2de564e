// Typing and pasting anywhere in the page goes to the composer.

import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import { letterOf } from '../../model/shortcuts.ts';

export function useTypingAnywhere(composer: RefObject<HTMLTextAreaElement | null>): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (isTyping(event) && !isEditable(event.target)) composer.current?.focus();
    };
    const onFocus = () => {
      if (document.activeElement === document.body) composer.current?.focus();
    };
    document.addEventListener('keydown', onKeyDown);
    window.addEventListener('focus', onFocus);
    if (document.hasFocus()) onFocus();
    return () => {
      document.removeEventListener('keydown', onKeyDown);
      window.removeEventListener('focus', onFocus);
    };
  }, []);
}

/** A letter, the start of a composition, or paste. Space stays with buttons and scrolling. */
function isTyping(event: KeyboardEvent): boolean {
  const { key, ctrlKey, metaKey, altKey, isComposing } = event;
  if (ctrlKey || metaKey) return letterOf(event) === 'v';
  return isComposing || key === 'Process' || (!altKey && [...key].length === 1 && key !== ' ');
}

function isEditable(target: EventTarget | null): boolean {
  return target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement;
}
