// What the registry is compared with: a bare Express and a bare ioredis that give the same answer, and do nothing else. Its
// own process; the URL of Redis is its argument, its port its only line. Ends with its standard input.

import type { AddressInfo } from 'node:net';
import express from 'express';
import { Redis } from 'ioredis';

const redis = new Redis(process.argv[2] ?? '');
const app = express();

app.get('/v1/peers/:name', async (request, response) => {
  const key = `hamta:peer:{${request.params.name}}`;
  const fields = await redis.hmget(key, 'record', 'signature', 'observedAddress', 'seenAt', 'leaseUntil');
  const [record, signature, observedAddress, seenAt, leaseUntil] = fields;
  if (typeof record !== 'string') {
    response.sendStatus(404);
    return;
  }
  const presence = { online: Number(leaseUntil) > Date.now(), lastSeenAt: Number(seenAt) };
  response.json({ record: JSON.parse(record), signature, observedAddress, ...presence });
});

const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
process.stdin.on('close', () => process.exit(0)).resume();
