// Beside the name of somebody whose safety code my person has compared.

import type { Peer } from '../../../src/contract/peer.ts';
import { verifiedView } from '../../model/trustView.ts';
import { Icon } from './Icon.tsx';
import { useSurroundings } from './surroundings.ts';

export function VerifiedMark({ peer }: { readonly peer: Peer }) {
  const { format } = useSurroundings();
  const view = verifiedView(peer, format);
  return view === undefined ? null : <Icon name={view.icon} label={view.label} class="verified" />;
}
