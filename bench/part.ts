// One part of the benchmark, and what it is asked for.

export interface Part {
  readonly name: string;
  readonly about: string;
  /** Measured when nothing is chosen; the others take minutes. */
  readonly isUsual?: boolean;
  /** `--NAME N`, and what N is when it is not said. */
  readonly amounts: Readonly<Record<string, number>>;
  /** What `--path` may name; a part with paths takes `--emulator`, too. */
  readonly paths?: readonly string[];
  measure(told: Told): unknown;
  print(result: unknown, told: Told): void;
}

/** All amounts of a part, and where it is measured. */
export type Told<Name extends string = never> = Readonly<Record<Name, number>> & {
  /** Undefined: the usual ones. */
  readonly paths: readonly string[] | undefined;
  /** A program that makes bad lines; without it those are left out. */
  readonly emulator: string | undefined;
};

/** `measure` and `print` are given the amounts that the part names, and no other. */
export function part<Name extends string, Result>(
  of: Omit<Part, 'amounts' | 'measure' | 'print'> & {
    readonly amounts: Readonly<Record<Name, number>>;
    measure(told: Told<NoInfer<Name>>): Result | Promise<Result>;
    print(result: Result, told: Told<NoInfer<Name>>): void;
  },
): Part {
  return of as unknown as Part;
}
