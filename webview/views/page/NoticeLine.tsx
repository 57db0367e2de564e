// The thin line under the header: why messages do not flow just now.

import type { Notice } from '../../model/peerView.ts';
import { Icon } from '../controls/Icon.tsx';
import { StepButton, usePlace } from '../controls/StepButton.tsx';
import { useChoosing } from '../controls/surroundings.ts';

/** The element stays while there is nothing to say: a screen reader hears only what changes inside of one. */
export function NoticeLine({ notice }: { readonly notice: Notice | undefined }) {
  return <div role="status">{notice !== undefined && <Line {...notice} />}</div>;
}

function Line({ icon, tone, text, tooltip, choices = [] }: Notice) {
  const choose = useChoosing();
  const place = usePlace();
  return (
    <div class={`notice ${tone}`} title={tooltip}>
      <Icon name={icon} />
      <span class="notice-text">{text}</span>
      {choices.map((choice, i) => (
        // By its place, as on the gate.
        <StepButton key={i} place={place} label={choice.label} look="link" onPress={() => choose(choice)} />
      ))}
    </div>
  );
}
