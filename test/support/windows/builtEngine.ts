// The engine as it is shipped, with its thread of datagrams beside it; or a later build of it, which has one more step of migration.

import path from 'node:path';
import { build } from 'esbuild';

const ROOT = new URL('../../../', import.meta.url).pathname;
const REQUIRE =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
const LATER_STEP = '`CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT`';

export async function buildEngine(outfile: string, { isLater = false } = {}): Promise<string> {
  await bundle('src/engine/main.ts', outfile, isLater ? [laterSchema] : []);
  await bundle('src/engine/carriers/udpThread.ts', path.join(path.dirname(outfile), 'udpThread.js'));
  return outfile;
}

async function bundle(source: string, outfile: string, plugins: import('esbuild').Plugin[] = []) {
  await build({
    absWorkingDir: ROOT,
    entryPoints: [source],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: { js: REQUIRE },
    logLevel: 'error',
    plugins,
  });
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
