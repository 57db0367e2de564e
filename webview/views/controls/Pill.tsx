// A button that leads somewhere in the list: over its upper edge, or in the strip below it.

import type { IconName } from '../../model/icons.ts';
import { Icon } from './Icon.tsx';

interface Props {
  readonly icon: Extract<IconName, 'arrow-up' | 'arrow-down'>;
  readonly words: string | undefined;
  /** Where there are no words. */
  readonly label?: string;
  readonly onPress: () => void;
}

export function Pill({ icon, words, label, onPress }: Props) {
  const name = words ?? label;
  return (
    <button
      type="button"
      class={`jump-pill${icon === 'arrow-up' ? ' up' : ''}`}
      aria-label={name}
      title={name}
      onClick={onPress}
    >
      <Icon name={icon} />
      {words !== undefined && <span>{words}</span>}
    </button>
  );
}
