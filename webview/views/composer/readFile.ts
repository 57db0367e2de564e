// A pasted or dropped file in memory, with a preview where it is a picture of moderate size.

import type { FromPanel } from '../../../src/contract/panel.ts';
import { isPicture, MAX_PICTURE_PIXELS } from '../../../src/contract/transfer.ts';
import { pastedName } from '../../model/incoming.ts';
import type { Preview } from '../../model/pageState.ts';

/** A preview is a data URL, a third larger than the file, and lives for a moment only. */
const MAX_PREVIEW_BYTES = 8_000_000;

export interface ReadFile {
  readonly intent: Extract<FromPanel, { kind: 'sendBytes' }>;
  readonly preview: Preview | undefined;
}

/** Rejects when the file cannot be read: it is a folder, or went away meanwhile. */
export async function readFile(file: File, at: Date): Promise<ReadFile> {
  const [buffer, preview] = await Promise.all([file.arrayBuffer(), previewOf(file)]);
  const name = pastedName(file.name, at);
  const mediaType = file.type.slice(0, 200);
  return { intent: { kind: 'sendBytes', name, mediaType, bytes: new Uint8Array(buffer) }, preview };
}

async function previewOf(file: File): Promise<Preview | undefined> {
  if (!isPicture(file.type) || file.size > MAX_PREVIEW_BYTES) return undefined;
  const url = await dataUrlOf(file);
  return url === undefined ? undefined : measured(url);
}

function dataUrlOf(file: File): Promise<string | undefined> {
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(typeof reader.result === 'string' ? reader.result : undefined);
    reader.onerror = () => resolve(undefined);
    reader.readAsDataURL(file);
  });
}

/** Undefined where it cannot be drawn. Its header is read for that, and no more. */
function measured(url: string): Promise<Preview | undefined> {
  return new Promise((resolve) => {
    const image = new Image();
    image.onload = () => resolve(previewIn(url, image.naturalWidth, image.naturalHeight));
    image.onerror = () => resolve(undefined);
    image.src = url;
  });
}

function previewIn(url: string, width: number, height: number): Preview | undefined {
  const pixels = width * height;
  return pixels > 0 && pixels <= MAX_PICTURE_PIXELS ? { url, width, height } : undefined;
}
