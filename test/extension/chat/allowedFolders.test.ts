import assert from 'node:assert/strict';
import path from 'node:path';
import { allowedFolders } from '../../../src/extension/chat/allowedFolders.ts';
import { fingerprintOf, stateWith, transfer } from '../people.ts';

const bob = fingerprintOf('b');
const at = (...parts: string[]) => path.resolve('/', ...parts);

describe('the folders that a chat page may load from', () => {
  it('are those of its own pictures and no others', () => {
    const transfers = [
      transfer('1', { path: at('home', 'pics', 'a.png') }),
      transfer('2', { path: at('other', 'b.png'), peer: fingerprintOf('c') }),
      transfer('3', { path: at('docs', 'c.pdf'), mediaType: 'application/pdf' }),
      transfer('4', { mediaType: 'image/png' }),
    ];
    assert.deepEqual(allowedFolders(stateWith({ transfers }), bob, [at('downloads')]), [
      at('downloads'),
      at('home', 'pics'),
    ]);
  });

  it('are named once, and not again within another', () => {
    const transfers = [
      transfer('1', { path: at('downloads', 'x', 'a.png') }),
      transfer('2', { path: at('downloads', 'b.png') }),
      transfer('3', { path: at('downloads2', 'c.png') }),
    ];
    assert.deepEqual(allowedFolders(stateWith({ transfers }), bob, [at('downloads')]), [
      at('downloads'),
      at('downloads2'),
    ]);
  });
});
