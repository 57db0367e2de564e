// Two engines who write to each other while they are killed, stopped and frozen, links are cut and clocks are set, at random.
// `npm run bench -- --only soak` has many more of them.

import assert from 'node:assert/strict';
import { soakChat } from '../support/soak/chatSoak.ts';

const MISHAPS = 10;

describe('a chat in which much goes wrong', function () {
  this.timeout(240_000);

  for (const seed of [1, 2]) {
    it(`loses, doubles, reorders and mislabels nothing (seed ${seed})`, async () => {
      const { problems, mishaps, stored } = await soakChat({ seed, messages: 400, mishaps: MISHAPS });
      assert.deepEqual(problems, []);
      assert.ok(stored >= 400, `${stored}`);
      assert.equal(
        Object.values(mishaps).reduce((sum, count) => sum + count),
        MISHAPS,
      );
    });
  }
});
