// Blocks in datagrams between two threads of datagrams, over real sockets: what this thread has to do with it.

import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { FailureError, failure } from '../../../src/contract/failure.ts';
import type {
  Destination,
  Missing,
  ReceivingEvents,
  SendingEvents,
  SessionPlace,
  Source,
} from '../../../src/engine/carriers/carrier.ts';
import { UdpCarrier } from '../../../src/engine/carriers/udpCarrier.ts';
import { UdpWorker } from '../../../src/engine/carriers/udpWorker.ts';
import { BLOCK_BYTES, READ_AHEAD_BLOCKS } from '../../../src/engine/transfer/params.ts';
import { randomBytesOf } from '../../support/randomBytes.ts';
import { seededRandom } from '../../support/seededRandom.ts';

const HOST = '127.0.0.1';
/** Of nobody (RFC 5737). */
const NOT_HERE = '192.0.2.1';
const SIZE_BYTES = 40 * BLOCK_BYTES + 17;
const WHOLE: Missing = { sizeBytes: SIZE_BYTES, firstBlock: 0 };

/** Resolves each with what it was called with first. */
type Called<Events> = { [Name in keyof Events]: Promise<unknown> };

describe('a session over UDP', function () {
  this.timeout(20_000);
  const bytes = randomBytesOf(seededRandom(1), SIZE_BYTES);
  let here: UdpWorker;
  let there: UdpWorker;

  beforeEach(async () => {
    [here, there] = [new UdpWorker(), new UdpWorker()];
    await Promise.all([here.listen(HOST, 0), there.listen(HOST, 0)]);
  });
  afterEach(() => Promise.all([here.close(), there.close()]));

  /** To `port` of this machine; both ends mean the same session. */
  const placeAt = (port: number) =>
    ({
      link: {
        channel: { secret: Buffer.alloc(32, 7), remoteHost: HOST, localHost: HOST },
        hello: { udpPort: port },
      },
      ...{ transferId: '0'.repeat(32), session: '0'.repeat(16) },
    }) as unknown as SessionPlace;

  function called<Events extends object>(names: readonly (keyof Events & string)[]) {
    const waits = names.map((name) => [name, Promise.withResolvers<unknown>()] as const);
    const events = Object.fromEntries(
      waits.map(([name, { resolve }]) => [name, (word: unknown) => resolve(word)]),
    );
    const promises = Object.fromEntries(waits.map(([name, { promise }]) => [name, promise]));
    return { events: events as unknown as Events, promises: promises as Called<Events> };
  }

  const sendingEvents = () =>
    called<SendingEvents>(['onProgress', 'onDigest', 'onFinished', 'onStalled', 'onFailed']);
  const receivingEvents = () =>
    called<ReceivingEvents>([
      ...(['onBegun', 'onConnected', 'onPart', 'onProgress', 'onFinished', 'onClosed'] as const),
      ...(['onStalled', 'onFailed', 'onLost'] as const),
    ]);

  /** As a SourceFile: each block in memory of its own, which comes back. */
  class Told implements Source {
    readonly recycled: Buffer[] = [];
    made = 0;
    reads = 0;
    isClosed = false;

    async read(offset: number, length: number): Promise<Buffer> {
      this.reads++;
      const block = this.recycled.pop() ?? this.#make();
      bytes.copy(block, 0, offset, offset + length);
      await new Promise(setImmediate);
      return block.subarray(0, length);
    }

    recycle(buffer: Buffer): void {
      this.recycled.push(buffer);
    }

    #make(): Buffer {
      this.made++;
      return Buffer.allocUnsafeSlow(BLOCK_BYTES);
    }

    async digest(): Promise<string> {
      return 'abc';
    }

    async close(): Promise<void> {
      this.isClosed = true;
    }
  }

  /** What was written, and how many blocks were, or were to be. */
  class Disk implements Destination {
    readonly bytes = Buffer.alloc(SIZE_BYTES);
    asked = 0;
    writes = 0;

    async write(offset: number, block: Uint8Array): Promise<void> {
      this.asked++;
      await new Promise(setImmediate);
      this.bytes.set(block, offset);
      this.writes++;
    }
  }

  function send(source: Source, events: SendingEvents) {
    return new UdpCarrier(here).send(placeAt(there.port), WHOLE, source, events);
  }

  function receive(destination: Destination, events: ReceivingEvents) {
    return new UdpCarrier(there).receive(placeAt(here.port), WHOLE, destination, events);
  }

  /** Resolves when something has left. */
  async function sendToNobody(source: Source) {
    const nobody = createSocket('udp4').bind(0, HOST);
    await once(nobody, 'listening');
    const place = placeAt(nobody.address().port);
    const sending = new UdpCarrier(here).send(place, WHOLE, source, sendingEvents().events);
    await once(nobody, 'message');
    nobody.close();
    return sending;
  }

  it('brings every byte, and both ends hear of it', async () => {
    const [source, disk] = [new Told(), new Disk()];
    const [forth, back] = [sendingEvents(), receivingEvents()];
    const receiving = receive(disk, back.events);
    await back.promises.onBegun;
    const sending = send(source, forth.events);
    await Promise.all([forth.promises.onFinished, back.promises.onFinished]);
    assert.ok(disk.bytes.equals(bytes));
    assert.equal(await forth.promises.onDigest, 'abc');
    assert.equal(source.reads, 41);
    assert.ok(source.made <= READ_AHEAD_BLOCKS + 1, `memory for ${source.made} blocks`);
    sending.dispose();
    receiving.dispose();
    assert.equal(source.isClosed, true);
    const { blocks } = await sending.ended;
    assert.deepEqual(blocks, [{ start: 0, end: 41 }]);
    assert.equal(await receiving.ended, 0);
  });

  it('fails with what the file says, and with nothing after it has ended', async () => {
    const error = new FailureError(failure('fileChanged', { name: 'a.png' }));
    const source = new Told();
    source.read = () => Promise.reject(error);
    const errors: unknown[] = [];
    const failed = Promise.withResolvers<void>();
    const sending = send(source, {
      ...sendingEvents().events,
      onFailed(why) {
        errors.push(why);
        sending.dispose();
        failed.resolve();
      },
    });
    await failed.promise;
    await sending.ended;
    assert.deepEqual(errors, [error]);
  });

  it('fails with what the disk says', async () => {
    const error = new FailureError(failure('diskFull', { path: '/' }));
    const { events, promises } = receivingEvents();
    receive({ write: () => Promise.reject(error) }, events);
    send(new Told(), sendingEvents().events);
    assert.equal(await promises.onFailed, error);
  });

  it('hands over what it has before it says that it has ended', async () => {
    const disk = new Disk();
    const [forth, back] = [sendingEvents(), receivingEvents()];
    let arrivedBytes = 0;
    const receiving = receive(disk, back.events);
    const sending = send(new Told(), {
      ...forth.events,
      onProgress(bytes) {
        arrivedBytes = bytes;
        forth.events.onProgress(bytes);
      },
    });
    await Promise.all([back.promises.onProgress, forth.promises.onProgress]);
    receiving.dispose();
    await receiving.ended;
    const { asked } = disk;
    await new Promise(setImmediate);
    assert.equal(disk.writes, asked);
    // What the sender knows to be there is there.
    assert.ok(arrivedBytes > 0);
    assert.ok(disk.bytes.subarray(0, arrivedBytes).equals(bytes.subarray(0, arrivedBytes)));
    sending.dispose();
    const { blocks } = await sending.ended;
    assert.equal(blocks[0]?.start, 0);
  });

  it('tells what it has sent when its thread is closed behind it', async () => {
    const sending = await sendToNobody(new Told());
    sending.dispose();
    await here.close();
    assert.equal((await sending.ended).blocks[0]?.start, 0);
  });

  it('ends where its thread has no time for a last word', async () => {
    const worker = new UdpWorker();
    await worker.listen(HOST, 0);
    const carrier = new UdpCarrier(worker);
    const sending = carrier.send(placeAt(there.port), WHOLE, new Told(), sendingEvents().events);
    const receiving = carrier.receive(placeAt(there.port), WHOLE, new Disk(), receivingEvents().events);
    sending.dispose();
    receiving.dispose();
    await worker.close(0);
    assert.deepEqual(await sending.ended, { piecesAgainBytes: 0, blocks: [] });
    assert.equal(await receiving.ended, 0);
  });

  it('stops when it is ended, though nobody answers', async () => {
    const source = new Told();
    const sending = await sendToNobody(source);
    sending.dispose();
    sending.dispose();
    await sending.ended;
    assert.equal(source.isClosed, true);
  });
});

describe('the thread of the datagrams', () => {
  let worker: UdpWorker;
  beforeEach(() => {
    worker = new UdpWorker();
  });
  afterEach(() => worker.close());

  it('says why it cannot have a port, and may be asked again', async () => {
    await assert.rejects(worker.listen(NOT_HERE, 0), { code: 'EADDRNOTAVAIL' });
    assert.equal(worker.port, 0);
    await worker.listen(HOST, 0);
    assert.notEqual(worker.port, 0);
  });

  it('takes another port where one is taken', async () => {
    const other = createSocket('udp4').bind(0, HOST);
    await once(other, 'listening');
    await worker.listen(HOST, other.address().port);
    assert.notEqual(worker.port, 0);
    assert.notEqual(worker.port, other.address().port);
    other.close();
  });

  it('leaves its port when it is closed', async () => {
    await worker.listen(HOST, 0);
    const { port } = worker;
    await worker.close();
    const next = createSocket('udp4').bind(port, HOST);
    await once(next, 'listening');
    next.close();
  });

  // Elsewhere a thread has no priority of its own.
  if (process.platform === 'linux') {
    it('lets every other thread of this process go first', async () => {
      await worker.listen(HOST, 0);
      const all = await niceness();
      assert.equal(all.filter((nice) => nice > Math.min(...all)).length, 1, `${all}`);
    });
  }
});

/** Of each thread of this process. */
async function niceness(): Promise<number[]> {
  const threads = await readdir('/proc/self/task');
  const stats = await Promise.all(
    threads.map((thread) => readFile(`/proc/self/task/${thread}/stat`, 'utf8').catch(() => '')),
  );
  // The 17th field behind the name, which is in brackets (proc_pid_stat(5)).
  return stats.filter(Boolean).map((stat) => Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]));
}
