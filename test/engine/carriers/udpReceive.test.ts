// What a session over UDP does with the words of the thread of the datagrams, which are said here by hand.

import assert from 'node:assert/strict';
import { ForgedBlockError, type ReceivingEvents } from '../../../src/engine/carriers/carrier.ts';
import { UdpReceive } from '../../../src/engine/carriers/udpReceive.ts';
import type { SessionWord, ToUdp, UdpSessionOptions } from '../../../src/engine/carriers/udpWords.ts';
import type { UdpWorker } from '../../../src/engine/carriers/udpWorker.ts';

const ID = 7;

describe('a session that takes blocks from the thread of the datagrams', () => {
  let asked: ToUdp['kind'][];
  let said: unknown[];
  let hear: (word: SessionWord) => void;
  let session: UdpReceive;

  beforeEach(() => {
    [asked, said] = [[], []];
    const worker = {
      open(listener: typeof hear) {
        hear = listener;
        return { id: ID, say: ({ kind }: ToUdp) => asked.push(kind) };
      },
    } as unknown as UdpWorker;
    const destination = { write: async (offset: number) => void said.push(offset) };
    const events: ReceivingEvents = {
      onBegun: () => said.push('begun'),
      onConnected: () => said.push('connected'),
      onPart: (bytes) => said.push(`${bytes} bytes of a part`),
      onProgress: (bytes) => said.push(`${bytes} bytes`),
      onFinished: () => said.push('finished'),
      onClosed: () => said.push('closed'),
      onStalled: () => said.push('stalled'),
      onLost: () => said.push('lost'),
      onFailed: (error) => said.push(error),
    };
    session = new UdpReceive(worker, {} as UdpSessionOptions, destination, events);
  });

  const write = (offset: number) =>
    hear({ kind: 'write', id: ID, ask: 0, offset, bytes: new Uint8Array(new ArrayBuffer(10)) });

  it('writes what comes, and gives its memory back', async () => {
    const bytes = new Uint8Array(10);
    hear({ kind: 'begun', id: ID });
    hear({ kind: 'write', id: ID, ask: 0, offset: 5, bytes });
    hear({ kind: 'progress', id: ID, verifiedBytes: 10 });
    hear({ kind: 'part', id: ID, bytes: 3 });
    await new Promise(setImmediate);
    assert.deepEqual(said, ['begun', 5, '10 bytes', '3 bytes of a part']);
    assert.deepEqual(asked, ['receive', 'written']);
    assert.equal(bytes.length, 0);
  });

  it('takes what is handed over after it was ended, and hears nothing else', async () => {
    session.dispose();
    session.dispose();
    hear({ kind: 'begun', id: ID });
    write(1);
    hear({ kind: 'progress', id: ID, verifiedBytes: 11 });
    hear({ kind: 'part', id: ID, bytes: 3 });
    hear({ kind: 'finished', id: ID });
    hear({ kind: 'stalled', id: ID });
    hear({ kind: 'forged', id: ID, why: 'late' });
    hear({ kind: 'left', id: ID, unfinishedBytes: 3 });
    assert.equal(await session.ended, 3);
    assert.deepEqual(said, [1]);
    assert.deepEqual(asked.slice(0, 2), ['receive', 'end']);
  });

  it('ends by itself when it answers no more', async () => {
    hear({ kind: 'finished', id: ID });
    hear({ kind: 'closed', id: ID });
    hear({ kind: 'left', id: ID, unfinishedBytes: 0 });
    assert.equal(await session.ended, 0);
    assert.deepEqual(said, ['finished', 'closed']);
    assert.deepEqual(asked, ['receive', 'end']);
  });

  it('fails as one in the same thread does where somebody forges', () => {
    hear({ kind: 'forged', id: ID, why: 'block 3 was forged' });
    assert.ok(said[0] instanceof ForgedBlockError);
    assert.equal(said[0].message, 'block 3 was forged');
  });
});
