// Stands where the composer would be when nothing can be written, and says why and what to do.

import type { Choice, Gate } from '../../model/choice.ts';
import { Icon } from '../controls/Icon.tsx';
import { StepButton, usePlace } from '../controls/StepButton.tsx';
import { useChoosing } from '../controls/surroundings.ts';

export function GateCard({ gate: { icon, tone, title, text, choices } }: { readonly gate: Gate }) {
  const choose = useChoosing();
  const place = usePlace();
  return (
    <section class={`gate ${tone ?? ''}`} aria-label={title}>
      <Icon name={icon} />
      <div class="gate-words">
        <h2>{title}</h2>
        <p>{text}</p>
      </div>
      <div class="actions">
        {choices.map((choice, i) => (
          <StepButton
            // By its place: what is pressed makes way for another one there, and keeps the focus.
            key={i}
            place={place}
            label={choice.label}
            icon={choice.icon}
            look={i === 0 && isStep(choice) ? 'main' : 'secondary'}
            onPress={() => choose(choice)}
          />
        ))}
      </div>
    </section>
  );
}

/** Taking something back, such as a question or a block, is not what most people are here for. */
function isStep({ intent }: Choice): boolean {
  return (
    intent.kind === 'connect' ||
    intent.kind === 'wayOut' ||
    (intent.kind === 'trust' && intent.wish !== 'unblock')
  );
}
