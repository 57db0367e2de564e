// Who dials for a bulk connection, when, and when nobody does any more. Time is told.

import assert from 'node:assert/strict';
import { mock } from 'node:test';
import type { Fingerprint } from '../../../src/contract/fingerprint.ts';
import { BulkDoor } from '../../../src/engine/carriers/bulkDoor.ts';
import { BulkMeeting } from '../../../src/engine/carriers/bulkMeeting.ts';
import type { LiveLink } from '../../../src/engine/connections/liveLink.ts';
import type { BulkConnection, BulkListener } from '../../../src/engine/io/bulkConnection.ts';
import type { Candidate } from '../../../src/engine/reach/candidates.ts';
import { bulkTokenOf } from '../../../src/engine/transfer/bulkToken.ts';
import { realTimers } from '../../support/realTimers.ts';
import { ALI, BABAK } from '../store/support.ts';

const SECRET = Buffer.alloc(32, 7);
const NAME = { transferId: 'a'.repeat(32), session: 'b'.repeat(16) };
const TOKEN = bulkTokenOf({ secret: SECRET, ...NAME });

/** A connection that only writes down what becomes of it. */
class ToldConnection {
  readonly peer: Fingerprint;
  readonly sent: Buffer[] = [];
  isDestroyed = false;
  listener: BulkListener | undefined;

  constructor(peer: Fingerprint = ALI) {
    this.peer = peer;
  }

  listen(listener: BulkListener): void {
    this.listener = listener;
  }

  send(parts: readonly Buffer[]): void {
    this.sent.push(...parts);
  }

  destroy(): void {
    this.isDestroyed = true;
  }

  get asConnection(): BulkConnection {
    return this as unknown as BulkConnection;
  }
}

interface Dial {
  readonly to: Candidate;
  readonly signal: AbortSignal;
  answer(connection: ToldConnection): void;
  refuse(): void;
}

describe('the two ends of a bulk connection', () => {
  let door: BulkDoor;
  let dials: Dial[];
  let came: BulkConnection[];
  let missed: number;
  let meeting: BulkMeeting;

  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] });
    door = new BulkDoor(() => true);
    dials = [];
    came = [];
    missed = 0;
  });
  afterEach(() => {
    meeting.dispose();
    door.dispose();
    realTimers();
  });

  function meet(dialledByMe: boolean): void {
    const channel = { secret: SECRET, dialledByMe, remoteHost: '10.0.0.2', remotePort: 4_711 };
    const link = { channel, peer: ALI, hello: { udpPort: 4_999, tcpPort: 5_000 } } as unknown as LiveLink;
    const dial = (to: Candidate, _peer: unknown, signal: AbortSignal) =>
      new Promise<BulkConnection>((resolve, reject) => {
        const answer = (connection: ToldConnection) => resolve(connection.asConnection);
        dials.push({ to, signal, answer, refuse: () => reject(new Error('refused')) });
      });
    meeting = new BulkMeeting({ link, ...NAME }, door, dial, {
      onConnection: (connection) => came.push(connection),
      onMissed: () => missed++,
    });
  }

  /** What was promised has been carried out. */
  const settled = () => new Promise(setImmediate);

  function knock(): ToldConnection {
    const guest = new ToldConnection();
    door.knock(guest.asConnection);
    guest.listener?.onBytes(TOKEN);
    return guest;
  }

  it('meet where the link was made, at once, and the one who dials says the token', async () => {
    meet(true);
    assert.deepEqual(
      dials.map(({ to }) => to),
      [{ host: '10.0.0.2', port: 4_711 }],
    );
    const connection = new ToldConnection();
    dials[0]?.answer(connection);
    await settled();
    assert.deepEqual(came, [connection]);
    assert.deepEqual(connection.sent, [TOKEN]);
  });

  it('meet at the other side when nobody has come for a while', () => {
    meet(false);
    mock.timers.tick(299);
    assert.equal(dials.length, 0);
    mock.timers.tick(1);
    assert.deepEqual(dials[0]?.to, { host: '10.0.0.2', port: 5_000 });
  });

  it('do not dial any more once one has come', () => {
    meet(false);
    const guest = knock();
    assert.deepEqual(came, [guest]);
    mock.timers.tick(10_000);
    assert.equal(dials.length, 0);
    meeting.dispose();
    meet(true);
    knock();
    assert.equal(dials[0]?.signal.aborted, true);
  });

  it('have missed each other when the dial was refused and nobody came in the time of the other direction', async () => {
    meet(true);
    dials[0]?.refuse();
    await settled();
    assert.equal(missed, 0);
    mock.timers.tick(10_000);
    assert.equal(missed, 1);
  });

  it('have missed each other half a second after the start, or five times what the refusal took', async () => {
    for (const [refusalMs, missedAt] of [
      [20, 500],
      [400, 2_000],
    ] as const) {
      missed = 0;
      let now = 0;
      const clock = mock.method(performance, 'now', () => now);
      meet(true);
      now = refusalMs;
      mock.timers.tick(refusalMs);
      dials.at(-1)?.refuse();
      await settled();
      mock.timers.tick(missedAt - refusalMs - 1);
      assert.equal(missed, 0);
      mock.timers.tick(1);
      assert.equal(missed, 1);
      clock.mock.restore();
      meeting.dispose();
    }
  });

  it('have not missed each other when somebody came after the refusal', async () => {
    meet(true);
    dials[0]?.refuse();
    await settled();
    mock.timers.tick(100);
    knock();
    mock.timers.tick(10_000);
    assert.deepEqual([missed, came.length], [0, 1]);
  });

  it('let go of a connection that comes when the session is over', async () => {
    meet(true);
    meeting.dispose();
    const late = new ToldConnection();
    dials[0]?.answer(late);
    await settled();
    assert.deepEqual([late.isDestroyed, came, dials[0]?.signal.aborted], [true, [], true]);
    mock.timers.tick(10_000);
    assert.equal(missed, 0);
  });
});

describe('guests at the door for bulk connections', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
  afterEach(() => realTimers());

  function knockOf(door: BulkDoor, peer: Fingerprint): ToldConnection {
    const guest = new ToldConnection(peer);
    door.knock(guest.asConnection);
    return guest;
  }

  it('are shown out after three seconds without a token that fits', () => {
    const door = new BulkDoor(() => true);
    const guest = knockOf(door, ALI);
    mock.timers.tick(2_999);
    assert.equal(guest.isDestroyed, false);
    mock.timers.tick(1);
    assert.equal(guest.isDestroyed, true);
  });

  it('are 64 of one and 128 in all; then the one who came first goes', () => {
    const door = new BulkDoor(() => true);
    const [ofAli, ofBabak] = [ALI, BABAK].map((peer) =>
      Array.from({ length: 64 }, () => knockOf(door, peer)),
    ) as [ToldConnection[], ToldConnection[]];
    assert.equal(knockOf(door, ALI).isDestroyed, true);
    assert.ok([...ofAli, ...ofBabak].every(({ isDestroyed }) => !isDestroyed));
    assert.equal(knockOf(door, 'c'.repeat(64) as Fingerprint).isDestroyed, false);
    assert.deepEqual([ofAli[0]?.isDestroyed, ofAli[1]?.isDestroyed], [true, false]);
    door.dispose();
  });
});
