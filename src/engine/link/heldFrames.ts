// What is to be said in passing while the connection takes no more: of each thing the newest word, as it is only true now.

import type { AsideFrame, TransferFrame } from './linkMessages.ts';

export type PassingFrame = AsideFrame | TransferFrame;

/** All that a link keeps; the one that was said longest ago goes first. Whoever misses one asks again. */
const MAX_HELD = 256;

export class HeldFrames {
  readonly #frames = new Map<string, PassingFrame>();

  /** Some words are not worth keeping: their reader asks again (`fetchRefused`), or hears the next one soon (`typing`, `reading`). */
  hold(frame: PassingFrame): void {
    const about = aboutOf(frame);
    if (about === undefined) return;
    this.#frames.delete(about);
    this.#frames.set(about, frame);
    const [oldest] = this.#frames.keys();
    if (this.#frames.size > MAX_HELD && oldest !== undefined) this.#frames.delete(oldest);
  }

  /** Everything, in the order in which it was said. */
  takeAll(): readonly PassingFrame[] {
    const frames = [...this.#frames.values()];
    this.#frames.clear();
    return frames;
  }
}

/** Of frames with the same one only the newest is true. */
function aboutOf(frame: PassingFrame): string | undefined {
  switch (frame.kind) {
    case 'typing':
    case 'reading':
    case 'fetchRefused':
      return undefined;
    case 'shared':
      return 'shared';
    case 'fetch':
    case 'ready':
    case 'digest':
      return `${frame.kind} ${frame.transferId}`;
  }
}
