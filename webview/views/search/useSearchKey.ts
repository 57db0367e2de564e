// Ctrl+F (on macOS Cmd+F) anywhere in the page searches the whole conversation: the editor's own search sees only the rows that are drawn.

import { useEffect } from 'preact/hooks';
import { isFind } from '../../model/shortcuts.ts';
import { IS_MAC } from '../controls/isMac.ts';
import { useSurroundings } from '../controls/surroundings.ts';

export function useSearchKey(): void {
  const { dispatch } = useSurroundings();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (!isFind(event, IS_MAC)) return;
      event.preventDefault();
      dispatch({ kind: 'searchOpened' });
      document.querySelector<HTMLInputElement>('.search-field input')?.select();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [dispatch]);
}
