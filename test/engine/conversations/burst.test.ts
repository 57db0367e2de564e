import assert from 'node:assert/strict';
import { Burst } from '../../../src/engine/conversations/burst.ts';

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

  /** Something was committed alone just now: what comes next is gathered. */
  const begin = () => {
    void burst.add(0);
    commits.length = 0;
  };

  it('begins with a commit at once, as nobody else may come', async () => {
    assert.equal(await burst.add(1), 'done 1');
    assert.deepEqual(commits, [[1]]);
  });

  it('gathers what follows until a turn brings nothing more, and answers in order', async () => {
    begin();
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

  it('gathers what a pipe hands over turn by turn, after the turn has looked', () => {
    void burst.add(0);
    for (let i = 1; i < 6; i++) {
      turn();
      void burst.add(i);
    }
    turn();
    turn();
    assert.deepEqual(commits, [[0], [1, 2, 3, 4, 5]]);
  });

  it('is over after two turns that brought nothing', async () => {
    begin();
    turn();
    turn();
    assert.deepEqual(turns, []);
    assert.equal(await burst.add(1), 'done 1');
  });

  it('gathers from its first on where the last one was of several', async () => {
    begin();
    void burst.add(1);
    void burst.add(2);
    for (let i = 0; i < 4; i++) turn();
    const next = burst.add(3);
    assert.deepEqual(commits, [[1, 2]]);
    turn();
    turn();
    assert.equal(await next, 'done 3');
    assert.equal(await burst.add(4), 'done 4');
  });

  it('is not longer than a commit should be', () => {
    begin();
    for (let i = 0; i < 20; i++) {
      for (let k = 0; k < 100; k++) void burst.add(100);
      turn();
    }
    assert.ok(commits.length >= 6);
    assert.ok(commits.every((items) => items.length <= 300));
  });

  it('is committed before something else when that has to follow it', async () => {
    begin();
    const first = burst.add(1);
    burst.flush();
    assert.equal(await first, 'done 1');
    turn();
    turn();
    assert.equal(commits.length, 1);
  });

  it('commits nothing where nothing has gathered, and what came densely is gathered all the same', () => {
    burst.flush();
    begin();
    void burst.add(1);
    void burst.add(2);
    for (let i = 0; i < 4; i++) turn();
    burst.flush();
    void burst.add(3);
    assert.deepEqual(commits, [[1, 2]]);
  });

  it('fails for those alone that are refused', async () => {
    begin();
    const [good, bad, better] = [burst.add(1), burst.add(13), burst.add(2)];
    const refused = assert.rejects(bad, /refused/);
    burst.flush();
    assert.deepEqual(await Promise.all([good, better]), ['done 1', 'done 2']);
    await refused;
  });

  it('answers nobody whose commit has no answer', async () => {
    const ending = new Burst<number, string>(
      () => undefined,
      (work) => turns.push(work),
    );
    const answers: unknown[] = [];
    for (const item of [1, 2, 3]) ending.add(item).then(answers.push, answers.push);
    for (let i = 0; i < 4; i++) turn();
    await new Promise(setImmediate);
    assert.deepEqual(answers, []);
  });
});
