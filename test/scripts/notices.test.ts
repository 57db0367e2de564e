// The licences of all whose code goes into the package.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Metafile } from 'esbuild';
import { noticesOf } from '../../scripts/building/notices.ts';

const { resolve } = createRequire(import.meta.url);

/** As esbuild tells of an output in which so many bytes of each file are left. */
function bundleOf(bytesInOutput: number, ...inputs: string[]): Metafile {
  const left = inputs.map((file) => [file, { bytesInOutput }]);
  const output = { bytes: 0, inputs: Object.fromEntries(left), imports: [], exports: [] };
  return { inputs: {}, outputs: { 'dist/one.js': output } };
}

describe('the notices of the package', () => {
  it('name each package of which anything is bundled, once, with its licence as it comes with it', async () => {
    const licence = readFileSync(path.join(path.dirname(resolve('preact/package.json')), 'LICENSE'), 'utf8');
    const { version } = JSON.parse(readFileSync(resolve('preact/package.json'), 'utf8'));
    const preact = ['node_modules/preact/dist/preact.mjs', 'node_modules/preact/hooks/dist/hooks.mjs'];
    const notices = await noticesOf([bundleOf(9, 'src/a.ts', ...preact), bundleOf(9, preact[0] as string)]);
    assert.ok(notices.includes(`preact ${version}\n\n${licence.trim()}\n`));
    assert.equal(notices.match(/^preact /gm)?.length, 1);
  });

  it('leave out a package of which nothing is left', async () => {
    assert.doesNotMatch(await noticesOf([bundleOf(0, 'node_modules/preact/dist/preact.mjs')]), /preact/);
  });

  it('say a licence once that several have word by word', async () => {
    const jimp = ['core', 'types'].map((name) => `node_modules/@jimp/${name}/index.js`);
    assert.match(await noticesOf([bundleOf(9, ...jimp)]), /^@jimp\/core \S+\n@jimp\/types \S+\n\n/m);
  });

  it('name the licence of a package that brings no text of it, and have all texts of one with several', async () => {
    const some = ['thumbhash/thumbhash.js', '@vscode/codicons/dist/codicon.css'];
    const notices = await noticesOf([bundleOf(9, ...some.map((file) => `node_modules/${file}`))]);
    assert.match(notices, /^thumbhash \S+\n\nMIT: https:/m);
    assert.match(notices, /^Attribution 4\.0 International$/m);
    assert.match(notices, /^MIT License$/m);
  });
});
