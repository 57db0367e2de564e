// What the demo peer shares: a note and a drawing, so that whoever tries Hamta finds something to fetch.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RpcClient } from '../contract/rpc.ts';
import { drawn } from './drawing.ts';

const NOTE = `This file lies on the disk of a person made of code, who shares it.

You see it while you are connected with them, and a click fetched it: nobody was asked, as sharing was the yes.
Share files of your own: right-click them in the Explorer and choose "Share with Hamta…".
`;

/** Writes both to a folder of its own below `dataDir` and shows them to everybody who is let in. */
export async function shareSome(rpc: RpcClient, dataDir: string): Promise<void> {
  const folder = join(dataDir, 'shared');
  await mkdir(folder, { recursive: true });
  const files = { 'about sharing.txt': NOTE, 'rings.png': await drawn(0) };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  const paths = Object.keys(files).map((name) => join(folder, name));
  await rpc.request('share', { paths, with: 'accepted' });
}
