// A pasted or dropped file from the moment of pasting until the extension has made it an offer. It is as high as the card of that
// offer, so that nothing moves when that takes its place: what there is to say then has its room already.

import type { Preparing, Preview } from '../../model/pageState.ts';
import { isSmall, pictureBox } from '../../model/pictureBox.ts';
import { t } from '../../model/words.ts';
import { Icon } from '../controls/Icon.tsx';
import { useSurroundings } from '../controls/surroundings.ts';

interface Props {
  readonly item: Preparing;
  /** As its message will. */
  readonly startsGroup: boolean;
}

export function PreparingCard({ item: { name, sizeBytes, preview }, startsGroup }: Props) {
  const { format } = useSurroundings();
  const size = format.bytes(sizeBytes);
  const facts = preview ? t('{0} · {1}', format.pixels(preview.width, preview.height), size) : size;
  return (
    <div class={`row mine${startsGroup ? ' starts' : ''}`}>
      <div class="content">
        <section class={`card${preview ? ' with-picture' : ''}`} aria-label={t('Preparing {0}', name)}>
          {preview && <PreviewBox name={name} preview={preview} />}
          <div class="card-body">
            <div class="caption">
              {!preview && <Icon name="file" />}
              <div class="caption-words">
                <bdi class="file-name">{name}</bdi> <span class="facts">{facts}</span>
              </div>
            </div>
            <div class="card-status">
              <Icon name="loading" />
              {t('preparing')}
            </div>
            {preview && <div class="card-note to-come">{t('without location and camera data')}</div>}
            <div class="actions to-come">
              <span class="button link">{t('Cancel')}</span>
            </div>
          </div>
        </section>
        <span class="meta to-come">{format.time(0)}</span>
      </div>
    </div>
  );
}

function PreviewBox({ name, preview }: { readonly name: string; readonly preview: Preview }) {
  const box = pictureBox(preview.width, preview.height);
  const size = { inlineSize: `${box.width}px`, aspectRatio: `${box.width} / ${box.height}` };
  return (
    <div class={`picture${isSmall(box) ? ' small' : ''}`} style={size}>
      <img class="preview" src={preview.url} alt={name} />
    </div>
  );
}
