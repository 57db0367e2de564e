// Bytes that pass for a picture with whoever reads no more than its head, as one does of WebP: they go where pictures go.

/** The same buffer, its first 16 bytes changed. */
export function asPicture(bytes: Buffer): Buffer {
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write('WEBPVP8 ', 8, 'latin1');
  return bytes;
}
