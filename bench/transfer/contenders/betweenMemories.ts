// A road from memory to memory: what the sealing and the sending cost by themselves.

import type { Destination } from '../../../src/engine/carriers/receiveSession.ts';
import type { Source } from '../../../src/engine/carriers/sendSession.ts';
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
  const destination: Destination = { write: async (offset, block) => void bytes.set(block, offset) };
  return {
    offer: () => road.open(destination, () => undefined),
    accept: async () => undefined,
    received: async () => bytes,
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

function sourceOf(payload: Buffer): Source {
  return {
    read: async (offset, length) => payload.subarray(offset, offset + length),
    recycle: () => undefined,
    digest: async () => '',
    close: async () => undefined,
  };
}
