import assert from 'node:assert/strict';
import { Burst } from '../../src/engine/burst.ts';

describe('a burst', () => {
  let turns: (() => void)[];
  let commits: (readonly number[])[];
  let burst: Burst<number, string>;

  beforeEach(() => {
    turns = [];
    commits = [];
    burst = new Burst(
      (items) => {
        commits.push(items);
        if (items.includes(13)) throw new Error('refused');
        return items.map((item) => `done ${item}`);
      },
      (work) => turns.push(work),
    );
  });

  const turn = () => {
    for (const work of turns.splice(0)) work();
  };

  it('is committed at once when a turn brings nothing more, and answered in order', async () => {
    const first = burst.add(1);
    turn();
    const second = burst.add(2);
    turn();
    assert.deepEqual(commits, []);
    turn();
    assert.deepEqual(commits, [[1, 2]]);
    assert.deepEqual(await Promise.all([first, second]), ['done 1', 'done 2']);
    assert.deepEqual(turns, []);
  });

  it('waits two turns for others when it is one', async () => {
    const only = burst.add(1);
    turn();
    turn();
    assert.equal(await only, 'done 1');
  });

  it('is not longer than a commit should be', () => {
    for (let i = 0; i < 20; i++) {
      for (let k = 0; k < 100; k++) void burst.add(100);
      turn();
    }
    assert.ok(commits.length >= 6);
    assert.ok(commits.every((items) => items.length <= 300));
  });

  it('is committed before something else when that has to follow it', async () => {
    const first = burst.add(1);
    burst.flush();
    assert.equal(await first, 'done 1');
    turn();
    turn();
    assert.equal(commits.length, 1);
  });

  it('fails for those alone that are refused', async () => {
    const [good, bad, better] = [burst.add(1), burst.add(13), burst.add(2)];
    const refused = assert.rejects(bad, /refused/);
    burst.flush();
    assert.deepEqual(await Promise.all([good, better]), ['done 1', 'done 2']);
    await refused;
  });
});
