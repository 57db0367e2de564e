// The “…” of the header.

import { useRef } from 'preact/hooks';
import type { Choice } from '../../model/choice.ts';
import { t } from '../../model/words.ts';
import { Icon } from './Icon.tsx';
import { MenuEntries, MenuPopover } from './MenuList.tsx';
import { useChoosing } from './surroundings.ts';

export function Menu({ choices }: { readonly choices: readonly Choice[] }) {
  const act = useChoosing();
  const list = useRef<HTMLDivElement>(null);
  const entries = choices.map((choice) => ({
    ...choice,
    onChoose: () => {
      list.current?.hidePopover();
      act(choice);
    },
  }));
  return (
    <>
      <button
        type="button"
        class="button icon"
        popovertarget="more"
        aria-haspopup="menu"
        aria-label={t('More')}
        title={t('More')}
      >
        <Icon name="ellipsis" />
      </button>
      <MenuPopover id="more" class="at-header" list={list} label={t('More')}>
        <MenuEntries entries={entries} />
      </MenuPopover>
    </>
  );
}
