// How long guests at the door for bulk connections are kept, knock by knock.

import assert from 'node:assert/strict';
import { mock } from 'node:test';
import type { Fingerprint } from '../../../src/contract/fingerprint.ts';
import { BulkDoor, MAX_GUESTS_OF_ONE } from '../../../src/engine/carriers/bulkDoor.ts';
import type { BulkConnection } from '../../../src/engine/io/bulkConnection.ts';
import { BULK_TOKEN_BYTES } from '../../../src/wire/bulkFrame.ts';
import { realTimers } from '../../support/realTimers.ts';

const PEER = 'a'.repeat(64) as Fingerprint;
const TOKEN = Buffer.alloc(BULK_TOKEN_BYTES, 1);
const PATIENCE_MS = 3_000;

class Guest {
  isShownOut = false;
  #events: Parameters<BulkConnection['listen']>[0] | undefined;

  constructor(door: BulkDoor) {
    const connection = {
      peer: PEER,
      listen: (events: Parameters<BulkConnection['listen']>[0]) => {
        this.#events = events;
      },
      destroy: () => {
        this.isShownOut = true;
      },
    };
    door.knock(connection as unknown as BulkConnection);
  }

  say(bytes: Buffer): void {
    this.#events?.onBytes(bytes);
  }

  go(): void {
    this.#events?.onLost();
  }
}

describe('a guest at the door for bulk connections', () => {
  let door: BulkDoor;

  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] });
    door = new BulkDoor(() => true, PATIENCE_MS);
  });
  afterEach(realTimers);

  it('is left alone once it was led to its session, however long that takes', () => {
    let led = 0;
    door.expect(PEER, TOKEN, () => led++);
    const guest = new Guest(door);
    guest.say(TOKEN);
    mock.timers.tick(2 * PATIENCE_MS);
    assert.deepEqual([led, guest.isShownOut], [1, false]);
  });

  it('leaves its place to another one when it is led, shown out, or gone', () => {
    door.expect(PEER, TOKEN, () => undefined);
    for (let count = 0; count < MAX_GUESTS_OF_ONE; count++) {
      new Guest(door).say(TOKEN);
      new Guest(door).say(Buffer.alloc(4_096));
      new Guest(door).go();
    }
    for (let count = 0; count < MAX_GUESTS_OF_ONE; count++) new Guest(door);
    assert.equal(new Guest(door).isShownOut, true);
    mock.timers.tick(PATIENCE_MS);
    assert.equal(new Guest(door).isShownOut, false);
  });
});
