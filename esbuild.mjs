// Builds everything that runs outside this checkout: `node esbuild.mjs [--minify] [--watch] [part …]` writes dist/. A part is
// the name of an output (`engine`, `webview` …); without one all are built.
import { rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const root = path.dirname(fileURLToPath(import.meta.url));

/** Touched by every full build, with the time it began: what is newer than this file is not in dist/ yet. */
export const builtStamp = path.join(root, 'dist', '.built');

/** The Node of the oldest editor supported, VS Code 1.101, is 22.15. */
const NODE_TARGET = 'node22';
/** … and its browser, Electron 35, is this one. */
const BROWSER_TARGET = 'chrome134';

// What is bundled may be CommonJS, which expects these two; an ES module has neither.
const COMMONJS_IN_ESM = [
  "import { createRequire as createRequireOfBundle } from 'node:module';",
  'const require = createRequireOfBundle(import.meta.url);',
  'const __dirname = import.meta.dirname;',
].join(' ');

// A module's imports come before its first line, and an older Node, which has no SQLite, ends there with a stack trace. What is
// bundled as a function asks for them line by line, and this is the first.
const NODE_WITH_SQLITE = [
  "if (!require('node:module').isBuiltin('node:sqlite')) {",
  "  console.error('hamta registry: it needs Node 22.13 or later, and this is ' + process.version + '.');",
  '  process.exit(1);',
  '}',
].join(' ');

// Each source file asks for `vscode`, and the editor looks each time on the disk which extension is asking: once is enough. The
// directive stands first here, as behind another statement it would be none.
const VSCODE_ONCE = [
  '"use strict";',
  "require = ((load, vscode) => (name) => (name === 'vscode' ? vscode : load(name)))(require, require('vscode'));",
].join(' ');

/** @type {esbuild.BuildOptions} */
const common = {
  absWorkingDir: root,
  bundle: true,
  outdir: 'dist',
  logLevel: 'warning',
  // scripts/building/notices.ts has the licences of all packages, and not only of those that ask for it in a comment.
  legalComments: 'none',
  metafile: true,
};

/** @type {esbuild.BuildOptions} */
const forEditor = {
  ...common,
  platform: 'node',
  format: 'cjs',
  target: NODE_TARGET,
  outExtension: { '.js': '.cjs' },
  external: ['vscode'],
  banner: { js: VSCODE_ONCE },
};

/** @type {esbuild.BuildOptions} */
const forNode = {
  ...common,
  platform: 'node',
  format: 'esm',
  target: NODE_TARGET,
  banner: { js: COMMONJS_IN_ESM },
};

/** @type {esbuild.BuildOptions} */
const forBrowser = {
  ...common,
  platform: 'browser',
  format: 'iife',
  target: BROWSER_TARGET,
  jsx: 'automatic',
  jsxImportSource: 'preact',
  // The codicon font stays a file of its own: the page's policy allows fonts from its source, not from data addresses.
  loader: { '.ttf': 'copy' },
  assetNames: '[name]',
};

/**
 * One output each, by the name it has in dist/.
 * @type {Record<string, esbuild.BuildOptions>}
 */
export const parts = {
  extension: { ...forEditor, entryPoints: { extension: 'src/extension/extension.ts' } },
  engine: { ...forNode, entryPoints: { engine: 'src/engine/main.ts' } },
  pictureWorker: { ...forNode, entryPoints: { pictureWorker: 'src/engine/pictures/pictureWorker.ts' } },
  udpThread: { ...forNode, entryPoints: { udpThread: 'src/engine/carriers/udpThread.ts' } },
  peer: { ...forNode, entryPoints: { peer: 'src/peer/main.ts' } },
  'registry-server': {
    ...forNode,
    format: 'iife',
    banner: { js: `${COMMONJS_IN_ESM} ${NODE_WITH_SQLITE}` },
    entryPoints: { 'registry-server': 'registry-server/main.ts' },
  },
  webview: { ...forBrowser, entryPoints: { webview: 'webview/main.tsx' } },
  // A module, as the page's script imports it while it runs.
  highlighter: {
    ...forBrowser,
    format: 'esm',
    entryPoints: { highlighter: 'webview/highlight/highlighter.ts' },
  },
  'webview-styles': { ...forBrowser, entryPoints: { webview: 'webview/main.css' } },
};

/**
 * Builds dist/. Resolves with what is in each output, unless it goes on watching. A failed build rejects after esbuild has printed what
 * is wrong.
 * @param {{ watch?: boolean, minify?: boolean, log?: (line: string) => void, only?: string[] }} [options]
 */
export async function build({ watch = false, minify = false, log = console.log, only = [] } = {}) {
  const startedAt = new Date();
  refuseUnknown(only);
  const chosen = Object.entries(parts).filter(([name]) => only.length === 0 || only.includes(name));
  // A minified build is the one that is shipped: its source maps are written but nothing points to them.
  /** @type {esbuild.BuildOptions['sourcemap']} */
  const sourcemap = minify ? 'external' : 'linked';
  const options = chosen.map(([, part]) => ({ ...part, minify, sourcemap }));
  const metafiles = await run(options, { watch, log });
  if (only.length > 0) return metafiles;
  writeFileSync(builtStamp, '');
  utimesSync(builtStamp, startedAt, startedAt);
  return metafiles;
}

/**
 * Builds the suites that run inside a real editor's extension host into dist-test/editor/*.cjs. The editor provides `vscode`;
 * mocha stays outside since it loads files by path.
 * @param {{ log?: (line: string) => void }} [options]
 */
export async function buildEditorTests({ log = console.log } = {}) {
  rmSync(path.join(root, 'dist-test'), { recursive: true, force: true });
  /** @type {esbuild.BuildOptions} */
  const suites = {
    ...forEditor,
    entryPoints: ['test/editor/*.test.ts', 'test/editor/run.ts'],
    outdir: 'dist-test/editor',
    outbase: 'test/editor',
    external: ['vscode', 'mocha'],
    sourcemap: 'linked',
  };
  await run([suites], { watch: false, log });
}

/**
 * @param {esbuild.BuildOptions[]} all
 * @param {{ watch: boolean, log: (line: string) => void }} options
 */
async function run(all, { watch, log }) {
  if (!watch) {
    const results = await Promise.all(all.map((options) => esbuild.build(options)));
    const metafiles = results.flatMap(({ metafile }) => metafile ?? []);
    for (const metafile of metafiles) report(metafile, log);
    return metafiles;
  }
  const contexts = await Promise.all(all.map((options) => esbuild.context({ ...options, logLevel: 'info' })));
  await Promise.all(contexts.map((context) => context.watch()));
  return [];
}

/**
 * @param {esbuild.Metafile} metafile
 * @param {(line: string) => void} log
 */
function report({ outputs }, log) {
  for (const [file, { bytes, entryPoint }] of Object.entries(outputs)) {
    if (entryPoint) log(`${file}  ${Math.ceil(bytes / 1024)} KB`);
  }
}

/** @param {string[]} names */
function refuseUnknown(names) {
  const unknown = names.filter((name) => !Object.hasOwn(parts, name));
  if (unknown.length === 0) return;
  throw new Error(`There is no part ${unknown.join(', ')}. There are: ${Object.keys(parts).join(', ')}.`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const args = process.argv.slice(2);
  const only = args.filter((argument) => !argument.startsWith('--'));
  build({ watch: args.includes('--watch'), minify: args.includes('--minify'), only }).catch((error) => {
    // esbuild has already said what is wrong with the sources.
    if (!('errors' in error)) console.error(error.message);
    process.exitCode = 1;
  });
}
