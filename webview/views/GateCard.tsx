// Stands where the composer would be when nothing can be written, and says why and what to do.

import type { Gate } from '../model/peerView.ts';
import { Button } from './Button.tsx';
import { Icon } from './Icon.tsx';
import { useChoosing } from './surroundings.ts';

export function GateCard({ gate: { icon, title, text, choice } }: { readonly gate: Gate }) {
  const choose = useChoosing();
  return (
    <section class="gate" aria-label={title}>
      <Icon name={icon} />
      <div class="gate-words" role="status">
        <h2>{title}</h2>
        <p>{text}</p>
      </div>
      {choice !== undefined && (
        <div class="actions">
          <Button
            label={choice.label}
            icon={choice.icon}
            look={choice.intent.kind === 'connect' ? 'main' : 'secondary'}
            onPress={() => choose(choice)}
          />
        </div>
      )}
    </section>
  );
}
