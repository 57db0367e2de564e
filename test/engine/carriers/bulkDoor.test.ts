// Who is let in with a bulk connection, over real sockets on loopback.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import type { Fingerprint } from '../../../src/contract/fingerprint.ts';
import { BulkDoor, MAX_GUESTS_OF_ONE } from '../../../src/engine/carriers/bulkDoor.ts';
import { fingerprintOfCertificate } from '../../../src/engine/identity/fingerprint.ts';
import { type Identity, loadIdentity } from '../../../src/engine/identity/identity.ts';
import { TlsListener } from '../../../src/engine/io/tlsListener.ts';
import { BULK_ALPN, BULK_TOKEN_BYTES } from '../../../src/wire/bulkFrame.ts';
import { ended } from '../../support/stranger.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const HOST = '127.0.0.1';
/** Longer than any test. */
const PATIENCE_MS = 60_000;

const tokenOf = (digit: number) => Buffer.alloc(BULK_TOKEN_BYTES, digit);

describe('the door for bulk connections', () => {
  const folder = temporaryFolder();
  let sara: Identity;
  let bob: Identity;
  let eve: Identity;
  let linked: Set<Fingerprint>;
  let door: BulkDoor;
  let listener: TlsListener;
  let dialled: TLSSocket[];
  let taken: [who: string, rest: string][];

  beforeEach(async () => {
    [sara, bob, eve] = (await Promise.all(['sara', 'bob', 'eve'].map(someone))) as [
      Identity,
      Identity,
      Identity,
    ];
    linked = new Set([sara.fingerprint, eve.fingerprint]);
    door = new BulkDoor((peer) => linked.has(peer), PATIENCE_MS);
    const me = { ...bob, fingerprintOf: fingerprintOfCertificate };
    const links = () => assert.fail('no link was asked for');
    listener = await TlsListener.open(HOST, 0, me, links, (connection) => door.knock(connection));
    dialled = [];
    taken = [];
  });
  afterEach(() => {
    for (const socket of dialled) socket.destroy();
    door.dispose();
    listener.dispose();
  });

  async function someone(name: string): Promise<Identity> {
    const place = path.join(folder.path, name);
    await mkdir(place);
    return loadIdentity(place);
  }

  async function dial({ keyPem: key, certPem: cert }: Identity, ...said: Buffer[]): Promise<TLSSocket> {
    const options = { host: HOST, port: listener.port, rejectUnauthorized: false, key, cert };
    const socket = connect({ ...options, ALPNProtocols: [BULK_ALPN] }).on('error', () => {});
    dialled.push(socket);
    await once(socket, 'secureConnect');
    for (const bytes of said) socket.write(bytes);
    return socket;
  }

  /** Resolves when somebody has been led to this session. */
  function expecting(who: string, { fingerprint }: Identity, token: Buffer): Promise<void> {
    return new Promise((resolve) => {
      door.expect(fingerprint, token, (connection, rest) => {
        taken.push([who, rest.toString('hex')]);
        connection.listen({ onBytes: () => undefined, onLost: () => undefined });
        resolve();
      });
    });
  }

  it('leads each to the session whose token it says, with what it has said besides', async () => {
    const one = expecting('one', sara, tokenOf(1));
    const two = expecting('two', sara, tokenOf(2));
    await dial(sara, Buffer.concat([tokenOf(2), Buffer.from('00000007', 'hex')]));
    await two;
    await dial(sara, tokenOf(1).subarray(0, 5), tokenOf(1).subarray(5));
    await one;
    assert.deepEqual(taken, [
      ['two', '00000007'],
      ['one', ''],
    ]);
  });

  it('keeps one that is early until its session begins', async () => {
    const socket = await dial(sara, tokenOf(1));
    // The token is there: what is said later has been answered.
    await expectingSomebodyElse();
    await expecting('late', sara, tokenOf(1));
    assert.equal(socket.destroyed, false);
  });

  it('shows out who says no token, another one, or one that was given to somebody else', async () => {
    door = new BulkDoor((peer) => linked.has(peer), 50);
    void expecting('sara', sara, tokenOf(1));
    await Promise.all([
      ended(await dial(sara)),
      ended(await dial(sara, tokenOf(9))),
      ended(await dial(eve, tokenOf(1))),
    ]);
    assert.deepEqual(taken, []);
  });

  it('shows out whoever has no link, and whoever says much before the session has begun', async () => {
    linked.delete(eve.fingerprint);
    await ended(await dial(eve, tokenOf(1)));
    await ended(await dial(sara, tokenOf(1), Buffer.alloc(4_096)));
    assert.deepEqual(taken, []);
  });

  it('lets one peer wait a bounded number of times, and has room for others then', async () => {
    const many = Array.from({ length: MAX_GUESTS_OF_ONE }, () => dial(sara, tokenOf(9)));
    const waiting = await Promise.all(many);
    await expectingSomebodyElse();
    await ended(await dial(sara, tokenOf(9)));
    assert.ok(waiting.every(({ destroyed }) => !destroyed));
  });

  it('forgets a session that has ended, and everybody when it is closed', async () => {
    door.expect(sara.fingerprint, tokenOf(1), () => assert.fail('taken')).dispose();
    const socket = await dial(sara, tokenOf(1));
    await expectingSomebodyElse();
    door.dispose();
    await ended(socket);
  });

  /** By then, whatever was said before has been heard. */
  async function expectingSomebodyElse(): Promise<void> {
    const led = expecting('eve', eve, tokenOf(5));
    await dial(eve, tokenOf(5));
    await led;
  }
});
