// Variables of the environment that tests set: each is as it was after every test of a suite, and gone where it was not there.

/** Call it in a `describe`. */
export function keptVariables(...names: readonly string[]): void {
  const before = names.map((name) => [name, process.env[name]] as const);
  afterEach(() => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });
}
