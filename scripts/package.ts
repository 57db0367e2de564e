// `npm run package [-- --out FILE]`: hamta-VERSION.vsix, and a look at what is in it before anybody gets it.
import { readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createVSIX, listFiles, PackageManager } from '@vscode/vsce';
import { build } from '../esbuild.mjs';
import { root } from './setup/places.mjs';

const LARGEST_BYTES = 2_000_000;

/** Everything that may be in the package … */
const ALLOWED = [
  /^package(\.nls(\.[a-z-]+)?)?\.json$/,
  /^(README|CHANGELOG)\.md$/,
  /^LICENSE(\.txt)?$/,
  /^l10n\/[\w.-]+\.json$/,
  /^media\/[\w./-]+$/,
  /^dist\/(extension\.cjs|engine\.js|pictureWorker\.js|registry-server\.js|webview\.js|highlighter\.js)(\.LEGAL\.txt)?$/,
  /^dist\/(webview\.css|codicon\.ttf)$/,
];

/** … and what must be, for the extension to work at all. */
const NEEDED = [
  'extension.cjs',
  'engine.js',
  'pictureWorker.js',
  'registry-server.js',
  'webview.js',
  'highlighter.js',
  'webview.css',
  'codicon.ttf',
];

/** Builds for people and packs. Rejects, and leaves no package, where it is too large or not what it should be. */
export async function packageExtension(file?: string): Promise<{ file: string; sizeBytes: number }> {
  await rm(path.join(root, 'dist'), { recursive: true, force: true });
  await build({ minify: true, log: () => undefined });
  await refuseWrongFiles();
  const vsix = path.resolve(file ?? path.join(root, `hamta-${await version()}.vsix`));
  // Its own advice is for the Marketplace: a repository, and dependencies in node_modules, which are bundled here.
  await createVSIX({
    cwd: root,
    packagePath: vsix,
    dependencies: false,
    allowMissingRepository: true,
    rewriteRelativeLinks: false,
  });
  return { file: vsix, sizeBytes: await sizeOf(vsix) };
}

async function refuseWrongFiles(): Promise<void> {
  const files = await listFiles({ cwd: root, packageManager: PackageManager.None });
  const foreign = files.filter((file) => !ALLOWED.some((allowed) => allowed.test(file)));
  if (foreign.length > 0)
    throw new Error(`The package would hold what does not belong there: ${foreign.join(', ')}.`);
  const missing = NEEDED.filter((name) => !files.includes(`dist/${name}`));
  if (missing.length > 0) throw new Error(`The package would lack ${missing.join(', ')} in dist/.`);
}

async function sizeOf(vsix: string): Promise<number> {
  const { size } = await stat(vsix);
  if (size < LARGEST_BYTES) return size;
  await rm(vsix);
  throw new Error(`The package has ${size} bytes; it must stay under ${LARGEST_BYTES}.`);
}

async function version(): Promise<string> {
  const manifest = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as { version: string };
  return manifest.version;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { out: { type: 'string' } } });
  const { file, sizeBytes } = await packageExtension(values.out);
  console.log(`${file}  ${Math.ceil(sizeBytes / 1000)} KB`);
}

if (import.meta.main) {
  await main().catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
