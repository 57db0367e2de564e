// A button with an icon, words, or both. It has a name in each case.

import type { IconName } from '../../model/icons.ts';
import { Icon } from './Icon.tsx';

interface Props {
  readonly label: string;
  readonly icon?: IconName | undefined;
  /** `icon`: no words. `link`: words like a link. */
  readonly look?: 'main' | 'secondary' | 'link' | 'icon';
  readonly isDisabled?: boolean;
  readonly tooltip?: string | undefined;
  readonly onPress: (event: MouseEvent) => void;
}

export function Button(props: Props) {
  const { label, icon, look = 'secondary', isDisabled = false, tooltip, onPress } = props;
  const isBare = look === 'icon';
  return (
    <button
      type="button"
      class={`button ${look}`}
      aria-label={label}
      title={tooltip ?? (isBare ? label : undefined)}
      disabled={isDisabled}
      onClick={onPress}
    >
      {icon !== undefined && <Icon name={icon} />}
      {!isBare && <span class="label">{label}</span>}
    </button>
  );
}
