// The way back to the newest message, and how many have come meanwhile.

import { Icon } from './Icon.tsx';
import { useSurroundings } from './surroundings.ts';

interface Props {
  readonly unseen: number;
  readonly onPress: () => void;
}

export function JumpPill({ unseen, onPress }: Props) {
  const { format } = useSurroundings();
  const words = unseen === 1 ? '1 new message' : `${format.count(unseen)} new messages`;
  const label = unseen === 0 ? 'Go to the newest message' : words;
  return (
    <button type="button" class="jump-pill" aria-label={label} title={label} onClick={onPress}>
      <Icon name="arrow-down" />
      {unseen > 0 && <span>{words}</span>}
    </button>
  );
}
