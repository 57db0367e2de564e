// The small parts of the signal socket: lease ends, the line for the store, the frames on the wire.

import assert from 'node:assert/strict';
import { LeaseEnds } from '../../../registry-server/signal/leaseEnds.ts';
import { Outbox } from '../../../registry-server/signal/outbox.ts';
import { Turnstile } from '../../../registry-server/signal/turnstile.ts';
import { DecodeError } from '../../../src/wire/decodeError.ts';
import { decodeRelayFrame, encodeRelayFrame } from '../../../src/wire/relayFrame.ts';
import { challengeBytes, signerOfChallenge } from '../../../src/wire/signalChallenge.ts';
import { registrationBytes } from '../../../src/wire/signedRecord.ts';
import { seededRandom } from '../../support/seededRandom.ts';
import { Key } from './signalClient.ts';

describe('lease ends', () => {
  it('come out in their order, as from a sorted list', () => {
    const random = seededRandom(7);
    const ends = new LeaseEnds<number>();
    const model: number[] = [];
    for (let i = 0; i < 2_000; i++) {
      const at = Math.floor(random() * 1_000);
      ends.add(at, at);
      model.push(at);
      if (random() < 0.4) {
        model.sort((a, b) => a - b);
        assert.equal(ends.earliest(), model[0]);
        assert.equal(ends.takeDue(1_000), model.shift());
      }
    }
    assert.equal(ends.size, model.length);
  });

  it('are not taken before they are due', () => {
    const ends = new LeaseEnds<string>();
    ends.add(5, 'a');
    assert.equal(ends.takeDue(4), undefined);
    assert.equal(ends.takeDue(5), 'a');
    assert.equal(ends.takeDue(9), undefined);
  });
});

describe('an outbox', () => {
  it('gives back in order, also what comes meanwhile', () => {
    const outbox = new Outbox<number>();
    outbox.push(1, 2);
    assert.equal(outbox.shift(), 1);
    outbox.push(3);
    assert.deepEqual([outbox.shift(), outbox.shift(), outbox.shift()], [2, 3, undefined]);
    outbox.push(4);
    assert.equal(outbox.shift(), 4);
  });
});

describe('a turnstile', () => {
  it('lets so many in at a time, and all of them in the end', async () => {
    const turnstile = new Turnstile(3);
    let inside = 0;
    let most = 0;
    let done = 0;
    const work = async () => {
      most = Math.max(most, ++inside);
      await new Promise(setImmediate);
      inside -= 1;
      done += 1;
    };
    await Promise.all(Array.from({ length: 20 }, () => turnstile.pass(work)));
    assert.deepEqual([most, done, inside], [3, 20, 0]);
  });

  it('lets them in in their order, also those who come while others go', async () => {
    const turnstile = new Turnstile(2);
    const order: number[] = [];
    const passes: Promise<void>[] = [];
    const work = (i: number) => async () => {
      order.push(i);
      await new Promise(setImmediate);
      if (i < 50) passes.push(turnstile.pass(work(i + 100)));
    };
    for (let i = 0; i < 100; i++) passes.push(turnstile.pass(work(i)));
    for (let i = 0; i < passes.length; i++) await passes[i];
    assert.deepEqual(
      order,
      Array.from({ length: 150 }, (_, i) => i),
    );
  });
});

describe('the answer to a challenge', () => {
  const challenge = Buffer.alloc(32, 1).toString('base64');

  it('is signed over these bytes', () => {
    const bytes = challengeBytes({ challenge: 'AQ==', host: 'a.example:8000', publicKey: 'AA==' });
    assert.equal(Buffer.from(bytes).toString(), '["hamta/signal/1","AQ==","a.example:8000","AA=="]');
  });

  it('names the key that signed, and nobody when anything differs', () => {
    const key = new Key();
    const { publicKey } = key;
    const answer = { challenge, host: 'a:1', publicKey };
    const signature = key.sign(challengeBytes(answer));
    assert.equal(signerOfChallenge(answer, signature), key.fingerprint);
    assert.equal(signerOfChallenge({ ...answer, host: 'a:2' }, signature), undefined);
    assert.equal(signerOfChallenge({ ...answer, challenge: 'AQ==' }, signature), undefined);
    assert.equal(signerOfChallenge({ ...answer, publicKey: new Key().publicKey }, signature), undefined);
    assert.equal(signerOfChallenge({ ...answer, publicKey: 'AA==' }, signature), undefined);
    assert.equal(signerOfChallenge(answer, ''), undefined);
  });

  it('is no registration, nor is one an answer', () => {
    const key = new Key();
    const { publicKey } = key;
    const record = { name: 'a', publicKey, addresses: [], tcpPort: 1, udpPort: 1, time: 1, nonce: challenge };
    const answer = { challenge, host: 'a:1', publicKey };
    assert.equal(signerOfChallenge(answer, key.sign(registrationBytes(record))), undefined);
  });
});

describe('a relay frame', () => {
  it('has its stream in four bytes, then what it carries', () => {
    const bytes = encodeRelayFrame({ stream: 0x01020304, bytes: Buffer.from('hi') });
    assert.equal(Buffer.from(bytes).toString('hex'), '010203046869');
    assert.deepEqual(decodeRelayFrame(bytes), { stream: 0x01020304, bytes: bytes.subarray(4) });
  });

  it('carries at least one byte', () => {
    for (let length = 0; length <= 4; length++)
      assert.throws(() => decodeRelayFrame(new Uint8Array(length)), DecodeError);
  });
});
