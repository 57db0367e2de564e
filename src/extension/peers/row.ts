// One row of the Peers view, as data: what is shown, said, and done with it.

import type { Fingerprint } from '../../contract/fingerprint.ts';
import type { CommandId } from '../commands.ts';

export interface Row {
  /** Stable, so that selection and expansion stay. */
  readonly id: string;
  readonly label: string;
  readonly description: string;
  /** In words: what the icon and the description say in short. */
  readonly tooltip: string;
  /** A codicon, and a theme colour for it. The shape alone tells the situation. */
  readonly icon: { readonly id: string; readonly color?: string };
  /** Words that `when` clauses look for. */
  readonly contextValue: string;
  /** What a screen reader says. */
  readonly spoken: string;
  /** Run by a click or Enter, with this row as its argument. */
  readonly command: CommandId | undefined;
  readonly children: readonly Row[];
  /** Closed until somebody opens it. */
  readonly isFolded?: true;
  /** Set on a person and on what stands below them. */
  readonly peer?: Fingerprint;
  readonly transfer?: string;
  /** A shared item: mine, unless `peer` is set. */
  readonly item?: string;
}
