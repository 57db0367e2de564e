// The “…” of the header: a menu by mouse and keyboard. The browser's popover closes it on Esc and on a click outside.

import { useRef } from 'preact/hooks';
import type { Choice } from '../model/peerView.ts';
import { Icon } from './Icon.tsx';
import { useChoosing } from './surroundings.ts';

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };

export function Menu({ choices }: { readonly choices: readonly Choice[] }) {
  const act = useChoosing();
  const list = useRef<HTMLDivElement>(null);
  const items = (): HTMLElement[] => Array.from(list.current?.querySelectorAll('button') ?? []);
  const choose = (choice: Choice) => {
    list.current?.hidePopover();
    act(choice);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const all = items();
    const at = all.indexOf(document.activeElement as HTMLElement);
    all[(at + step + all.length) % all.length]?.focus();
  };
  return (
    <>
      <button
        type="button"
        class="button icon"
        popovertarget="more"
        aria-haspopup="menu"
        aria-label="More"
        title="More"
      >
        <Icon name="ellipsis" />
      </button>
      <div
        id="more"
        class="menu"
        popover="auto"
        role="menu"
        tabIndex={-1}
        ref={list}
        onKeyDown={onKeyDown}
        onToggle={(event) => event.newState === 'open' && items()[0]?.focus()}
      >
        {choices.map((choice) => (
          <button
            type="button"
            role="menuitem"
            tabIndex={-1}
            key={choice.label}
            onClick={() => choose(choice)}
          >
            <Icon name={choice.icon} />
            <span>{choice.label}</span>
          </button>
        ))}
      </div>
    </>
  );
}
