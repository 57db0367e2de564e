// Somebody wants to connect and waits for my answer.

import { isolated } from '../../model/isolate.ts';
import { t } from '../../model/words.ts';
import { Icon } from '../controls/Icon.tsx';
import { StepButton, usePlace } from '../controls/StepButton.tsx';
import { useSurroundings } from '../controls/surroundings.ts';

export function ConnectionCard({ name }: { readonly name: string }) {
  const { send } = useSurroundings();
  const place = usePlace();
  const answer = (accept: boolean) => () => send({ kind: 'answerConnection', accept });
  const title = t('{0} wants to connect', isolated(name));
  return (
    <section class="gate question" aria-label={title}>
      <Icon name="person-add" />
      <div class="gate-words">
        <h2>{title}</h2>
        <p>{t('If you accept, you can write to each other. Files are still asked for one by one.')}</p>
      </div>
      <div class="actions">
        <StepButton place={place} label={t('Accept')} icon="check" look="main" onPress={answer(true)} />
        <StepButton place={place} label={t('Reject')} icon="close" onPress={answer(false)} />
      </div>
    </section>
  );
}
