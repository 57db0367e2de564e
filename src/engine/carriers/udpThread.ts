// The thread of the datagrams: sockets, pacing, sealing and opening of all that goes by UDP. To send a picture at full speed keeps a
// thread busy, so it is not the one that people's words go through.

import { setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { UdpDesk } from './udpDesk.ts';
import type { FromUdp, ToUdp } from './udpWords.ts';
import { WordBatch } from './wordBatch.ts';

/**
 * What an editor and people's words take of a core is little and waited for, so they go first. Not more than that: beside two programs that keep
 * two cores busy this leaves two thirds of the rate; 10 left half of it, and the choice of the carrier took that for a slow road.
 */
const NICENESS = 5;

if (parentPort !== null) {
  const words = new WordBatch<FromUdp>(parentPort);
  const desk = new UdpDesk(words);
  parentPort.on('message', (said: readonly ToUdp[]) => {
    for (const word of said) desk.handle(word);
  });
  makeRoom();
}

/** On Linux this is about the thread that calls it; elsewhere it would be about the whole process. */
function makeRoom(): void {
  if (process.platform !== 'linux') return;
  try {
    setPriority(0, NICENESS);
  } catch {
    // A system that forbids it only makes others wait.
  }
}
