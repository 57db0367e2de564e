// The bits of one scan of a JPEG (ITU T.81, F.2.2), up to the next marker.

const FILL = 0xff;
const FIRST_RESTART = 0xd0;
const LAST_RESTART = 0xd7;
/** The longest code, and the longest number behind one. */
const LONGEST = 16;

export class BitsOfScan {
  readonly #data: Uint8Array;
  #at = 0;
  #bits = 0;
  #count = 0;
  /** Of these, how many were made up behind the end. */
  #padding = 0;

  constructor(data: Uint8Array) {
    this.#data = data;
  }

  /** By a table of jpegEighth.ts. Throws a RangeError where there is no such code. */
  symbol(table: Uint16Array | undefined): number {
    this.#fill();
    const entry = table?.[(this.#bits >>> (this.#count - LONGEST)) & 0xffff] ?? 0;
    if (entry === 0) throw new RangeError('no such code');
    this.#count -= entry >> 8;
    return entry & 0xff;
  }

  /** At most 16. */
  take(length: number): number {
    this.#fill();
    this.#count -= length;
    return (this.#bits >>> this.#count) & ((1 << length) - 1);
  }

  skip(length: number): void {
    this.#fill();
    this.#count -= length;
  }

  /** F.2.2.1, EXTEND. */
  difference(length: number): number {
    if (length > LONGEST) throw new RangeError('no such difference');
    const value = this.take(length);
    return length === 0 || value >> (length - 1) === 1 ? value : value - (1 << length) + 1;
  }

  /** Throws a RangeError where more was read than is there. */
  expectEnough(): void {
    if (this.#count < this.#padding) throw new RangeError('cut off');
  }

  /** To behind the next restart marker. */
  restart(): void {
    const data = this.#data;
    [this.#bits, this.#count, this.#padding] = [0, 0, 0];
    for (; this.#at + 1 < data.length; this.#at++) {
      if (data[this.#at] !== FILL || !isRestart(data[this.#at + 1])) continue;
      this.#at += 2;
      return;
    }
    throw new RangeError('no restart');
  }

  /** To at least 16 bits; at most 24 are held. */
  #fill(): void {
    while (this.#count < LONGEST) {
      this.#bits = (this.#bits << 8) | this.#next();
      this.#count += 8;
    }
  }

  #next(): number {
    const byte = this.#data[this.#at];
    const next = this.#data[this.#at + 1];
    if (byte === undefined || (byte === FILL && next !== 0)) {
      this.#padding += 8;
      return 0;
    }
    this.#at += byte === FILL ? 2 : 1;
    return byte;
  }
}

function isRestart(byte: number | undefined): boolean {
  return byte !== undefined && byte >= FIRST_RESTART && byte <= LAST_RESTART;
}
