// The engine as it is shipped, in one file; or a later build of it, which has one more step of migration.

import { build } from 'esbuild';

const ROOT = new URL('../../../', import.meta.url).pathname;
const REQUIRE =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
const LATER_STEP = '`CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT`';

export async function buildEngine(outfile: string, { isLater = false } = {}): Promise<string> {
  await build({
    absWorkingDir: ROOT,
    entryPoints: ['src/engine/main.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: { js: REQUIRE },
    logLevel: 'error',
    plugins: isLater ? [laterSchema] : [],
  });
  return outfile;
}

const laterSchema: import('esbuild').Plugin = {
  name: 'later schema',
  setup({ onLoad }) {
    onLoad({ filter: /store[\\/]migrations\.ts$/ }, async ({ path }) => {
      const { readFile } = await import('node:fs/promises');
      const source = await readFile(path, 'utf8');
      return { loader: 'ts', contents: source.replace(/^\];$/m, `${LATER_STEP},\n];`) };
    });
  },
};
