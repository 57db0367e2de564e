// What a person should know of pictures before they share them: what goes with them. By the name here; what goes is decided by the bytes.

import path from 'node:path';
import type { Say } from '../../contract/failure.ts';
import { PICTURE_ENDINGS } from '../chat/pictureNames.ts';

/** Nobody here can take anything out of these. */
const KEPT_ENDINGS = ['bmp', 'tif', 'tiff', 'avif', 'heic', 'heif'];

/** Undefined where none of them looks like a picture. */
export function pictureHint(paths: readonly string[], t: Say): string | undefined {
  const endings = paths.map((each) => path.extname(each).slice(1).toLowerCase());
  if (endings.some((ending) => KEPT_ENDINGS.includes(ending)))
    return t('TIFF, BMP, AVIF and HEIC pictures go as they are, and may say where they were taken');
  return endings.some((ending) => PICTURE_ENDINGS.includes(ending))
    ? t('Pictures go without location and camera data')
    : undefined;
}
