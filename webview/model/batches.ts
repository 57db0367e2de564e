// What comes alone is handed over in the next frame, what comes in a flood in batches: each hand-over draws the page anew, and
// somebody who was away for long gets hundreds of messages in a second.

/** Calls back once, later. */
export type StartTimer = (ms: number, onTime: () => void) => void;

/** Calls back once, in the next frame. */
export type StartFrame = (onFrame: () => void) => void;

export interface Pace {
  readonly everyMs: number;
  readonly startTimer: StartTimer;
  readonly startFrame: StartFrame;
}

/** Takes items one by one; `take` gets all of them, in order, in a frame, at most once every `everyMs`. */
export function inBatches<Item>(
  { everyMs, startTimer, startFrame }: Pace,
  take: (items: readonly Item[]) => void,
): (item: Item) => void {
  let waiting: Item[] = [];
  let isAwaited = false;
  const handOver = () => {
    const items = waiting;
    waiting = [];
    startTimer(everyMs, () => {
      isAwaited = waiting.length > 0;
      if (isAwaited) startFrame(handOver);
    });
    take(items);
  };
  return (item) => {
    waiting.push(item);
    if (isAwaited) return;
    isAwaited = true;
    startFrame(handOver);
  };
}
