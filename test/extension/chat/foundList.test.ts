import assert from 'node:assert/strict';
import type { SearchHit } from '../../../src/contract/search.ts';
import { type Found, type FoundBox, FoundList } from '../../../src/extension/chat/foundList.ts';
import { message } from '../people.ts';

const hitOf = (query: string): SearchHit => ({ message: message(1), excerpt: query });

/** A box in an editor that says which row is active as soon as there is one, until `isSlow`. */
class Box implements FoundBox {
  value = '';
  busy = false;
  isSlow = false;
  activeItems: readonly Found[] = [];
  #items: readonly Found[] = [];

  get items() {
    return this.#items;
  }

  set items(items) {
    this.#items = items;
    if (!this.isSlow) this.activeItems = items.slice(0, 1);
  }
}

describe('the list of what was found', () => {
  const answers = new Map<string, () => void>();
  const ask = (query: string) =>
    new Promise<readonly Found[]>((resolve) => {
      answers.set(query, () => resolve([{ label: query, hit: hitOf(query) }]));
    });
  const asking = (box: Box, list: FoundList, query: string) => {
    box.value = query;
    return { query, over: list.search() };
  };
  const answer = async ({ query, over }: { readonly query: string; readonly over: Promise<void> }) => {
    answers.get(query)?.();
    await over;
  };

  it('has nothing to choose before the first answer', async () => {
    const box = new Box();
    const list = new FoundList(box, ask);
    const first = asking(box, list, 'trace');
    assert.deepEqual([list.chosen, box.busy], [undefined, true]);
    await answer(first);
    assert.deepEqual([list.chosen, box.busy], [hitOf('trace'), false]);
  });

  it('has nothing to choose of what was asked before', async () => {
    const box = new Box();
    const list = new FoundList(box, ask);
    await answer(asking(box, list, 'trace'));
    const next = asking(box, list, 'traces');
    assert.equal(list.chosen, undefined);
    box.isSlow = true;
    await answer(next);
    assert.equal(list.chosen, undefined);
    box.activeItems = box.items;
    assert.deepEqual(list.chosen, hitOf('traces'));
  });

  it('does not show an answer that comes late', async () => {
    const box = new Box();
    const list = new FoundList(box, ask);
    const [old, now] = [asking(box, list, 'tr'), asking(box, list, 'trace')];
    await answer(old);
    assert.deepEqual([box.items, box.busy], [[], true]);
    await answer(now);
    assert.equal(box.items[0]?.label, 'trace');
  });

  it('says in a row what went wrong, which leads nowhere', async () => {
    const box = new Box();
    const list = new FoundList(box, async () => [{ label: 'Hamta is starting again' }]);
    await list.search();
    assert.deepEqual([box.items.length, list.chosen, box.busy], [1, undefined, false]);
  });
});
