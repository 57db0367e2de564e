// A small folder to open, with something to send in it: a picture and some code. What is there already stays.
import { constants, copyFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from '../setup/places.mjs';
import { projectDir } from './places.ts';

const CODE = `// Select some lines and send them to somebody.
export function fibonacci(n: number): number {
  let [a, b] = [0, 1];
  for (let i = 0; i < n; i++) [a, b] = [b, a + b];
  return a;
}
`;

export async function makeProject(): Promise<string> {
  await mkdir(projectDir, { recursive: true });
  const picture = path.join(projectDir, 'picture.png');
  await copyFile(path.join(root, 'media', 'icon.png'), picture, constants.COPYFILE_EXCL).catch(ignorePresent);
  await writeFile(path.join(projectDir, 'fibonacci.ts'), CODE, { flag: 'wx' }).catch(ignorePresent);
  return projectDir;
}

function ignorePresent(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
