// The bootstrap of a small checkout with an npm that only pretends.
import assert from 'node:assert/strict';
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Finished, runProgram } from '../../scripts/run/runProgram.ts';
import { makeTemporaryFolder, removeTemporaryFolder } from '../../scripts/run/temporaryFolder.ts';
import { isWindows, root } from '../../scripts/setup/places.mjs';

/**
 * Puts in place what the package `node` does (the Node of these tests: the one that runs npm may be too old for a script),
 * unless it is told to fail; keeps count of its calls.
 */
const NPM = `
  const fs = require('node:fs'), path = require('node:path');
  fs.appendFileSync(process.env.CALLS, 'npm ' + process.argv.slice(2).join(' ') + '\\n');
  if (process.env.NPM_FAILS) { console.error('npm error network'); process.exit(7); }
  const bin = path.join(process.cwd(), 'node_modules', 'node', 'bin');
  fs.mkdirSync(bin, { recursive: true });
  fs.symlinkSync(${JSON.stringify(process.execPath)}, path.join(bin, 'node'));
`;

/** Refuses to move packages into their place at first, as Windows does while a virus scanner looks at them. */
const SCANNER = `
  const fs = require('node:fs');
  const { renameSync, promises: { rename } } = fs;
  let left = 3;
  const look = (to) => {
    if (!to.endsWith('node_modules') || left-- <= 0) return;
    fs.appendFileSync(process.env.LOOKS, 'look\\n');
    throw Object.assign(new Error('EPERM: operation not permitted, rename'), { code: 'EPERM' });
  };
  fs.renameSync = (from, to) => (look(to), renameSync(from, to));
  fs.promises.rename = async (from, to) => (look(to), rename(from, to));
  require('node:module').syncBuiltinESMExports();
`;

/** Lets node_modules be a mount, which no folder takes the place of and which moves nowhere. */
const MOUNT = `
  const fs = require('node:fs');
  const path = require('node:path');
  const { rename } = fs.promises;
  const mount = path.join(process.env.CHECKOUT, 'node_modules');
  fs.promises.rename = async (from, to) => {
    if (from !== mount && to !== mount) return rename(from, to);
    throw Object.assign(new Error('EBUSY: resource busy or locked, rename'), { code: 'EBUSY' });
  };
  require('node:module').syncBuiltinESMExports();
`;

/** Has the patience of Windows on every system. */
const PATIENT = `
  import { movesTo as moves } from './moveFolderHere.mjs';
  export const movesTo = (place, folder) => moves(place, folder, true);
`;

const SHOUT = `
  const words: string[] = process.argv.slice(2);
  console.log('said ' + words.join(' ') + ' ' + (process.env.NODE_OPTIONS ?? 'clean'));
  process.exitCode = 3;
`;

describe('The bootstrap', () => {
  let checkout: string;
  let calls: string;

  beforeEach(async () => {
    checkout = await makeTemporaryFolder('bootstrap');
    calls = path.join(checkout, 'calls');
    for (const piece of ['bootstrap.mjs', 'setup']) {
      await cp(path.join(root, 'scripts', piece), path.join(checkout, 'scripts', piece), { recursive: true });
    }
    await mkdir(path.join(checkout, 'npm'));
    await writeFile(path.join(checkout, 'npm', 'package.json'), '{ "type": "commonjs" }');
    await writeFile(path.join(checkout, 'npm', 'npm-cli.js'), NPM);
    await writeFile(path.join(checkout, 'package.json'), '{ "type": "module" }');
    await writeFile(path.join(checkout, 'package-lock.json'), '{}');
    await writeFile(path.join(checkout, 'scripts', 'sayIt.ts'), SHOUT);
  });

  afterEach(() => removeTemporaryFolder(checkout));

  it('installs, hands over with arguments, and ends with the code of the script', async () => {
    const { code, stdout } = await bootstrap(['say-it', 'hello', '--there']);
    assert.match(stdout, /said hello --there clean/);
    assert.equal(code, 3);
    assert.match(await readFile(calls, 'utf8'), /^npm ci --include=dev --ignore-scripts=false /);
  });

  it('installs once, and again when the lockfile has changed', async () => {
    await bootstrap(['say-it']);
    await bootstrap(['say-it']);
    assert.equal(await countCalls(), 1);
    await writeFile(path.join(checkout, 'package-lock.json'), '{ "lockfileVersion": 3 }');
    await bootstrap(['say-it']);
    assert.equal(await countCalls(), 2);
  });

  it('installs again after an install that did not come to its end', async () => {
    await bootstrap(['say-it']);
    await rm(path.join(checkout, 'node_modules', '.hamta-installed'));
    await bootstrap(['say-it']);
    assert.equal(await countCalls(), 2);
  });

  it('leaves what is there when npm fails, and says what to do', async () => {
    await bootstrap(['say-it']);
    await writeFile(path.join(checkout, 'package-lock.json'), '{ "changed": true }');
    const { code, output } = await bootstrap(['say-it'], { NPM_FAILS: '1' });
    assert.equal(code, 1);
    assert.match(output, /npm ci ended with code 7.*check the network/s);
    assert.deepEqual(await readdir(path.join(checkout, 'node_modules', 'node')), ['bin']);
    assert.deepEqual(await readdir(path.join(checkout, '.vscode-test')), []);
  });

  it('may run twice at the same time', async () => {
    const both = await Promise.all([bootstrap(['say-it', 'one']), bootstrap(['say-it', 'two'])]);
    assert.deepEqual(
      both.map(({ code }) => code),
      [3, 3],
    );
    assert.deepEqual(await readdir(path.join(checkout, '.vscode-test')), []);
  });

  it('waits for a virus scanner that looks at the packages', async () => {
    const scanner = path.join(checkout, 'scanner.cjs');
    const looks = path.join(checkout, 'looks');
    await writeFile(scanner, SCANNER);
    const mover = path.join(checkout, 'scripts', 'setup', 'moveFolder.mjs');
    await rename(mover, path.join(path.dirname(mover), 'moveFolderHere.mjs'));
    await writeFile(mover, PATIENT);
    const env = { NODE_OPTIONS: `--require "${scanner.replaceAll('\\', '/')}"`, LOOKS: looks };
    const { code, output } = await bootstrap(['say-it'], env);
    assert.equal(code, 3, output);
    assert.equal((await readFile(looks, 'utf8')).trim().split('\n').length, 3);
    assert.deepEqual(await readdir(path.join(checkout, '.vscode-test')), []);
  });

  if (!isWindows)
    it('fills a node_modules that is a mount, and takes away what was in it', async () => {
      const mount = path.join(checkout, 'mount.cjs');
      await writeFile(mount, MOUNT);
      const env = { NODE_OPTIONS: `--require "${mount}"`, CHECKOUT: checkout };
      const modules = path.join(checkout, 'node_modules');
      await mkdir(path.join(modules, 'old'), { recursive: true });
      const { code, output } = await bootstrap(['say-it'], env);
      assert.equal(code, 3, output);
      assert.deepEqual((await readdir(modules)).sort(), ['.hamta-installed', 'node']);
      assert.equal((await bootstrap(['say-it'], env)).code, 3);
      assert.equal(await countCalls(), 1);
      assert.deepEqual(await readdir(path.join(checkout, '.vscode-test')), []);
    });

  it('runs no other file than a script of this house', async () => {
    const { code, output } = await bootstrap(['../npm/npm-cli']);
    assert.equal(code, 1);
    assert.match(output, /There is no script for/);
  });

  function bootstrap(args: string[], env: NodeJS.ProcessEnv = {}): Promise<Finished> {
    const npm = { npm_execpath: path.join(checkout, 'npm', 'npm-cli.js'), CALLS: calls };
    return runProgram(process.execPath, [path.join(checkout, 'scripts', 'bootstrap.mjs'), ...args], {
      env: { ...process.env, NODE_OPTIONS: '--no-warnings', ...npm, ...env },
    });
  }

  async function countCalls(): Promise<number> {
    return (await readFile(calls, 'utf8')).trim().split('\n').length;
  }
});
