// A picture in a box of its final size: blur (or a sign, where there is none), then thumbnail, then the picture itself, each over
// the one before.

import { useMemo, useState } from 'preact/hooks';
import type { Transfer } from '../../../src/contract/transfer.ts';
import { fileUrl } from '../../model/fileUrl.ts';
import { type Box, isSmall } from '../../model/pictureBox.ts';
import { placeholderUrl } from '../../model/placeholder.ts';
import { isDoubtful, isOpenable } from '../../model/transferView.ts';
import { t } from '../../model/words.ts';
import { Icon } from '../controls/Icon.tsx';
import { useSurroundings } from '../controls/surroundings.ts';
import { wantsStillness } from '../controls/wantsStillness.ts';

interface Props {
  readonly transfer: Transfer;
  readonly box: Box;
}

export function Picture({ transfer, box }: Props) {
  const { send } = useSurroundings();
  const { id, name } = transfer;
  const size = { inlineSize: `${box.width}px`, aspectRatio: `${box.width} / ${box.height}` };
  const look = classesOf(transfer, box);
  const layers = <Layers transfer={transfer} />;
  if (!isOpenable(transfer))
    return (
      <div class={look} style={size}>
        {layers}
      </div>
    );
  return (
    <button
      type="button"
      class={look}
      style={size}
      aria-label={t('Open {0}', name)}
      title={t('Open {0}', name)}
      onClick={() => send({ kind: 'openFile', id })}
    >
      {layers}
    </button>
  );
}

function classesOf(transfer: Transfer, box: Box): string {
  const classes = ['picture'];
  if (isSmall(box)) classes.push('small');
  if (isDoubtful(transfer)) classes.push('doubtful');
  return classes.join(' ');
}

function Layers({ transfer }: { readonly transfer: Transfer }) {
  const { fileBase } = useSurroundings();
  const { placeholder, thumbnailPath, path, name } = transfer;
  const blur = useMemo(
    () => (placeholder === undefined ? undefined : placeholderUrl(placeholder)),
    [placeholder],
  );
  const full = isOpenable(transfer) && !isKeptStill(transfer) ? path : undefined;
  const sources = [thumbnailPath, full].map((at) => (at === undefined ? undefined : fileUrl(fileBase, at)));
  return (
    <>
      {blur === undefined ? <Icon name="file-media" /> : <img class="blur" src={blur} alt="" />}
      {sources.map((source) => source !== undefined && <Layer key={source} source={source} name={name} />)}
    </>
  );
}

/** Shows itself once it is decoded; stays away when it cannot be shown, so that the layer below remains. */
function Layer({ source, name }: { readonly source: string; readonly name: string }) {
  const [state, setState] = useState<'loading' | 'here' | 'absent'>('loading');
  if (state === 'absent') return null;
  return (
    <img
      class={`layer ${state}`}
      src={source}
      alt={name}
      loading="lazy"
      decoding="async"
      draggable={false}
      onLoad={() => setState('here')}
      onError={() => setState('absent')}
    />
  );
}

/** A moving picture stays its thumbnail for whoever asked for less motion; a click opens it. */
function isKeptStill({ mediaType, thumbnailPath }: Transfer): boolean {
  return mediaType === 'image/gif' && thumbnailPath !== undefined && wantsStillness();
}
