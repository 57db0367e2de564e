// The parts of a picture file, in a list with a bound: a hostile file can consist of millions of empty ones.

/** A long animation has some thousands, a PNG in pieces of 8 KiB as large as is taken apart here 8,192. */
const MAX_PARTS = 65_536;

/** Throws a RangeError for more than MAX_PARTS, as the readers of parts do for what is broken. */
export function listOf<Part>(parts: Iterable<Part>): Part[] {
  const list: Part[] = [];
  for (const part of parts) {
    if (list.length === MAX_PARTS) throw new RangeError('too many parts');
    list.push(part);
  }
  return list;
}
