// What a deletion does to the store. What windows and the other side see of it: conversationsChange.test.ts.

import assert from 'node:assert/strict';
import { applyChange } from '../../../src/engine/conversations/messageChanges.ts';
import type { StoredEntry } from '../../../src/engine/store/entryRow.ts';
import type { Store } from '../../../src/engine/store/store.ts';
import type { EntryBody } from '../../../src/wire/linkFrames.ts';
import { ALI, BABAK, id, offer, StoreFile, said, theirs } from '../store/support.ts';

describe('a message with a file that its writer deletes', () => {
  let file: StoreFile;
  let store: Store;

  beforeEach(() => {
    file = new StoreFile();
    store = file.open();
  });
  afterEach(() => file.remove());

  const TRANSFER = id(100);
  const looks = { placeholder: 'AAAA', thumbnailPath: '/t.jpg' };
  const offered = (direction: 'send' | 'receive', peer = ALI) =>
    store.transfers.insert({
      ...{ id: TRANSFER, peer, direction, name: 'a.png', mediaType: 'image/png', sizeBytes: 10, ...looks },
      state: { kind: 'cancelled', by: 'me' },
    });
  const deletion: EntryBody = { kind: 'delete', entryId: id(1) };
  const left = () => {
    const { placeholder, thumbnailPath, name } = store.transfers.get(TRANSFER) ?? {};
    return { placeholder, thumbnailPath, name };
  };
  const deleted = {
    mine: () => {
      store.entries.appendMine(ALI, said(offer(TRANSFER)));
      applyChange(store, store.entries.appendMine(ALI, said(deletion, 2)));
    },
    theirs: () => {
      store.entries.acceptTheirs(ALI, theirs(1, offer(TRANSFER)));
      applyChange(store, store.entries.acceptTheirs(ALI, theirs(2, deletion)) as StoredEntry);
    },
  };

  const NOTHING = { placeholder: undefined, thumbnailPath: undefined, name: 'a.png' };

  it('leaves nothing of what my file looked like, and its name', () => {
    offered('send');
    deleted.mine();
    assert.deepEqual(left(), NOTHING);
  });

  it('leaves nothing of what their file looked like, and its name', () => {
    offered('receive');
    deleted.theirs();
    assert.deepEqual(left(), NOTHING);
  });

  it('leaves what a file looks like that it does not offer, though it names its transfer', () => {
    offered('send');
    deleted.theirs();
    assert.deepEqual(left(), { ...looks, name: 'a.png' }, 'I sent that one');
  });

  it('leaves what a file of somebody else looks like, though it names its transfer', () => {
    offered('receive', BABAK);
    deleted.theirs();
    assert.deepEqual(left(), { ...looks, name: 'a.png' });
  });
});
