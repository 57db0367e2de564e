// How much of two screenshots of one place differs for the eye.

import type { Page } from 'playwright-core';

/** Of 255. Less is the smoothing of edges. */
const SEEN = 40;

/** `page`: any, which compares them. Both have one size. */
export function differingPixels(page: Page, one: Buffer, other: Buffer): Promise<number> {
  return page.evaluate(
    async ([seen, ...pictures]) => {
      const [a, b] = await Promise.all(pictures.map(pixelsOf));
      let count = 0;
      for (let i = 0; i < (a?.length ?? 0); i += 4)
        if ([0, 1, 2].some((at) => Math.abs((a?.[i + at] ?? 0) - (b?.[i + at] ?? 0)) > seen)) count += 1;
      return count;

      async function pixelsOf(base64: string) {
        const image = new Image();
        image.src = `data:image/png;base64,${base64}`;
        await image.decode();
        const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d');
        canvas?.drawImage(image, 0, 0);
        return canvas?.getImageData(0, 0, image.width, image.height).data;
      }
    },
    [SEEN, one.toString('base64'), other.toString('base64')] as const,
  );
}
