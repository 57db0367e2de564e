// Which file names promise a picture; what a file really is, the engine finds out.

/** Endings of pictures, for file pickers. */
export const PICTURE_ENDINGS = ['png', 'jpg', 'jpeg', 'gif', 'webp', 'bmp', 'tif', 'tiff', 'avif'];

export function isNamedLikePicture(name: string): boolean {
  const ending = /\.([^./\\]+)$/.exec(name)?.[1] ?? '';
  return PICTURE_ENDINGS.includes(ending.toLowerCase());
}
