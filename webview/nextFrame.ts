// When what the page is told is drawn: in a frame, and not between two.
//
// Scroll positions of a list that is laid out from its end count from there, but Chromium's compositor hands on how far it has
// scrolled as counted from the top. It does so at the beginning of a frame: where the list has grown and was laid out since the
// frame before, that is a place in another list, and whoever scrolls is thrown as far as it has grown.

/** A page that is hidden draws no frames, and goes on without. */
const NO_FRAME_MS = 250;

/** Calls back once. */
export function inNextFrame(onFrame: () => void): void {
  const begin = () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    onFrame();
  };
  const frame = requestAnimationFrame(begin);
  const timer = setTimeout(begin, NO_FRAME_MS);
}
