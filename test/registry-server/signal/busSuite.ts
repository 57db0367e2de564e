// What every bus does, whichever it is: one suite for the one in this process and the one over a real Redis.

import assert from 'node:assert/strict';
import type { PresenceBus } from '../../../registry-server/signal/presenceBus.ts';
import { eventually } from './instance.ts';

/** `open` gives the buses of so many instances, not listened to yet. */
export function busSuite(instances: number, open: (count: number) => Promise<PresenceBus[]>): void {
  describe('as any bus', () => {
    let buses: PresenceBus[];
    let heard: string[][];

    beforeEach(async () => {
      buses = await open(instances);
      heard = buses.map(() => []);
      buses.forEach((bus, i) => {
        bus.listen({ heard: (topic, text) => heard[i]?.push(`${topic} ${text}`), road: () => undefined });
      });
    });

    afterEach(() => {
      for (const bus of buses) bus.close();
    });

    it('carries what is published to each instance that follows the topic, in order', async () => {
      for (const bus of buses) await bus.follow('name:سارا "{}"');
      for (const text of ['one', 'two', 'three']) await buses[0]?.publish('name:سارا "{}"', text);
      for (const each of heard) {
        await eventually(() => each.length >= 3);
        assert.deepEqual(
          each,
          ['one', 'two', 'three'].map((text) => `name:سارا "{}" ${text}`),
        );
      }
    });

    it('carries nothing of other topics, nor of one that is not followed any more', async () => {
      for (const bus of buses) {
        await bus.follow('name:a');
        await bus.follow('name:b');
        bus.unfollow('name:a');
      }
      await buses[0]?.publish('name:c', 'x');
      await buses[0]?.publish('name:a', 'x');
      await buses[0]?.publish('name:b', 'last');
      for (const each of heard) {
        await eventually(() => each.length > 0);
        assert.deepEqual(each, ['name:b last']);
      }
    });

    it('answers how many instances heard, or that nobody can know', async () => {
      const nobody = await buses[0]?.publish('key:1', 'x');
      assert.ok(nobody === 0 || nobody === undefined);
      for (const bus of buses) await bus.follow('key:1');
      const all = await buses[0]?.publish('key:1', 'x');
      assert.ok(all === buses.length || all === undefined);
    });

    it('hears a topic once however often it is followed', async () => {
      const [bus] = buses;
      await bus?.follow('name:a');
      await bus?.follow('name:a');
      await bus?.publish('name:a', '1');
      await bus?.publish('name:a', '2');
      await eventually(() => heard[0]?.includes('name:a 2') === true);
      assert.equal(heard[0]?.length, 2);
    });
  });
}
