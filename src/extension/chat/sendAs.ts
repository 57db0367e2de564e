// As what something is sent. A name decides nothing: a camera's picture may be called anything, and says where it was taken all the same.

import type { ParamsOf } from '../../contract/commands.ts';

/** `whatItIs`: as a picture where its bytes are one, else as a file. */
export type SendAs = 'picture' | 'file' | 'whatItIs';

export const AS_PICTURE: Readonly<Record<SendAs, ParamsOf<'offerFile'>['asPicture']>> = {
  picture: true,
  file: false,
  whatItIs: 'ifItIsOne',
};
