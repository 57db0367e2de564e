// A pasted or dropped file in memory, with a preview where it is a picture of moderate size.

import type { FromPanel } from '../../../src/contract/panel.ts';
import { isPicture } from '../../../src/contract/transfer.ts';
import { pastedName } from '../../model/incoming.ts';

/** A preview is a data URL, a third larger than the file, and lives for a moment only. */
const MAX_PREVIEW_BYTES = 8_000_000;

export interface ReadFile {
  readonly intent: Extract<FromPanel, { kind: 'sendBytes' }>;
  readonly preview: string | undefined;
}

/** Rejects when the file cannot be read: it is a folder, or went away meanwhile. */
export async function readFile(file: File, at: Date): Promise<ReadFile> {
  const [buffer, preview] = await Promise.all([file.arrayBuffer(), previewOf(file)]);
  const name = pastedName(file.name, at);
  const mediaType = file.type.slice(0, 200);
  return { intent: { kind: 'sendBytes', name, mediaType, bytes: new Uint8Array(buffer) }, preview };
}

function previewOf(file: File): Promise<string | undefined> {
  if (!isPicture(file.type) || file.size > MAX_PREVIEW_BYTES) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(typeof reader.result === 'string' ? reader.result : undefined);
    reader.onerror = () => resolve(undefined);
    reader.readAsDataURL(file);
  });
}
