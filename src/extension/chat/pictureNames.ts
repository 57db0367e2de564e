// Which endings pictures mostly have; what a file really is, the engine finds out by its bytes.

/** For file pickers. */
export const PICTURE_ENDINGS = [
  ...['png', 'jpg', 'jpeg', 'jpe', 'jfif'],
  ...['gif', 'webp', 'bmp', 'tif', 'tiff', 'avif'],
];
