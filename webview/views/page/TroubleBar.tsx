// The last thing that did not work, above the composer until it is dismissed or something is sent.

import type { Trouble } from '../../model/pageState.ts';
import { t } from '../../model/words.ts';
import { Button } from '../controls/Button.tsx';
import { Icon } from '../controls/Icon.tsx';
import { useSurroundings } from '../controls/surroundings.ts';

export function TroubleBar({ trouble }: { readonly trouble: Trouble | undefined }) {
  return <div role="alert">{trouble !== undefined && <Bar {...trouble} />}</div>;
}

function Bar({ text, isCalm = false, action }: Trouble) {
  const { send, dispatch } = useSurroundings();
  return (
    <div class={`notice trouble${isCalm ? ' calm' : ''}`}>
      <Icon name={isCalm ? 'info' : 'error'} />
      <span class="notice-text">{text}</span>
      {action !== undefined && (
        <Button label={action.label} look="link" onPress={() => send(action.intent)} />
      )}
      <Button
        label={t('Dismiss')}
        icon="close"
        look="icon"
        onPress={() => dispatch({ kind: 'troubleDismissed' })}
      />
    </div>
  );
}
