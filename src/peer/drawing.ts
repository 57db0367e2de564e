// The demo peer's pictures: one that it draws, and one that came to it, changed. PNG both.

import { Jimp } from 'jimp';

const WIDTH = 480;
const HEIGHT = 320;
/** Decoding takes some bytes for each pixel; larger pictures go back as they came. */
const MAX_PIXELS = 40_000_000;

/** Rings in three colours around a place that depends on `turn`, so that no two pictures in a row are alike. */
export async function drawn(turn: number): Promise<Buffer> {
  const image = new Jimp({ width: WIDTH, height: HEIGHT });
  const centre = { x: WIDTH * (0.5 + 0.3 * Math.cos(turn)), y: HEIGHT * (0.5 + 0.3 * Math.sin(turn)) };
  const { data } = image.bitmap;
  for (let at = 0; at < data.length; at += 4) {
    const pixel = at / 4;
    const distance = Math.hypot((pixel % WIDTH) - centre.x, Math.floor(pixel / WIDTH) - centre.y);
    data.set([wave(distance / 9), wave(distance / 14 + turn), wave(distance / 23 + 2), 255], at);
  }
  return image.getBuffer('image/png');
}

/** The picture mirrored and grey; undefined where it cannot be decoded or is too large to. */
export async function mirroredGrey(picture: Buffer, pixels: number): Promise<Buffer | undefined> {
  if (pixels > MAX_PIXELS) return undefined;
  try {
    const image = await Jimp.fromBuffer(picture);
    return await image.flip({ horizontal: true, vertical: false }).greyscale().getBuffer('image/png');
  } catch {
    // Jimp has no error of its own for what is not a picture.
    return undefined;
  }
}

function wave(at: number): number {
  return Math.round(150 + 90 * Math.sin(at));
}
