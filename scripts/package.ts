// `npm run package [-- --out FILE]`: hamta-VERSION.vsix, and a look at what is in it before anybody gets it.
import { cp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createVSIX, listFiles, PackageManager } from '@vscode/vsce';
import { build } from '../esbuild.mjs';
import { noticesOf } from './building/notices.ts';
import { makeTemporaryFolder, removeTemporaryFolder } from './run/temporaryFolder.ts';
import { root } from './setup/places.mjs';

const LARGEST_BYTES = 2_000_000;

/** What must be in the package, for the extension to work at all and to be passed on … */
const NEEDED = [
  'extension.cjs',
  'engine.js',
  'pictureWorker.js',
  'udpThread.js',
  'registry-server.js',
  'webview.js',
  'highlighter.js',
  'webview.css',
  'codicon.ttf',
  'notices.txt',
].map((name) => `dist/${name}`);

/** … and what else may be. */
const ALLOWED = [
  /^package(\.nls(\.[a-z-]+)?)?\.json$/,
  /^(README|CHANGELOG)\.md$/,
  /^LICENSE(\.txt)?$/,
  /^l10n\/[\w.-]+\.json$/,
  /^media\/[\w./-]+$/,
];

/** Builds for people and packs. Rejects, and leaves no package, where it is too large or not what it should be. */
export async function packageExtension(file?: string): Promise<{ file: string; sizeBytes: number }> {
  await rm(path.join(root, 'dist'), { recursive: true, force: true });
  const metafiles = await build({ minify: true, log: () => undefined });
  await writeFile(path.join(root, 'dist', 'notices.txt'), await noticesOf(metafiles));
  const files = await rightFiles();
  const vsix = path.resolve(file ?? path.join(root, `hamta-${await version()}.vsix`));
  const folder = await makeTemporaryFolder('package');
  try {
    await layOut(files, folder);
    await pack(folder, vsix);
  } finally {
    await removeTemporaryFolder(folder);
  }
  return { file: vsix, sizeBytes: await sizeOf(vsix) };
}

/** Its own advice is for the Marketplace: a repository, and dependencies in node_modules, which are bundled here. */
async function pack(folder: string, vsix: string): Promise<void> {
  await createVSIX({
    cwd: folder,
    packagePath: vsix,
    dependencies: false,
    allowMissingRepository: true,
    rewriteRelativeLinks: false,
  });
}

async function layOut(files: readonly string[], folder: string): Promise<void> {
  for (const file of [...files, '.vscodeignore']) await cp(path.join(root, file), path.join(folder, file));
  const readme = path.join(folder, 'README.md');
  await writeFile(readme, pageOf(await readFile(readme, 'utf8')));
}

/** The editor shows the README on the extension's page, where no file of this checkout is found: pictures go, of links the words stay. */
export function pageOf(readme: string): string {
  return readme
    .replace(/^!\[.*\]\((?!https:).*\)\n+/gm, '')
    .replace(/\[([^\]]+)\]\((?!https:|#)[^)]+\)/g, '$1');
}

/** Those that the package holds. */
async function rightFiles(): Promise<string[]> {
  const files = await listFiles({ cwd: root, packageManager: PackageManager.None });
  const foreign = files.filter((file) => !NEEDED.includes(file) && !ALLOWED.some((each) => each.test(file)));
  if (foreign.length > 0)
    throw new Error(`The package would hold what does not belong there: ${foreign.join(', ')}.`);
  const missing = NEEDED.filter((file) => !files.includes(file));
  if (missing.length > 0) throw new Error(`The package would lack ${missing.join(', ')}.`);
  return files;
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
