// What there is to do while nothing has been said.

import type { Peer } from '../../../src/contract/peer.ts';
import { isolated } from '../../model/isolate.ts';
import { t } from '../../model/words.ts';
import { Icon } from '../controls/Icon.tsx';

export function EmptyConversation({ peer }: { readonly peer: Peer }) {
  const name = isolated(peer.name);
  return (
    <div class="empty">
      <Icon name="comment-discussion" />
      <p class="empty-title">{t('No messages with {0} yet', name)}</p>
      {peer.standing === 'accepted' && (
        <p>
          {t(
            'Write below, paste a screenshot, or hold Shift and drop a file here. It goes straight to {0}, encrypted.',
            name,
          )}
        </p>
      )}
    </div>
  );
}
