// Whom the engine dials and when, without a network: no dial gets any further than looking for the person.

import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { Dialler } from '../../../src/engine/connections/dialler.ts';
import { Links } from '../../../src/engine/connections/links.ts';
import { Conversations } from '../../../src/engine/conversations/conversations.ts';
import { REDIAL } from '../../../src/engine/link/params.ts';
import { People } from '../../../src/engine/people/people.ts';
import type { Published } from '../../../src/engine/windows/published.ts';
import { ShownMessages } from '../../../src/engine/windows/shownMessages.ts';
import { newPublished } from '../../support/newPublished.ts';
import { ALI, fingerprintOf, StoreFile } from '../store/support.ts';

const QUIET = { debug() {}, info() {}, warn() {}, error() {} };
const HERE = [{ fingerprint: ALI, name: 'ali', online: true, lastSeenAt: 5_000 }];

describe('the dialler', () => {
  let file: StoreFile;
  let published: Published;
  let people: People;
  let links: Links;
  let dialler: Dialler;
  /** How each dial was looked for; it goes on until it is given up. */
  let dials: AbortSignal[];

  beforeEach(() => {
    file = new StoreFile();
    const store = file.open();
    published = newPublished(fingerprintOf('f'));
    const clock = { now: () => 5_000 };
    people = new People(store, published, clock);
    const shown = new ShownMessages(store, published);
    const conversations = new Conversations(store, people, published, shown, clock);
    const introduction = () => ({ name: 'me', instance: 'fedcba9876543210', udpPort: 7 });
    links = new Links(fingerprintOf('f'), people, conversations, store, introduction, QUIET);
    dials = [];
    const nobody = { keyPem: '', certPem: '', fingerprintOf: () => undefined };
    dialler = new Dialler(people, links, nobody, (_, signal) => search(signal), QUIET);
    people.learn(ALI, { standing: 'accepted', connectWanted: true, name: 'ali' });
  });
  afterEach(() => {
    dialler.dispose();
    links.dispose();
    file.remove();
  });

  function search(signal: AbortSignal): Promise<never> {
    dials.push(signal);
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  }

  const underWay = () => dials.map(({ aborted }) => !aborted);

  function signIn(): void {
    people.setDirectory(HERE);
    dialler.considerAll();
  }

  function signOut(): void {
    people.setDirectory(undefined);
    dialler.considerAll();
    dialler.endAll();
  }

  it('dials whoever was being dialled when my person signed out, once they have signed in again', () => {
    signIn();
    signOut();
    assert.deepEqual(underWay(), [false]);
    signIn();
    assert.deepEqual(underWay(), [false, true]);
  });

  it('dials nobody any more once my person has signed out of a registry that does not answer', async () => {
    people.learn(ALI, { hosts: ['127.0.0.1'] });
    dialler.considerAll();
    assert.equal(dials.length, 1, 'where they were last');
    const { name: _, ...nobody } = published.state.me;
    published.publish({ kind: 'meChanged', me: nobody });
    dialler.endAll();
    await setTimeout(2 * REDIAL.firstMs);
    assert.equal(dials.length, 1);
  });

  it('waits, once its dials are ended, until there is a reason to dial again', () => {
    signIn();
    dialler.endAll();
    dialler.considerAll();
    assert.equal(dials.length, 1);
    dialler.wake();
    assert.equal(dials.length, 2);
  });
});
