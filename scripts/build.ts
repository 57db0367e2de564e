// `npm run build [-- --watch] [-- --minify]`: everything in dist/.
import { parseArgs } from 'node:util';
import { build } from '../esbuild.mjs';

const options = {
  watch: { type: 'boolean', default: false },
  minify: { type: 'boolean', default: false },
} as const;
// What is wrong with the sources has been said by esbuild.
await build(parseArgs({ options }).values).catch(() => {
  process.exitCode = 1;
});
