// For long work: everybody else's comes first, what people write above all.

/** Resolves when the loop has served its sockets: what is to be done at once may well be done in the turn that is going on. */
export function otherTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}
