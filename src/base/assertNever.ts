// The end of every switch over a union: the compiler refuses it while a case is missing.

/** Throws; reached only when a value is outside its own type, which is a bug. */
export function assertNever(value: never): never {
  throw new Error(`unexpected case: ${JSON.stringify(value)}`);
}
