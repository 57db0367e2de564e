// Which row was clicked. The editor forgets the arguments of a row's command as soon as that row is drawn anew, and tells whoever
// clicked at that moment that there is no such command. So the command has none: what is selected by the click, the editor keeps.

import type { Event } from '../../base/emitter.ts';
import type { Row } from './row.ts';

/**
 * While the editor asks for all rows again it knows none, so that what is selected is there only once it has got them.
 * @param selected as the editor says now
 * @param onDidGive after the editor was given rows
 * @param signal ends the wait: undefined then
 */
export async function clickedRow(
  selected: () => Row | undefined,
  onDidGive: Event<void>,
  signal: AbortSignal,
): Promise<Row | undefined> {
  return (
    selected() ??
    (await new Promise<Row | undefined>((resolve) => {
      const waiting = onDidGive(() => {
        const row = selected();
        if (row !== undefined) end(row);
      });
      const end = (row?: Row) => {
        waiting.dispose();
        resolve(row);
      };
      signal.addEventListener('abort', () => end(), { once: true });
    }))
  );
}
