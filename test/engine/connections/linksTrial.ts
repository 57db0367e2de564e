// Links on a real store, over channels without a network: who is known there, and what they tell the engine.

import type { Fingerprint } from '../../../src/contract/fingerprint.ts';
import { Links } from '../../../src/engine/connections/links.ts';
import { Conversations } from '../../../src/engine/conversations/conversations.ts';
import { People } from '../../../src/engine/people/people.ts';
import type { Store } from '../../../src/engine/store/store.ts';
import { ShownMessages } from '../../../src/engine/windows/shownMessages.ts';
import { newPublished } from '../../support/newPublished.ts';
import { QUIET_OUTLET } from '../../support/quietOutlet.ts';
import { ALI, fingerprintOf, StoreFile } from '../store/support.ts';
import { ToldChannel } from './toldChannel.ts';

/** Higher than the others: they choose between two links. */
export const ME = fingerprintOf('f');
/** Lower than the others: I choose. */
export const LOW_ME = fingerprintOf('0');

/** To be called in a `describe`: each of its tests has links anew, which no other test has used. */
export function linksTrial(me = ME) {
  /** What the engine hears, in order. */
  const told: string[] = [];
  let file: StoreFile;
  let store: Store;
  let parts: ReturnType<typeof newParts>;
  /** Mine. */
  let name: string | undefined;
  let onEntry: () => undefined;

  beforeEach(() => {
    told.length = 0;
    name = 'me';
    onEntry = () => undefined;
    file = new StoreFile();
    store = file.open();
    parts = newParts();
  });
  afterEach(() => {
    parts.links.dispose();
    file.remove();
  });

  function newParts() {
    const published = newPublished(me);
    const clock = { now: () => 5_000 };
    const people = new People(store, published, clock);
    const shown = new ShownMessages(store, published);
    const conversations = new Conversations(store, people, published, shown, clock);
    const error = (text: string) => void told.push(`error ${text}`);
    const introduction = () => ({ name, instance: 'fedcba9876543210', udpPort: 7 });
    const log = { debug() {}, info() {}, warn() {}, error };
    const links = new Links(me, people, conversations, store, introduction, log);
    conversations.connect(
      { onEntry: () => onEntry(), cancel() {}, forget() {} },
      { ...QUIET_OUTLET, grown: (peer, upTo) => links.tell(peer, { kind: 'grown', upTo }) },
    );
    links.connect({
      onUp: ({ channel }) => told.push(`up ${channel.dialledByMe ? 'mine' : 'theirs'}`),
      onDown: () => told.push('down'),
      onEnd: (_, end) => told.push(`end ${end.kind}`),
      onAside: (_, frame) => told.push(frame.kind),
      onTransferFrame: (_, frame) => told.push(`${frame.kind} after ${store.entries.marks(ALI).received}`),
    });
    return { published, people, conversations, links };
  }

  const accept = (peer: Fingerprint, as = 'Ali') =>
    parts.people.learn(peer, { standing: 'accepted', name: as });

  function adopted(peer: Fingerprint, dialledByMe = false): ToldChannel {
    const channel = new ToldChannel(peer, dialledByMe);
    parts.links.adopt(channel.channel);
    return channel;
  }

  function up(peer: Fingerprint): ToldChannel {
    const channel = adopted(peer);
    channel.hello();
    return channel;
  }

  return {
    ...{ told, accept, adopted, up },
    shownLink: (peer: Fingerprint) => parts.published.state.peers[peer]?.link,
    get store() {
      return store;
    },
    get published() {
      return parts.published;
    },
    get people() {
      return parts.people;
    },
    get conversations() {
      return parts.conversations;
    },
    get links() {
      return parts.links;
    },
    /** Undefined: I am signed out. */
    callMe(mine: string | undefined): void {
      name = mine;
    },
    /** What each entry of theirs does, instead of nothing. */
    onEntry(work: () => undefined): void {
      onEntry = work;
    },
  };
}
