// How an engine shows a window that it is the one of their data folder: another account, which may have been first at the name of
// the pipe, cannot read the key that lies there.

/** In the data folder, for its account only: the engine's key and certificate, PEM. */
export const IDENTITY_FILE = 'identity.pem';

/** What the engine signs (ECDSA over SHA-256, r || s) for a window that says `challenge`. Nothing else that its key signs begins so. */
export function provenText(challenge: string): string {
  return `hamta engine of this folder 1\0${challenge}`;
}
