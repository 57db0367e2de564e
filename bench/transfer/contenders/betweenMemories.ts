// A road from memory to memory: what the sealing and the sending cost by themselves.

import type { Destination, Source } from '../../../src/engine/carriers/carrier.ts';
import { cleared } from '../collector.ts';
import type { Contender, ReceivingEnd, SendingEnd, Setup } from '../contender.ts';
import type { Road } from './road.ts';

export function betweenMemories(roadOf: (setup: Setup) => Road): Contender {
  return {
    receiver: (setup) => receiver(setup, roadOf(setup)),
    sender: (setup) => sender(setup, roadOf(setup)),
  };
}

function receiver({ payload }: Setup, road: Road): ReceivingEnd {
  const bytes = cleared(payload.length);
  const finished = Promise.withResolvers<void>();
  const destination: Destination = { write: async (offset, block) => void bytes.set(block, offset) };
  return {
    offer: () => road.open(destination, finished.resolve),
    accept: async () => undefined,
    async received() {
      await finished.promise;
      return bytes;
    },
    close: () => road.close(),
  };
}

function sender({ payload }: Setup, road: Road): SendingEnd {
  return {
    async connect(words) {
      await road.reach(words);
      return {};
    },
    isReady: async () => undefined,
    async send() {
      await road.pass(sourceOf(payload), () => undefined);
      return payload.length;
    },
    close: () => road.close(),
  };
}

/** Blocks in memory of their own, as a file's are; it is used again. */
function sourceOf(payload: Buffer): Source {
  const spare: Buffer[] = [];
  return {
    async read(offset, length) {
      const used = spare.pop();
      const block = used?.length === length ? used : Buffer.allocUnsafeSlow(length);
      payload.copy(block, 0, offset, offset + length);
      return block;
    },
    recycle: (block) => void spare.push(block),
    digest: async () => '',
    close: async () => undefined,
  };
}
