// What comes alone is handed over at once, what comes in a flood in batches: each hand-over draws the page anew, and somebody
// who was away for long gets hundreds of messages in a second.

/** Calls back once, later. */
export type StartTimer = (ms: number, onTime: () => void) => void;

/** Takes items one by one; `take` gets all of them, in order, at most once every `everyMs`. */
export function inBatches<Item>(
  everyMs: number,
  startTimer: StartTimer,
  take: (items: readonly Item[]) => void,
): (item: Item) => void {
  let waiting: Item[] = [];
  let isPausing = false;
  const handOver = () => {
    const items = waiting;
    waiting = [];
    isPausing = true;
    startTimer(everyMs, () => {
      isPausing = false;
      if (waiting.length > 0) handOver();
    });
    take(items);
  };
  return (item) => {
    waiting.push(item);
    if (!isPausing) handOver();
  };
}
