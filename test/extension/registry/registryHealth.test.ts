// Whether there is a registry at an address, at servers of all kinds.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isRegistry } from '../../../src/extension/registry/registryHealth.ts';
import { testRegistry } from '../../registry-server/testRegistry.ts';
import { freePort } from '../../support/freePort.ts';

describe('who asks whether a registry is there', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  async function at(listener: RequestListener): Promise<string> {
    const server = createServer(listener).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it('finds one', async () => {
    const registry = await testRegistry();
    assert.equal(await isRegistry(registry.url), true);
    await registry.close();
  });

  it('takes nobody else for one', async () => {
    assert.equal(await isRegistry(`http://127.0.0.1:${await freePort()}`), false);
    assert.equal(await isRegistry(await at((_, response) => response.end('<html>'))), false);
    assert.equal(await isRegistry(await at((_, response) => response.end('{"status":"ok"}'))), false);
    assert.equal(
      await isRegistry(await at((_, response) => response.writeHead(404).end('{"peers":[]}'))),
      false,
    );
  });
});
