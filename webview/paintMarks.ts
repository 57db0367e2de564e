// How long a conversation takes from the extension's word to the screen, for whoever measures: a performance measure named
// FIRST_PAINT, once in a page's life.

export const FIRST_PAINT = 'hamta.firstPaint';
const SHOWN = 'hamta.shown';

/** The extension has said everything; before anything is made of it. */
export function markShown(): void {
  if (performance.getEntriesByName(SHOWN).length === 0) performance.mark(SHOWN);
}

/** Something of it has just been drawn; it is on the screen when the next frame has been. */
export function measureFirstPaint(): void {
  requestAnimationFrame(() => {
    const afterPaint = new MessageChannel();
    afterPaint.port1.onmessage = () => {
      afterPaint.port1.close();
      performance.measure(FIRST_PAINT, SHOWN);
    };
    afterPaint.port2.postMessage(undefined);
  });
}
