// Files of a workspace that is somewhere else, with an editor that answers as the test says.

import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { MAX_PASTED_BYTES } from '../../../src/contract/panel.ts';
import {
  type EditorFiles,
  LONGEST_ANSWER_MS,
  readThroughEditor,
} from '../../../src/extension/chat/throughEditor.ts';
import { realTimers } from '../../support/realTimers.ts';

const [FILE, FOLDER] = [1, 2];
const PLACE = 'memfs:/a.txt';
const uri = { scheme: 'memfs', path: '/a.txt', toString: () => PLACE } as unknown as Parameters<
  typeof readThroughEditor
>[1];
const silent = () => new Promise<never>(() => undefined);

describe('a file of a workspace that is somewhere else', () => {
  let asked: string[];
  let size: number;
  let type: number;

  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] });
    asked = [];
    size = 3;
    type = FILE;
  });
  afterEach(() => realTimers());

  const read = (answers: Partial<EditorFiles> = {}) => {
    const files: EditorFiles = {
      stat: async () => ({ type, size, ctime: 0, mtime: 0 }),
      readFile: async () => {
        asked.push('contents');
        return new Uint8Array(size);
      },
      ...answers,
    };
    return readThroughEditor(files, uri, 'a.txt');
  };
  const failure = (code: string, details: object) => ({ failure: { code, details } });

  it('is read whole', async () => {
    assert.equal((await read()).length, 3);
  });

  it('is no folder, and no larger than what passes through memory; else nothing of it is read', async () => {
    type = FOLDER;
    await assert.rejects(read(), failure('notAFile', { path: 'a.txt' }));
    type = FILE;
    size = MAX_PASTED_BYTES + 1;
    await assert.rejects(read(), failure('fileTooLarge', { name: 'a.txt', limit: MAX_PASTED_BYTES }));
    assert.deepEqual(asked, []);
  });

  it('fails with the reason of whoever keeps it', async () => {
    const gone = () => Promise.reject(new Error('EntryNotFound'));
    const unreadable = failure('fileUnreadable', { path: PLACE, detail: 'EntryNotFound' });
    await assert.rejects(read({ stat: gone }), unreadable);
    await assert.rejects(read({ readFile: gone }), unreadable);
  });

  it('is given up after two minutes where nothing answers', async () => {
    const waiting = assert.rejects(
      read({ stat: silent }),
      failure('fileSlow', { path: PLACE, seconds: 120 }),
    );
    mock.timers.tick(LONGEST_ANSWER_MS);
    await waiting;
  });

  it('is given up where its contents take longer than over a thin line', async () => {
    size = MAX_PASTED_BYTES;
    const begun = Promise.withResolvers<void>();
    const readFile = () => {
      begun.resolve();
      return silent();
    };
    let isOver = false;
    const slow = failure('fileSlow', { path: PLACE, seconds: 1_137 });
    const waiting = assert.rejects(read({ readFile }), slow).then(() => {
      isOver = true;
    });
    await begun.promise;
    mock.timers.tick(1_130_000);
    await new Promise(setImmediate);
    assert.equal(isOver, false);
    mock.timers.tick(10_000);
    await waiting;
  });
});
