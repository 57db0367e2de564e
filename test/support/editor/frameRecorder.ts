// What is seen of a conversation while it is scrolled in one direction, frame by frame. `recordFrames` is handed over to the chat
// page and runs there: it uses nothing of this module. Every message says its number (longConversation.ts).

export interface Seen {
  readonly frames: number;
  /** Ms since the frame before, of each frame that came after more than 50. */
  readonly lateMs: readonly number[];
  /** Ms of each task of the page itself that took 50 or longer. */
  readonly longTasksMs: readonly number[];
  /** Frames that showed nothing in a part of the list. */
  readonly blank: number;
  /** Frames in which the numbers in sight were not one after the other. */
  readonly disordered: number;
  /** Frames that showed again what had been left. */
  readonly backwards: number;
  /** The numbers of the first and the last message that was drawn, and how many between them never were. */
  readonly from: number;
  readonly to: number;
  readonly leftOut: number;
  /** At most, in one frame. */
  readonly elements: number;
}

export interface Recorder {
  /** The number of the message that is at the edge of what is in sight, in the direction that it is scrolled. */
  at(): number;
  /** Nothing counts until it goes on: something else is measured. */
  pause(): void;
  goOn(): void;
  /** Records no more. */
  end(): Seen;
}

/** `count`: how many messages there are. `isUp`: towards older ones. */
export function recordFrames(
  scroller: Element,
  { count, isUp }: { readonly count: number; readonly isUp: boolean },
): Recorder {
  const LATE_MS = 50;
  /** The list's own, which has no rows, and rounding. */
  const PADDING_PX = 14;
  const sum = { frames: 0, blank: 0, disordered: 0, backwards: 0, elements: 0 };
  const [lateMs, longTasksMs]: number[][] = [[], []];
  const drawn = new Uint8Array(count + 1);
  let at = isUp ? count : 1;
  let last: number | undefined;
  let [isPaused, isEnded] = [false, false];
  const tasks = new PerformanceObserver((list) => {
    const own = list.getEntries().filter(({ name }) => name === 'self' && !isPaused);
    longTasksMs?.push(...own.map(({ duration }) => duration));
  });
  tasks.observe({ type: 'longtask' });
  // Its size changes in each frame: what observes that is called when everything else in the frame is done, and it is painted.
  const probe = document.body.appendChild(document.createElement('div'));
  Object.assign(probe.style, {
    position: 'fixed',
    visibility: 'hidden',
    inlineSize: '1px',
    blockSize: '1px',
  });
  let frameAt = performance.now();
  new ResizeObserver(() => look(frameAt)).observe(probe);
  requestAnimationFrame(nextFrame);

  function nextFrame(now: number): void {
    if (isEnded) return probe.remove();
    requestAnimationFrame(nextFrame);
    frameAt = now;
    probe.style.inlineSize = probe.style.inlineSize === '1px' ? '2px' : '1px';
  }

  function look(now: number): void {
    if (isPaused || isEnded) return;
    sum.frames += 1;
    if (last !== undefined && now - last > LATE_MS) lateMs?.push(now - last);
    last = now;
    lookAtRows();
    sum.elements = Math.max(sum.elements, document.getElementsByTagName('*').length);
  }

  function lookAtRows(): void {
    const edge = scroller.getBoundingClientRect();
    const cells = Array.from(scroller.querySelectorAll('.cell'), (cell) => ({
      number: numberIn(cell),
      ...sidesOf(cell),
    }));
    if (isBlank(cells, edge)) sum.blank += 1;
    for (const { number } of cells) drawn[number] = 1;
    const inSight = cells.filter(({ top, bottom }) => bottom > edge.top && top < edge.bottom);
    followEdge(inSight.map(({ number }) => number).filter((number) => number > 0));
  }

  function followEdge(numbers: readonly number[]): void {
    if (numbers.some((number, i) => i > 0 && number !== (numbers[i - 1] ?? 0) + 1)) sum.disordered += 1;
    const now = (isUp ? numbers[0] : numbers.at(-1)) ?? at;
    if (isUp ? now > at : now < at) sum.backwards += 1;
    at = now;
  }

  function isBlank(
    cells: readonly { readonly top: number; readonly bottom: number }[],
    edge: DOMRect,
  ): boolean {
    const [first, end] = [cells[0], cells.at(-1)];
    if (first === undefined || end === undefined) return true;
    return first.top > edge.top + PADDING_PX || end.bottom < edge.bottom - PADDING_PX;
  }

  function sidesOf(cell: Element): { readonly top: number; readonly bottom: number } {
    const { top, bottom } = cell.getBoundingClientRect();
    return { top, bottom };
  }

  /** 0 for what is no message. */
  function numberIn(cell: Element): number {
    return Number(/^Message (\d+)/.exec(cell.querySelector('.text')?.textContent ?? '')?.[1] ?? 0);
  }

  return {
    at: () => at,
    pause: () => {
      isPaused = true;
    },
    goOn: () => {
      isPaused = false;
      last = undefined;
    },
    end: () => {
      isEnded = true;
      tasks.disconnect();
      const [from, to] = [drawn.indexOf(1, 1), drawn.lastIndexOf(1)];
      const leftOut = drawn.subarray(from, to).filter((flag) => flag === 0).length;
      return { ...sum, lateMs: lateMs ?? [], longTasksMs: longTasksMs ?? [], from, to, leftOut };
    },
  };
}
