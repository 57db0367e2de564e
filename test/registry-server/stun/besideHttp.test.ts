// STUN as a part of the registry: it starts beside HTTP, and ends with it.

import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import * as v from 'valibot';
import { startRegistry } from '../../../registry-server/registryServer.ts';
import { SqliteStore } from '../../../registry-server/store/sqliteStore.ts';
import type { StunChoice } from '../../../registry-server/stun/stunServer.ts';
import { loggerOf } from '../../../src/base/logger.ts';
import { RegisterAnswer } from '../../../src/contract/registry.ts';
import { decodeStunMessage } from '../../../src/wire/stunMessage.ts';
import { sampleRequest } from '../../vectors/rfc5769.ts';
import { signedPeer } from '../signedPeer.ts';
import { NO_LIMITS } from '../testRegistry.ts';

describe('a registry with STUN', () => {
  const store = new SqliteStore(':memory:');

  after(() => store.close());

  function start(stun?: StunChoice) {
    const place = { port: 0, host: '127.0.0.1', store, limits: NO_LIMITS, clock: { now: () => 0 } };
    return startRegistry({ ...place, log: loggerOf('registry', () => undefined), ...(stun && { stun }) });
  }

  it('answers on two UDP ports of its own address until it is closed', async () => {
    const registry = await start({});
    const [first = 0, second = 0] = registry.stunPorts;
    const client = createSocket('udp4').bind(0, '127.0.0.1');
    await once(client, 'listening');
    for (const port of [first, second]) {
      client.send(sampleRequest, port, '127.0.0.1');
      const [bytes, from] = await once(client, 'message');
      // The sample carries credentials, which nobody has here.
      assert.deepEqual([decodeStunMessage(bytes).kind, from.port], ['error', port]);
    }
    assert.equal(registry.stunCounts()?.answered, 2);
    await registry.close();
    client.close();
    const again = createSocket('udp4').bind(first, '127.0.0.1');
    await once(again, 'listening');
    again.close();
  });

  it('tells who registers where it answers', async () => {
    const registry = await start({ port2: 'off' });
    const response = await fetch(`${registry.url}/v1/peers/Sara`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(signedPeer().registration('Sara', 1)),
    });
    const { stunPorts } = v.parse(RegisterAnswer, await response.json());
    assert.deepEqual(stunPorts, registry.stunPorts);
    assert.equal(stunPorts?.length, 1);
    await registry.close();
  });

  it('is a registry without STUN unless it is told to have it', async () => {
    const registry = await start();
    assert.deepEqual([registry.stunPorts, registry.stunCounts()], [[], undefined]);
    await registry.close();
  });

  it('does not start when a UDP port that was asked for is in use, and leaves nothing behind', async () => {
    const other = createSocket('udp4').bind(0, '127.0.0.1');
    await once(other, 'listening');
    await assert.rejects(start({ port: other.address().port }), { name: 'StartError', exitCode: 2 });
    other.close();
  });
});
