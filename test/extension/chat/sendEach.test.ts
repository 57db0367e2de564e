import assert from 'node:assert/strict';
import { fail } from '../../../src/contract/failure.ts';
import { Cancelled } from '../../../src/extension/chat/patiently.ts';
import { MAX_TOLD, sendEach } from '../../../src/extension/chat/sendEach.ts';

describe('files that are sent together', () => {
  let sent: string[];
  let told: string[];
  let more: string[];
  const unchecked = (name: string) => fail('pictureUnchecked', { name, why: 'busy' });

  beforeEach(() => {
    [sent, told, more] = [[], [], []];
  });

  /** Those that begin with a dash cannot be sent. */
  const send = (names: string[], reason: (name: string) => Error = unchecked) =>
    sendEach(
      names,
      async (name) => {
        if (name.startsWith('-')) throw reason(name);
        sent.push(name);
      },
      {
        tell: (error) => told.push((error as Error).message),
        tellMore: (errors) => more.push(...errors.map((error) => (error as Error).message)),
      },
    );

  it('go, though one before them cannot', async () => {
    await assert.rejects(send(['a', '-b', 'c']), unchecked('-b'));
    assert.deepEqual([sent, told, more], [['a', 'c'], [], []]);
  });

  it('fail each with a word of its own', async () => {
    await assert.rejects(send(['-a', 'b', '-c']), unchecked('-a'));
    assert.deepEqual([sent, told, more], [['b'], [unchecked('-c').message], []]);
  });

  it('are told of in so many notices that they can be read, and none is left out', async () => {
    const names = Array.from({ length: 50 }, (_, i) => `-${i}`);
    await assert.rejects(send(names), unchecked('-0'));
    assert.equal(1 + told.length, MAX_TOLD);
    assert.deepEqual(
      [...told, ...more],
      names.slice(1).map((name) => unchecked(name).message),
    );
  });

  it('that cannot be sent for one reason are told of once', async () => {
    const blocked = fail('notAccepted', { name: 'Sara' });
    await assert.rejects(
      send(['-a', '-b', '-c'], () => blocked),
      blocked,
    );
    assert.deepEqual([told, more], [[], []]);
  });

  it('stop without a word where the person has cancelled one', async () => {
    await send(['a', '-b', 'c'], () => new Cancelled());
    assert.deepEqual([sent, told, more], [['a'], [], []]);
  });

  it('stop at a bug, and where the engine is gone, and what failed before is told of all the same', async () => {
    for (const end of [new TypeError('a bug'), fail('engineGone', {}), fail('engineEnded', {})]) {
      const reason = (name: string) => (name === '-end' ? end : unchecked(name));
      await assert.rejects(send(['a', '-b', '-end', 'd'], reason), unchecked('-b'));
      assert.deepEqual([sent.splice(0), told.splice(0)], [['a'], [end.message]]);
    }
  });
});
