// The licences of all whose code is bundled. Whoever passes it on must pass them on, too.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Metafile } from 'esbuild';
import { root } from '../setup/places.mjs';

/** The innermost one, where one lies in another. */
const PACKAGE = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/;
const LICENCE = /^(licen[cs]e|copying|notice)\b/i;
const LINE = '-'.repeat(80);

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

/** A text for people: packages with the same licence stand over it together. */
export async function noticesOf(metafiles: readonly Metafile[]): Promise<string> {
  const folders = [...new Set(metafiles.flatMap(bundledFrom))].sort();
  const notices = await Promise.all(folders.map(noticeOf));
  const groups = Map.groupBy(notices, ({ text }) => text);
  const parts = [...groups].map(([text, of]) => `${of.map(({ title }) => title).join('\n')}\n\n${text}\n`);
  return ['Hamta contains code of these packages.\n', ...parts].join(`\n${LINE}\n\n`);
}

/** Folders of packages, relative to the root, of which anything is left in the outputs. */
function bundledFrom({ outputs }: Metafile): string[] {
  const files = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
  );
  return files.flatMap((file) => PACKAGE.exec(file) ?? []);
}

async function noticeOf(folder: string) {
  const place = path.join(root, folder);
  const manifest = JSON.parse(await readFile(path.join(place, 'package.json'), 'utf8')) as Manifest;
  const files = (await readdir(place)).filter((file) => LICENCE.test(file)).sort();
  const texts = await Promise.all(files.map((file) => readFile(path.join(place, file), 'utf8')));
  const said = texts.map((text) => text.replaceAll('\r\n', '\n').trim()).join('\n\n');
  const { name, version, license } = manifest;
  return {
    title: `${name} ${version}`,
    text: said === '' ? `${license}: https://spdx.org/licenses/${license}.html` : said,
  };
}
