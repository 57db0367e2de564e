// Whose name it is, by what their key has signed: a registry can say again what was true once.

import assert from 'node:assert/strict';
import { fail } from '../../../src/contract/failure.ts';
import { LEASE_MS, MAX_SKEW_MS } from '../../../src/contract/registry.ts';
import { Finder } from '../../../src/engine/people/finder.ts';
import { People } from '../../../src/engine/people/people.ts';
import type { FoundPeer, RegistryClient } from '../../../src/engine/reach/registryClient.ts';
import { newPublished } from '../../support/newPublished.ts';
import { ALI, BABAK, fingerprintOf, StoreFile } from '../store/support.ts';

const QUIET = { debug() {}, info() {}, warn() {}, error() {} };
const ME = fingerprintOf('e');
const NOW = 1_800_000_000_000;
/** Both clocks may be off against the registry's, one each way. */
const OLDEST = NOW - LEASE_MS - 2 * MAX_SKEW_MS;

describe('whether a name is somebody’s', () => {
  let file: StoreFile;
  let finder: Finder;
  /** By name. */
  let records: Map<string, Pick<FoundPeer, 'fingerprint' | 'signedAt'>>;

  beforeEach(() => {
    file = new StoreFile();
    records = new Map();
    const published = newPublished(ME);
    const clock = { now: () => NOW };
    const people = new People(file.open(), published, clock);
    const client = { lookUp } as unknown as RegistryClient;
    finder = new Finder({ me: ME, people, published, clock, client: () => client, log: QUIET });
  });
  afterEach(() => file.remove());

  async function lookUp(name: string): Promise<FoundPeer> {
    const record = records.get(name);
    if (record === undefined) throw fail('unknownUser', { name });
    return { name, addresses: [], tcpPort: 1, udpPort: 2, online: true, lastSeenAt: NOW, ...record };
  }

  it('is what the key has signed within a lease', async () => {
    records.set('Ali', { fingerprint: ALI, signedAt: OLDEST });
    assert.deepEqual(
      [await finder.hasSigned(ALI, 'Ali'), await finder.hasSigned(BABAK, 'Ali')],
      [true, false],
    );
    assert.equal(await finder.hasSigned(ALI, 'Zahra'), false);
  });

  it('is not what they signed longer ago', async () => {
    records.set('Ali', { fingerprint: ALI, signedAt: OLDEST - 1 });
    assert.equal(await finder.hasSigned(ALI, 'Ali'), false);
  });

  it('is not what they signed before the name that they had last', async () => {
    records.set('Ali', { fingerprint: ALI, signedAt: NOW - 2 });
    records.set('Ali Reza', { fingerprint: ALI, signedAt: NOW - 1 });
    records.set('Babak', { fingerprint: BABAK, signedAt: NOW - 2 });
    const answers = [];
    for (const name of ['Ali', 'Ali Reza', 'Ali Reza', 'Ali'])
      answers.push(await finder.hasSigned(ALI, name));
    assert.deepEqual(answers, [true, true, true, false]);
    assert.equal(await finder.hasSigned(BABAK, 'Babak'), true, 'nobody else’s time counts');
  });
});
