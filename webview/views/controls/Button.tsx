// A button with an icon, words, or both. It has a name in each case.

import type { IconName } from '../../model/icons.ts';
import { Icon } from './Icon.tsx';

export interface ButtonProps {
  readonly label: string;
  readonly icon?: IconName | undefined;
  /** `icon`: no words. `link`: words like a link. */
  readonly look?: 'main' | 'secondary' | 'link' | 'icon';
  readonly isDisabled?: boolean;
  /** It looks and sounds disabled, and keeps the focus. What it does then is up to `onPress`. */
  readonly isResting?: boolean;
  readonly tooltip?: string | undefined;
  readonly onPress: (event: MouseEvent) => void;
}

export function Button(props: ButtonProps) {
  const { label, icon, look = 'secondary', isDisabled = false, isResting = false, tooltip, onPress } = props;
  const isBare = look === 'icon';
  return (
    <button
      type="button"
      class={`button ${look}`}
      aria-label={label}
      title={tooltip ?? (isBare ? label : undefined)}
      disabled={isDisabled}
      aria-disabled={isResting || undefined}
      onClick={onPress}
      onKeyDown={pressOnce}
    >
      {icon !== undefined && <Icon name={icon} />}
      {!isBare && <span class="label">{label}</span>}
    </button>
  );
}

/** Enter that is held would press again and again. */
function pressOnce(event: KeyboardEvent): void {
  if (event.key === 'Enter' && event.repeat) event.preventDefault();
}
