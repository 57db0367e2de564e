// One after the other, in the order in which they were begun.

/** Does `work` once what was given before has ended, however that was, and ends as it does. */
export type Turns = <T>(work: () => Promise<T>) => Promise<T>;

/** What is given to one of these waits for what was given to it before, and for nothing else. */
export function turns(): Turns {
  const inTurn = turnsByKey<undefined>();
  return (work) => inTurn(undefined, work);
}

/** A line for each key, which is kept as long as anything is in it. */
export function turnsByKey<K>(): <T>(key: K, work: () => Promise<T>) => Promise<T> {
  const lines = new Map<K, Promise<void>>();
  return (key, work) => {
    const done = (lines.get(key) ?? Promise.resolve()).then(work);
    // Whoever gave it is told how it ended.
    const leave = () => {
      if (lines.get(key) === over) lines.delete(key);
    };
    const over = done.then(leave, leave);
    lines.set(key, over);
    return done;
  };
}
