// A JPEG at an eighth of its size, for what is made small anyway: of each block only its average is kept (the DC coefficient,
// ITU T.81, A.3.3), which takes a sixth of the time and little memory. Huffman coded, 8 bits, grey or three colours.

import { MAX_PICTURE_PIXELS } from '../../contract/transfer.ts';
import { BitsOfScan } from './jpegBits.ts';
import {
  APP0,
  APP14,
  CODED_DATA,
  type JpegPart,
  jpegParts,
  START_OF_SCAN,
  startsWith,
} from './jpegSegments.ts';
import type { PictureSize } from './pictureSize.ts';
import type { Bitmap } from './upright.ts';

const BASELINE = 0xc0;
const EXTENDED = 0xc1;
const PROGRESSIVE = 0xc2;
const HUFFMAN_TABLES = 0xc4;
const QUANTIZATION_TABLES = 0xdb;
const RESTART_INTERVAL = 0xdd;
/** Marker and length. */
const HEAD_BYTES = 4;
const BLOCK_SIDE = 8;
const BLOCK_COEFFICIENTS = 64;
/** Behind the name `Adobe`, a version and two words of flags. */
const ADOBE_TRANSFORM_AT = HEAD_BYTES + 11;
const RGB = [0x52, 0x47, 0x42];

interface Sampling {
  /** Blocks in a unit of a scan of several components. */
  readonly across: number;
  readonly down: number;
}

interface Component extends Sampling {
  readonly id: number;
  readonly quantization: number;
  /** Of all blocks, those that only fill the last units included. */
  readonly averages: Int32Array;
  readonly stride: number;
  /** Without those. */
  readonly columns: number;
  readonly rows: number;
  last: number;
}

interface Frame {
  readonly isProgressive: boolean;
  readonly width: number;
  readonly height: number;
  readonly unitsAcross: number;
  readonly unitsDown: number;
  /** Of all components. */
  readonly most: Sampling;
  readonly components: readonly Component[];
}

/** What was said so far. */
interface Said {
  frame?: Frame | undefined;
  /** The first entry of each table. */
  readonly quantization: number[];
  /** By class and number, as in the segment. */
  readonly huffman: Map<number, Uint16Array>;
  restartInterval: number;
  /** By JFIF or Adobe; else the names of the components say it. */
  colours?: 'rgb' | 'ycc';
}

/** Undefined for what is coded in another way; throws a RangeError where it is broken or cut off. */
export function jpegEighth(file: Uint8Array): Bitmap | undefined {
  const said: Said = { quantization: [], huffman: new Map(), restartInterval: 0 };
  let scan: JpegPart | undefined;
  let hasScan = false;
  for (const part of jpegParts(file)) {
    if (part.marker === CODED_DATA) {
      if (said.frame === undefined || scan === undefined) return undefined;
      decodeScan(said, said.frame, scan, part.bytes);
      hasScan = true;
    } else if (part.marker === START_OF_SCAN) scan = part;
    else if (!heed(said, part)) return undefined;
  }
  return said.frame !== undefined && hasScan ? bitmapOf(said, said.frame) : undefined;
}

/** False for a frame that is coded in another way. */
function heed(said: Said, part: JpegPart): boolean {
  const { marker, bytes } = part;
  const data = new DataView(bytes.buffer, bytes.byteOffset + 2, bytes.length - 2);
  if (marker === HUFFMAN_TABLES) readHuffman(said, bytes);
  else if (marker === QUANTIZATION_TABLES) readQuantization(said, data);
  else if (marker === RESTART_INTERVAL) said.restartInterval = data.getUint16(2);
  else if (marker === APP14 && startsWith(part, 'Adobe'))
    said.colours ??= bytes[ADOBE_TRANSFORM_AT] === 0 ? 'rgb' : 'ycc';
  else if (marker === APP0 && startsWith(part, 'JFIF\0')) said.colours ??= 'ycc';
  else if (marker === BASELINE || marker === EXTENDED || marker === PROGRESSIVE) {
    if (said.frame !== undefined) return false;
    said.frame = frameOf(data, marker === PROGRESSIVE);
    return said.frame !== undefined;
  } else return !(marker > PROGRESSIVE && marker <= 0xcf);
  return true;
}

function frameOf(data: DataView, isProgressive: boolean): Frame | undefined {
  const [height, width, count] = [data.getUint16(3), data.getUint16(5), data.getUint8(7)];
  const isKnown = data.getUint8(2) === 8 && (count === 1 || count === 3);
  if (!isKnown || width * height === 0 || width * height > MAX_PICTURE_PIXELS) return undefined;
  const at = (i: number) => 8 + 3 * i;
  const all = Array.from({ length: count }, (_, i) => ({
    id: data.getUint8(at(i)),
    across: data.getUint8(at(i) + 1) >> 4,
    down: data.getUint8(at(i) + 1) & 15,
    quantization: data.getUint8(at(i) + 2),
  }));
  if (all.some(({ across, down }) => across < 1 || across > 4 || down < 1 || down > 4))
    throw new RangeError('no such sampling');
  const most = mostOf(all);
  const unitsAcross = Math.ceil(width / (BLOCK_SIDE * most.across));
  const unitsDown = Math.ceil(height / (BLOCK_SIDE * most.down));
  const components = all.map((one) => ({
    ...one,
    averages: new Int32Array(unitsAcross * one.across * unitsDown * one.down),
    stride: unitsAcross * one.across,
    columns: Math.ceil(Math.ceil((width * one.across) / most.across) / BLOCK_SIDE),
    rows: Math.ceil(Math.ceil((height * one.down) / most.down) / BLOCK_SIDE),
    last: 0,
  }));
  return { isProgressive, width, height, unitsAcross, unitsDown, most, components };
}

function mostOf(all: readonly Sampling[]): Sampling {
  return { across: Math.max(...all.map((one) => one.across)), down: Math.max(...all.map((one) => one.down)) };
}

function readQuantization({ quantization }: Said, data: DataView): void {
  for (let at = 2; at < data.byteLength; ) {
    const isLong = data.getUint8(at) >> 4 === 1;
    quantization[data.getUint8(at) & 15] = isLong ? data.getUint16(at + 1) : data.getUint8(at + 1);
    at += 1 + BLOCK_COEFFICIENTS * (isLong ? 2 : 1);
  }
}

/** For each 16 bits that may come: the length of the code that they begin with, and its value. */
function readHuffman({ huffman }: Said, bytes: Uint8Array): void {
  for (let at = HEAD_BYTES; at < bytes.length; ) {
    const table = new Uint16Array(1 << 16);
    const lengths = bytes.subarray(at + 1, at + 17);
    const values = at + 17;
    let [filled, value] = [0, values];
    lengths.forEach((count, i) => {
      const each = 1 << (15 - i);
      for (let n = 0; n < count; n++, filled += each) {
        if (filled + each > table.length || value >= bytes.length) throw new RangeError('no such codes');
        table.fill(((i + 1) << 8) | (bytes[value++] as number), filled, filled + each);
      }
    });
    huffman.set(bytes[at] as number, table);
    at = value;
  }
}

interface Coded {
  readonly component: Component;
  readonly averages: Uint16Array | undefined;
  readonly others: Uint16Array | undefined;
}

function decodeScan(said: Said, frame: Frame, { bytes }: JpegPart, data: Uint8Array): void {
  const count = bytes[HEAD_BYTES] ?? 0;
  if (count < 1 || count > frame.components.length) throw new RangeError('no such scan');
  const behind = HEAD_BYTES + 1 + 2 * count;
  const [start = 0, shifts = 0] = [bytes[behind], bytes[behind + 2]];
  // The rest of a progressive picture.
  if (frame.isProgressive && start > 0) return;
  const coded = Array.from({ length: count }, (_, i): Coded => {
    const [id, tables = 0] = bytes.subarray(HEAD_BYTES + 1 + 2 * i);
    const component = frame.components.find((one) => one.id === id);
    if (component === undefined) throw new RangeError('no such component');
    return {
      component,
      averages: said.huffman.get(tables >> 4),
      others: said.huffman.get(16 | (tables & 15)),
    };
  });
  const bits = new BitsOfScan(data);
  const read = frame.isProgressive
    ? progressiveReader(bits, shifts >> 4 > 0, shifts & 15)
    : sequentialReader(bits);
  let left = said.restartInterval;
  forEachUnit(frame, coded, (unit) => {
    if (said.restartInterval > 0 && left-- === 0) {
      bits.restart();
      for (const { component } of coded) component.last = 0;
      left = said.restartInterval - 1;
    }
    unit(read);
    bits.expectEnough();
  });
  for (const { component } of coded) component.last = 0;
}

type ReadBlock = (coded: Coded, at: number) => void;

/** One component alone comes block by block; several come in units of some blocks of each (A.2). */
function forEachUnit(
  frame: Frame,
  coded: readonly Coded[],
  visit: (unit: (read: ReadBlock) => void) => void,
): void {
  const [alone] = coded;
  if (alone !== undefined && coded.length === 1) {
    const { rows, columns, stride } = alone.component;
    for (let y = 0; y < rows; y++)
      for (let x = 0; x < columns; x++) visit((read) => read(alone, y * stride + x));
    return;
  }
  for (let y = 0; y < frame.unitsDown; y++)
    for (let x = 0; x < frame.unitsAcross; x++)
      visit((read) => {
        for (const each of coded) {
          const { across, down, stride } = each.component;
          for (let v = 0; v < down; v++)
            for (let h = 0; h < across; h++) read(each, (y * down + v) * stride + x * across + h);
        }
      });
}

function sequentialReader(bits: BitsOfScan): ReadBlock {
  return ({ component, averages, others }, at) => {
    component.last += bits.difference(bits.symbol(averages));
    component.averages[at] = component.last;
    for (let i = 1; i < BLOCK_COEFFICIENTS; ) {
      const symbol = bits.symbol(others);
      const length = symbol & 15;
      if (length === 0 && symbol >> 4 < 15) return;
      bits.skip(length);
      i += (symbol >> 4) + 1;
    }
  };
}

function progressiveReader(bits: BitsOfScan, isRefined: boolean, shift: number): ReadBlock {
  return ({ component, averages }, at) => {
    if (isRefined) component.averages[at] = (component.averages[at] as number) | (bits.take(1) << shift);
    else {
      component.last += bits.difference(bits.symbol(averages));
      component.averages[at] = component.last << shift;
    }
  };
}

function bitmapOf({ quantization, colours }: Said, frame: Frame): Bitmap {
  const width = Math.ceil(frame.width / BLOCK_SIDE);
  const height = Math.ceil(frame.height / BLOCK_SIDE);
  const samples = frame.components.map((component) =>
    samplesOf(component, frame.most, { width, height }, factorOf(quantization[component.quantization])),
  );
  const [first, second, third] = samples as [Uint8ClampedArray, Uint8ClampedArray?, Uint8ClampedArray?];
  const isRgb =
    colours === 'rgb' || (colours === undefined && frame.components.every(({ id }, i) => id === RGB[i]));
  const data = Buffer.alloc(4 * width * height, 255);
  const pixel = new Uint8ClampedArray(3);
  for (let i = 0; i < first.length; i++) {
    const [a = 0, b = 128, c = 128] = [first[i], second?.[i], third?.[i]];
    if (third === undefined) pixel.fill(a);
    else if (isRgb) pixel.set([a, b, c]);
    // JFIF 1.02, page 3.
    else
      pixel.set([
        a + 1.402 * (c - 128),
        a - 0.344136 * (b - 128) - 0.714136 * (c - 128),
        a + 1.772 * (b - 128),
      ]);
    data.set(pixel, 4 * i);
  }
  return { width, height, data };
}

function factorOf(firstEntry: number | undefined): number {
  if (firstEntry === undefined) throw new RangeError('no quantization table');
  return firstEntry / BLOCK_SIDE;
}

/** One for each pixel. */
function samplesOf(
  { averages, stride, across, down }: Component,
  most: Sampling,
  { width, height }: PictureSize,
  factor: number,
): Uint8ClampedArray {
  const samples = new Uint8ClampedArray(width * height);
  for (let y = 0; y < height; y++) {
    const row = stride * Math.floor((y * down) / most.down);
    for (let x = 0; x < width; x++)
      samples[y * width + x] =
        128 + factor * (averages[row + Math.floor((x * across) / most.across)] as number);
  }
  return samples;
}
