// A file of mine that is still being opened: its session can begin meanwhile, and both ends meet. What is asked of it waits.

import type { Source } from '../carriers/carrier.ts';

/** Whoever has made the promise hears of its rejection, too. */
export function openingSource(opening: Promise<Source>): Source {
  let opened: Source | undefined;
  const source = opening.then((each) => {
    opened = each;
    return each;
  });
  source.catch(() => undefined);
  return {
    // No promise more for each block.
    read: (offset, length) =>
      opened?.read(offset, length) ?? source.then((each) => each.read(offset, length)),
    recycle: (buffer) => opened?.recycle(buffer),
    digest: async (onRead) => (await source).digest(onRead),
    close: () =>
      source.then(
        (each) => each.close(),
        () => undefined,
      ),
  };
}
