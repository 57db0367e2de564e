// A pasted or dropped file from the moment of pasting until the extension has made it an offer.

import type { Preparing } from '../../model/pageState.ts';
import { t } from '../../model/words.ts';
import { Icon } from '../controls/Icon.tsx';

export function PreparingCard({ item: { name, preview } }: { readonly item: Preparing }) {
  return (
    <div class="row mine starts">
      <section class="card" aria-label={t('Preparing {0}', name)}>
        {preview !== undefined && <img class="preview" src={preview} alt={name} />}
        <div class="card-body">
          <div class="caption">
            <Icon name="loading" />
            <bdi class="file-name">{name}</bdi>
          </div>
          <div class="card-status">{t('preparing')}</div>
        </div>
      </section>
    </div>
  );
}
