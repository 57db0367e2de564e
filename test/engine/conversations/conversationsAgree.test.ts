// Two people's engines without a network: whatever both say, change and take back, over links that break and engines that
// start again, both stores show the same in the end.

import assert from 'node:assert/strict';
import { MAX_REACTIONS, type Message } from '../../../src/contract/message.ts';
import { Conversations } from '../../../src/engine/conversations/conversations.ts';
import { People } from '../../../src/engine/people/people.ts';
import type { Store } from '../../../src/engine/store/store.ts';
import { ShownMessages } from '../../../src/engine/windows/shownMessages.ts';
import { newPublished } from '../../support/newPublished.ts';
import { QUIET_OUTLET } from '../../support/quietOutlet.ts';
import { seededRandom } from '../../support/seededRandom.ts';
import { ALI, BABAK, StoreFile } from '../store/support.ts';

const FACES = ['😀', '👍', '❤️', '🎉', '😀'];

class Side {
  readonly peer: typeof ALI;
  readonly #file = new StoreFile();
  store: Store;
  shown: ShownMessages;
  conversations: Conversations;

  constructor(peer: typeof ALI) {
    this.peer = peer;
    ({ store: this.store, shown: this.shown, conversations: this.conversations } = this.#start());
  }

  restart(): void {
    this.store.dispose();
    ({ store: this.store, shown: this.shown, conversations: this.conversations } = this.#start());
  }

  remove(): void {
    this.#file.remove();
  }

  all(): readonly Message[] {
    return this.shown.history(this.peer, { limit: 500 }).messages;
  }

  #start() {
    const store = this.#file.open();
    const published = newPublished(this.peer === ALI ? BABAK : ALI);
    const people = new People(store, published, { now: () => 1 });
    people.learn(this.peer, { standing: 'accepted' });
    const shown = new ShownMessages(store, published);
    const conversations = new Conversations(store, people, published, shown, { now: () => 1 });
    const effects = { onEntry: () => undefined, cancel() {}, forget() {} };
    conversations.connect(effects, QUIET_OUTLET);
    return { store, shown, conversations };
  }
}

/** As a link does it: from the number that the reader has, so many of what follows; the writer may learn of it or not. */
function pass(from: Side, to: Side, most: number, isHeard: boolean): void {
  const { received } = to.store.entries.marks(to.peer);
  to.conversations.take(to.peer, from.conversations.mineAfter(from.peer, received, most), (upTo) => {
    if (isHeard) from.conversations.delivered(from.peer, upTo);
  });
}

/** What both must agree on; of a message that is deleted only that it says nothing any more. */
function agreedOn(side: Side, isMine: (from: Message['from']) => boolean) {
  return side
    .all()
    .filter(({ from, body }) => isMine(from) && body.kind !== 'deleted')
    .map(({ id, body, replyTo, editedAt, reactions = [] }) => ({
      ...{ id, body, editedAt, quoted: replyTo?.excerpt },
      byWriter: reactions.filter(({ from }) => isMine(from)).map(({ emoji }) => emoji),
      byReader: reactions.filter(({ from }) => !isMine(from)).map(({ emoji }) => emoji),
    }));
}

describe('two conversations', () => {
  let sides: readonly [Side, Side];

  beforeEach(() => {
    sides = [new Side(ALI), new Side(BABAK)];
  });
  afterEach(() => {
    for (const side of sides) side.remove();
  });

  for (const seed of [1, 2, 3, 4])
    it(`agree once all has arrived (seed ${seed})`, async () => {
      const random = seededRandom(seed);
      const below = (count: number) => Math.floor(random() * count);
      const pick = <Item>(items: readonly Item[]) => items[below(items.length)];
      const live = (side: Side) => side.all().filter(({ body }) => body.kind === 'text');
      const mine = (side: Side) => pick(live(side).filter(({ from }) => from === 'me'))?.id;
      const act = async (side: Side, other: Side): Promise<unknown> => {
        const { conversations, peer } = side;
        const target = pick(live(side));
        const own = mine(side);
        switch (below(11)) {
          case 0:
            return own === undefined ? undefined : conversations.edit(peer, own, `edited ${below(99)}`);
          case 1:
            return own === undefined ? undefined : conversations.delete(peer, own);
          case 2:
            return target === undefined
              ? undefined
              : conversations.react(peer, target.id, pick(FACES) ?? '', below(3) > 0);
          case 3:
            return side.restart();
          case 4:
          case 5:
            return pass(side, other, below(4), below(2) === 0);
          default:
            return conversations.sendText(peer, `said ${below(99)}`, below(3) === 0 ? target?.id : undefined);
        }
      };
      for (let i = 0; i < 150; i++) {
        const [a, b] = below(2) === 0 ? sides : [sides[1], sides[0]];
        await act(a, b);
      }
      const [ali, babak] = sides;
      for (const [from, to] of [
        [ali, babak],
        [babak, ali],
      ] as const)
        pass(from, to, 500, true);
      for (const [writer, reader] of [
        [ali, babak],
        [babak, ali],
      ] as const) {
        const written = agreedOn(writer, (from) => from === 'me');
        const read = agreedOn(reader, (from) => from === 'peer');
        assert.deepEqual(read, written);
        assert.ok(written.length > 5);
        assert.ok(written.every(({ byReader }) => byReader.length <= MAX_REACTIONS));
      }
    });
});
