// One after the other, in the order in which they were begun.

/** Does `work` once what was given before has ended, however that was, and ends as it does. */
export type Turns = <T>(work: () => Promise<T>) => Promise<T>;

/** What is given to one of these waits for what was given to it before, and for nothing else. */
export function turns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    last = done.catch(() => {
      // Whoever gave it is told.
    });
    return done;
  };
}
