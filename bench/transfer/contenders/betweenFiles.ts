// A road from a file to a synced file under its name, as the engine has it: every block hashed and noted at both ends, and the digest
// at the end and the word "complete" over a connection beside it.

import { randomBytes } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BlockNotes } from '../../../src/engine/io/blockNotes.ts';
import { DiskCalls } from '../../../src/engine/io/diskCalls.ts';
import { PageMemory } from '../../../src/engine/io/pageMemory.ts';
import { PartialFile, type PartialFileOptions } from '../../../src/engine/io/partialFile.ts';
import { alwaysQuiet } from '../../../src/engine/io/quiet.ts';
import { SourceFile, stampOf } from '../../../src/engine/io/sourceFile.ts';
import type { Contender, ReceivingEnd, SendingEnd, Setup } from '../contender.ts';
import { Beside } from './beside.ts';
import type { Road } from './road.ts';

export function betweenFiles(roadOf: (setup: Setup) => Road): Contender {
  return {
    receiver: (setup) => receiver(setup, roadOf(setup)),
    sender: (setup) => sender(setup, roadOf(setup)),
  };
}

function receiver({ host, folder, payload }: Setup, road: Road): ReceivingEnd {
  const beside = new Beside();
  const options: PartialFileOptions = {
    ...{ folder, notesFolder: join(folder, 'notes'), name: 'got.bin' },
    ...{
      transferId: randomBytes(16).toString('hex'),
      sizeBytes: payload.length,
      disks: new DiskCalls(),
      memory: new PageMemory(),
      quiet: alwaysQuiet,
    },
  };
  let path = '';
  return {
    async offer() {
      const file = await PartialFile.open(options);
      const words = await road.open(file, async () => {
        path = await file.finish(await beside.heard);
        beside.say('complete');
      });
      return { ...words, beside: await beside.listen(host) };
    },
    accept: async () => undefined,
    async received() {
      const bytes = await readFile(path);
      await rm(path);
      await PartialFile.remove(options);
      return bytes;
    },
    close() {
      road.close();
      beside.close();
    },
  };
}

function sender({ folder, payload, peerHost }: Setup, road: Road): SendingEnd {
  const beside = new Beside();
  const path = join(folder, 'sent.bin');
  return {
    async connect(words) {
      // On the disk before the clock runs, as what people send is.
      await writeFile(path, payload, { flush: true });
      await road.reach(words);
      await beside.dial(peerHost, Number(words.beside));
      return {};
    },
    isReady: async () => undefined,
    async send() {
      const place = { notesFolder: folder, transferId: randomBytes(16).toString('hex') };
      const notes = await BlockNotes.open(place, payload.length);
      const source = await SourceFile.open(path, await stampOf(path), notes);
      await road.pass(source, (sha256) => beside.say(sha256));
      await beside.heard;
      await notes.close();
      await BlockNotes.remove(place);
      return payload.length;
    },
    close() {
      road.close();
      beside.close();
    },
  };
}
