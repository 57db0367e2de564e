// What is told of a picture without opening it: in an offer, and in the chat before the picture is there.

export interface PictureDescription {
  /** By the bytes, not by the name; one of those `pictureHeaderOf` knows. */
  readonly mediaType: string;
  /** In pixels, as it is shown (EXIF orientation applied); undefined where the header cannot be read. */
  readonly width: number | undefined;
  readonly height: number | undefined;
  /** ThumbHash, base64; undefined where the picture could not be decoded. */
  readonly placeholder: string | undefined;
  readonly thumbnail: Thumbnail | undefined;
}

/** At most THUMBNAIL_SIDE pixels a side and MAX_THUMBNAIL_BYTES long; nothing of the picture's metadata is in it. */
export interface Thumbnail {
  /** PNG where something is transparent and it fits, else JPEG. */
  readonly mediaType: 'image/png' | 'image/jpeg';
  readonly bytes: Uint8Array;
}
