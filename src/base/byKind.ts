// A table with a doer for each kind of a union, and the one place that tells the compiler that a value and its doer belong together.

interface Kinded {
  readonly kind: string;
}

export type ByKind<Of extends Kinded, Rest extends unknown[] = []> = {
  readonly [Kind in Of['kind']]: (of: Extract<Of, { kind: Kind }>, ...rest: Rest) => void;
};

/** Nothing is done for a kind that the table leaves out. */
export function dispatch<Of extends Kinded, Rest extends unknown[]>(
  table: Partial<ByKind<Of, Rest>>,
  of: Of,
  ...rest: Rest
): void {
  const doer = table[of.kind as Of['kind']] as ((of: Of, ...rest: Rest) => void) | undefined;
  doer?.(of, ...rest);
}
