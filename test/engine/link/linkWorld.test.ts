import assert from 'node:assert/strict';
import { seededRandom } from '../../support/seededRandom.ts';
import { LinkWorld } from './linkWorld.ts';

const SEEDS = 60;
const STEPS = 200;

describe('two engines', () => {
  it('lose, double and reorder nothing and claim nothing early, whatever happens to their links', () => {
    for (let seed = 1; seed <= SEEDS; seed++) withSeed(seed, () => run(seed));
  });

  it('pass a long backlog both ways over one link', () => {
    const world = new LinkWorld(seededRandom(1));
    for (let i = 0; i < 1_000; i++) world.write(world.a);
    for (let i = 0; i < 300; i++) world.write(world.b);
    world.dial(world.a, world.b);
    world.settle();
    assert.deepEqual(world.b.theirs, world.a.mine);
    assert.deepEqual(world.a.theirs, world.b.mine);
  });

  it('keep the same one of two links that were dialled at once, however their news crosses', () => {
    for (let seed = 1; seed <= SEEDS; seed++)
      withSeed(seed, () => {
        const world = new LinkWorld(seededRandom(seed));
        world.b.accepts = true;
        world.dial(world.a, world.b);
        world.dial(world.b, world.a);
        world.settle();
        assert.deepEqual([world.linksOf(world.a), world.linksOf(world.b)], [[1], [1]]);
      });
  });

  it('keep the same one of two links that were dialled one after the other', () => {
    for (let seed = 1; seed <= SEEDS; seed++)
      withSeed(seed, () => {
        const random = seededRandom(seed);
        const world = new LinkWorld(random);
        world.b.accepts = true;
        world.dial(world.a, world.b);
        world.pass(4_800 + random() * 400);
        world.dial(world.b, world.a);
        world.settle();
        assert.equal(world.linksOf(world.a).length, 1);
        assert.deepEqual(world.linksOf(world.a), world.linksOf(world.b));
      });
  });
});

function run(seed: number): void {
  const world = new LinkWorld(seededRandom(seed));
  for (let step = 0; step < STEPS; step++) world.step();
  world.recover();
  assert.deepEqual(world.b.theirs, world.a.mine);
  assert.deepEqual(world.a.theirs, world.b.mine);
  assert.deepEqual([world.a.delivered, world.b.delivered], [world.a.mine.length, world.b.mine.length]);
  assert.equal(world.linksOf(world.a).length, 1);
  assert.deepEqual(world.linksOf(world.a), world.linksOf(world.b));
}

function withSeed(seed: number, work: () => void): void {
  try {
    work();
  } catch (error) {
    throw new Error(`seed ${seed}: ${(error as Error).message}`, { cause: error });
  }
}
