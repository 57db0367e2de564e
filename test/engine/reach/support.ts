// Somebody with a key, and a registry that answers what a test tells it to.

import { generateKeyPairSync, sign } from 'node:crypto';
import type { Fingerprint } from '../../../src/contract/fingerprint.ts';
import type { PeerAnswer, PeerRecord } from '../../../src/contract/registry.ts';
import type { HttpAnswer, HttpRequest } from '../../../src/engine/reach/httpEdge.ts';
import { RegistryClient, type RegistryClientOptions } from '../../../src/engine/reach/registryClient.ts';
import { fingerprintDigits, registrationBytes } from '../../../src/wire/signedRecord.ts';

export const URL_ = 'http://127.0.0.1:8000';
export const NOW = 1_800_000_000_000;
export const NONCE = 'AAAAAAAAAAAAAAAAAAAAAA==';

export class Somebody {
  readonly #pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  readonly #spki = this.#pair.publicKey.export({ format: 'der', type: 'spki' });
  readonly publicKey = this.#spki.toString('base64');
  readonly fingerprint = fingerprintDigits(this.#spki) as Fingerprint;

  sign(bytes: Uint8Array): string {
    return sign('sha256', bytes, { key: this.#pair.privateKey, dsaEncoding: 'ieee-p1363' }).toString(
      'base64',
    );
  }

  record(name: string): PeerRecord {
    return {
      ...{ name, publicKey: this.publicKey, time: NOW, nonce: NONCE },
      addresses: ['192.168.1.7', 'fd00::7'],
      ...{ tcpPort: 5000, udpPort: 5001 },
    };
  }

  peerAnswer(name: string): PeerAnswer {
    const record = this.record(name);
    return {
      record,
      signature: this.sign(registrationBytes(record)),
      observedAddress: '10.0.0.7',
      online: true,
      lastSeenAt: NOW - 1000,
    };
  }
}

export const ok = (body: unknown, status = 200): HttpAnswer => ({ status, body: JSON.stringify(body) });

export const problem = (type: string, status: number, more: object = {}): HttpAnswer =>
  ok({ type: `/problems/${type}`, title: `title of ${type}`, status, ...more }, status);

/** Gives one answer after the other, the last one ever after, and keeps what it was asked. */
export class FakeRegistry {
  readonly asked: HttpRequest[] = [];
  readonly #answers: (HttpAnswer | Error)[];

  constructor(...answers: (HttpAnswer | Error)[]) {
    this.#answers = answers;
  }

  readonly request = async (request: HttpRequest): Promise<HttpAnswer> => {
    this.asked.push(request);
    const answer = this.#answers.length > 1 ? this.#answers.shift() : this.#answers[0];
    if (answer instanceof Error || answer === undefined) throw answer ?? new Error('nothing to answer');
    return answer;
  };
}

export function clientOf(
  request: RegistryClientOptions['request'],
  me: Somebody,
  more: Partial<RegistryClientOptions> = {},
): RegistryClient {
  const clock = { now: () => NOW };
  return new RegistryClient({ url: URL_, request, me, clock, nonce: () => NONCE, ...more });
}
