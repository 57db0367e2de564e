// Something that can be done with a press, and what stands where the composer would be when nothing can be written.

import type { FromPanel } from '../../src/contract/panel.ts';
import type { IconName } from './icons.ts';

export interface Choice {
  readonly label: string;
  readonly icon: IconName;
  readonly intent: FromPanel;
}

export interface Gate {
  readonly icon: IconName;
  readonly tone?: 'warning';
  readonly title: string;
  readonly text: string;
  /** The first one is what most people want. */
  readonly choices: readonly Choice[];
}
