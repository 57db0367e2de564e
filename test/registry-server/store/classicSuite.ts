// What every store does with the records of course clients: one suite, as storeSuite.ts. The time is virtual.

import assert from 'node:assert/strict';
import { nameKeysOf } from '../../../registry-server/nameKeys.ts';
import {
  CLASSIC_DIALECTS,
  CLASSIC_MS,
  type ClassicDialect,
  type ClassicName,
  MAX_CLASSIC_NAMES,
} from '../../../registry-server/store/classicRecords.ts';
import type { Store } from '../../../registry-server/store/store.ts';
import { tidyName } from '../../../src/contract/names.ts';
import { BINDING_MS } from '../../../src/contract/registry.ts';
import { registrationOf, SARAS_KEY } from './registrationOf.ts';

const START = 1_800_000_000_000;

function nameOf(name: string, dialect: ClassicDialect = 's0'): ClassicName {
  const keys = nameKeysOf(tidyName(name));
  assert.ok(keys, name);
  return { dialect, name, keys };
}

/** `open` gives an empty store; whoever calls closes it. */
export function classicSuite(open: () => Promise<{ readonly store: Store }>): void {
  let store: Store;

  beforeEach(async () => {
    ({ store } = await open());
  });

  /** Registers and answers what became of it. */
  async function leave(name: ClassicName, place = 'here', now = START, isOnce = false) {
    return store.classic.register({ ...name, place, isOnce }, now);
  }

  it('keeps a record under its exact name', async () => {
    const place = ' (127.0.1.1,8010) "{}"\n\\ سارا ';
    assert.equal(await leave(nameOf('سارا :x'), place, START), 'registered');
    assert.equal(await store.classic.find(nameOf('سارا :x'), START), place);
    assert.deepEqual(await store.classic.names('s0', START), ['سارا :x']);
  });

  it('knows nothing that was not left', async () => {
    assert.equal(await store.classic.find(nameOf('ali'), START), undefined);
    assert.deepEqual(await store.classic.names('s0', START), []);
  });

  it('tells names apart that one key would own together', async () => {
    await leave(nameOf('Ali'), 'one');
    await leave(nameOf('ali'), 'other');
    assert.equal(await store.classic.find(nameOf('Ali'), START), 'one');
    assert.equal(await store.classic.find(nameOf('ali'), START), 'other');
    assert.equal(await store.classic.find(nameOf('ALI'), START), undefined);
  });

  it('keeps the dialects apart', async () => {
    for (const dialect of CLASSIC_DIALECTS) await leave(nameOf('ali', dialect), dialect);
    for (const dialect of CLASSIC_DIALECTS) {
      assert.equal(await store.classic.find(nameOf('ali', dialect), START), dialect);
      assert.deepEqual(await store.classic.names(dialect, START), ['ali']);
    }
  });

  it('replaces a record, whoever comes, and lists it last', async () => {
    await leave(nameOf('b'), 'old');
    await leave(nameOf('a'));
    assert.equal(await leave(nameOf('b'), 'new'), 'registered');
    assert.equal(await store.classic.find(nameOf('b'), START), 'new');
    assert.deepEqual(await store.classic.names('s0', START), ['a', 'b']);
  });

  it('lists names in the order of registration, also those of one moment', async () => {
    const names = ['z', 'm', 'a', 'Z', '0'];
    for (const name of names) await leave(nameOf(name));
    assert.deepEqual(await store.classic.names('s0', START), names);
  });

  it('keeps what is there where a dialect has no updates, until it lapses', async () => {
    assert.equal(await leave(nameOf('ali', 's1'), 'one', START, true), 'registered');
    assert.equal(await leave(nameOf('ali', 's1'), 'two', START + CLASSIC_MS - 1, true), 'held');
    assert.equal(await store.classic.find(nameOf('ali', 's1'), START), 'one');
    assert.equal(await leave(nameOf('ali', 's1'), 'two', START + CLASSIC_MS, true), 'registered');
    assert.equal(await store.classic.find(nameOf('ali', 's1'), START + CLASSIC_MS), 'two');
  });

  it('gives a name without updates to one of many that want it at the same moment', async () => {
    const wishes = Array.from({ length: 20 }, (_, i) => leave(nameOf('ali', 's1'), `${i}`, START, true));
    const outcomes = await Promise.all(wishes);
    assert.equal(outcomes.filter((outcome) => outcome === 'registered').length, 1);
    assert.equal(await store.classic.find(nameOf('ali', 's1'), START), `${outcomes.indexOf('registered')}`);
  });

  it('forgets a record 24 hours after it was last registered', async () => {
    await leave(nameOf('old'), 'x', START);
    await leave(nameOf('ali'), 'x', START);
    await leave(nameOf('ali'), 'y', START + 1_000);
    const end = START + CLASSIC_MS;
    assert.equal(await store.classic.find(nameOf('old'), end - 1), 'x');
    assert.equal(await store.classic.find(nameOf('old'), end), undefined);
    assert.deepEqual(await store.classic.names('s0', end), ['ali']);
    assert.equal(await store.classic.find(nameOf('ali'), end + 999), 'y');
    assert.equal(await store.classic.find(nameOf('ali'), end + 1_000), undefined);
  });

  it('never takes a name from a key, nor one that looks the same', async () => {
    await store.register(registrationOf('Sara', START), START);
    for (const name of ['Sara', 'sara', ' SARA ', 'Ѕаrа']) {
      assert.equal(await leave(nameOf(name), 'x', START + 1), 'bound', name);
    }
    assert.equal((await store.find(nameOf('Sara').keys, START))?.fingerprint, SARAS_KEY);
    assert.deepEqual(await store.classic.names('s0', START), []);
    assert.equal(await leave(nameOf('Sara'), 'x', START + BINDING_MS), 'registered');
  });

  it('makes way for a key, whose name is then its alone', async () => {
    for (const dialect of CLASSIC_DIALECTS) await leave(nameOf('Sara', dialect));
    await leave(nameOf('sara'));
    await leave(nameOf('ali'));
    const { kind } = await store.register(registrationOf('SARA', START + 1), START + 1);
    assert.equal(kind, 'created');
    for (const dialect of CLASSIC_DIALECTS) {
      assert.equal(await store.classic.find(nameOf('Sara', dialect), START + 1), undefined);
    }
    assert.deepEqual(await store.classic.names('s0', START + 1), ['ali']);
    assert.deepEqual(await store.classic.names('s4', START + 1), []);
  });

  it('does not make way for a key that is refused', async () => {
    await leave(nameOf('ali'));
    await store.register(registrationOf('Sara', START), START);
    await store.register(registrationOf('Sara', START + 1, 'b'.repeat(64)), START + 1);
    assert.equal(await store.classic.find(nameOf('ali'), START + 1), 'here');
  });

  it('is open to anybody again after a release', async () => {
    const { keys, fingerprint, ...rest } = registrationOf('Sara', START);
    await store.register({ keys, fingerprint, ...rest }, START);
    await store.release({ keys, fingerprint, signedAt: START + 1 }, START + 1);
    assert.equal(await leave(nameOf('Sara'), 'x', START + 2), 'registered');
  });

  it('shows nothing of them in the directory of keys', async () => {
    await leave(nameOf('ali'));
    assert.equal(await store.find(nameOf('ali').keys, START), undefined);
    const { entries } = await store.page({ prefix: '', after: undefined, limit: 10 }, START);
    assert.deepEqual(entries, []);
  });

  it('keeps a bounded number in each dialect, the latest', async () => {
    await leave(nameOf('other', 's2'));
    const names = Array.from({ length: MAX_CLASSIC_NAMES + 3 }, (_, i) => `peer ${i}`);
    for (const name of names) await leave(nameOf(name));
    assert.deepEqual(await store.classic.names('s0', START), names.slice(3));
    assert.equal(await store.classic.find(nameOf('peer 2'), START), undefined);
    assert.equal(await store.classic.find(nameOf('peer 3'), START), 'here');
    assert.deepEqual(await store.classic.names('s2', START), ['other']);
  });

  it('takes names with any braces', async () => {
    for (const name of ['{a}', '}', '{', 'a}b{c', '%7D', '}%']) {
      assert.equal(await leave(nameOf(name), name), 'registered');
      assert.equal(await store.classic.find(nameOf(name), START), name);
      await store.register(registrationOf(name, START), START);
      assert.equal(await store.classic.find(nameOf(name), START), undefined);
    }
  });
}
