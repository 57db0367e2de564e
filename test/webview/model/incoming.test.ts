import assert from 'node:assert/strict';
import * as v from 'valibot';
import { FromPanel, MAX_PASTED_BYTES } from '../../../src/contract/panel.ts';
import { formatOf } from '../../../webview/model/format.ts';
import {
  type Carrier,
  canBeFiles,
  droppedOf,
  fileUrisIn,
  pastedName,
  pastedOf,
  sendUrisIntents,
  troubleWith,
  troubleWithUris,
} from '../../../webview/model/incoming.ts';

const format = formatOf('en');

function carrier(files: string[], data: Record<string, string> = {}): Carrier<string> {
  return { files, getData: (type) => data[type] ?? '' };
}

describe('pastedOf', () => {
  const clipboard = (names: string[], data: Record<string, string> = {}) => ({
    ...carrier([], data),
    files: names.map((name) => ({ name })),
  });

  it('takes the picture of a screenshot', () => {
    const files = [{ name: 'image.png' }];
    assert.deepEqual(pastedOf(clipboard(['image.png'])), { kind: 'files', files });
  });

  it('takes the picture of a web page that comes with its HTML', () => {
    assert.equal(pastedOf(clipboard(['image.png'], { 'text/html': '<img>' })).kind, 'files');
  });

  it('takes the text of a table that comes with its picture', () => {
    assert.deepEqual(pastedOf(clipboard(['image.png'], { 'text/plain': '1\t2' })), {
      kind: 'text',
      text: '1\t2',
    });
  });

  for (const [system, text] of [
    ['macOS, which adds their names', 'Café.png\rb 2.pdf'],
    ['Linux, which adds their paths', '/home/sara/Café.png\n/home/sara/b 2.pdf'],
    [
      'Linux, which adds their addresses',
      'file:///home/sara/Caf%C3%A9.png\r\nfile:///home/sara/b%202.pdf\r\n',
    ],
    ['Windows, with their paths', 'C:\\sara\\Café.png\r\nC:\\sara\\b 2.pdf'],
  ] as const)
    it(`takes the files that were copied in the file manager of ${system}`, () => {
      const names = ['Cafe\u0301.png', 'b 2.pdf'];
      assert.equal(pastedOf(clipboard(names, { 'text/plain': text })).kind, 'files');
    });

  it('takes the text that names a file among other words', () => {
    const text = 'a.png\nis the one I mean';
    assert.deepEqual(pastedOf(clipboard(['a.png'], { 'text/plain': text })), { kind: 'text', text });
  });

  it('takes the text where there is nothing else', () => {
    assert.deepEqual(pastedOf(clipboard([], { 'text/plain': 'a.png' })), { kind: 'text', text: 'a.png' });
  });
});

describe('canBeFiles', () => {
  it('tells files of the desktop and of the editor from text and from links of a page', () => {
    assert.equal(canBeFiles(['Files']), true);
    assert.equal(canBeFiles(['text/plain', 'application/vnd.code.uri-list']), true);
    assert.equal(canBeFiles(['text/plain', 'text/uri-list']), true);
    assert.equal(canBeFiles(['text/plain', 'text/html']), false);
    assert.equal(canBeFiles(['text/plain', 'text/html', 'text/uri-list']), false);
  });
});

describe('droppedOf', () => {
  it('prefers addresses, the editor’s own list first', () => {
    const drop = carrier(['a.png'], {
      'application/vnd.code.uri-list': 'vscode-remote://ssh/home/a.png',
      'text/uri-list': 'file:///home/b.png',
    });
    assert.deepEqual(droppedOf(drop), { kind: 'uris', uris: ['vscode-remote://ssh/home/a.png'] });
  });

  it('takes files when no address names one', () => {
    const drop = carrier(['a.png'], { 'text/uri-list': 'https://a.org/a.png' });
    assert.deepEqual(droppedOf(drop), { kind: 'files', files: ['a.png'] });
  });

  it('takes a dragged link or selection for text', () => {
    const drop = carrier([], { 'text/uri-list': 'https://a.org', 'text/plain': 'https://a.org' });
    assert.deepEqual(droppedOf(drop), { kind: 'text', text: 'https://a.org' });
  });
});

describe('fileUrisIn', () => {
  it('skips comments, empty lines, web addresses and what is no address', () => {
    const list =
      '# two files\r\nfile:///a.png\r\n\r\nhttps://a.org\r\njavascript:x\r\nnonsense\r\nfile:///b.png';
    assert.deepEqual(fileUrisIn(list), ['file:///a.png', 'file:///b.png']);
  });

  it('takes as many as there are', () => {
    assert.equal(fileUrisIn('file:///a\n'.repeat(200)).length, 200);
  });
});

describe('sendUrisIntents', () => {
  it('ask for all that was dropped, in its order, with no more than one intent may carry in each', () => {
    const uris = Array.from({ length: 120 }, (_, index) => `file:///${index}.png`);
    const intents = sendUrisIntents(uris);
    assert.ok(intents.every((intent) => v.is(FromPanel, intent)));
    assert.deepEqual(urisIn(intents), uris);
    assert.equal(intents.length, 3);
    assert.deepEqual(sendUrisIntents([]), []);
  });

  it('leave out what is too long, which is said', () => {
    const [short, long, longer] = ['file:///a.png', longUri('b.png'), longUri('c.png')];
    const intents = sendUrisIntents([long, short, longer]);
    assert.ok(intents.every((intent) => v.is(FromPanel, intent)));
    assert.deepEqual(urisIn(intents), [short]);
    assert.deepEqual(sendUrisIntents([long]), []);
    const one = troubleWithUris([short, long], format);
    assert.match(one?.text ?? '', /^The path of \W?b\.png\W? is too long to be dropped/);
    assert.deepEqual(one?.action?.intent, { kind: 'pickFile' });
    assert.match(troubleWithUris([long, short, longer], format)?.text ?? '', /^2 files have paths too long/);
    assert.equal(troubleWithUris([short], format), undefined);
  });

  it('name what is too long as its folder does, or as it was given where that is no UTF-8', () => {
    const textOf = (name: string) => troubleWithUris([longUri(name)], format)?.text ?? '';
    assert.match(textOf('%D8%B9%DA%A9%D8%B3.png'), /عکس\.png/);
    assert.match(textOf('100%.png'), /100%\.png/);
  });
});

function longUri(name: string): string {
  return `file:///${'a'.repeat(5_000)}/${name}`;
}

function urisIn(intents: readonly FromPanel[]): string[] {
  return intents.flatMap((intent) => (intent.kind === 'sendUris' ? intent.uris : []));
}

describe('pastedName', () => {
  const at = new Date(2026, 10, 20, 9, 4, 5);

  it('tells pasted pictures apart by the time', () => {
    assert.equal(pastedName('image.png', at), 'pasted 2026-11-20 09.04.05.png');
    assert.equal(pastedName('', at), 'pasted 2026-11-20 09.04.05.bin');
  });

  it('keeps the name of a copied file', () => {
    assert.equal(pastedName('trace.png', at), 'trace.png');
  });
});

describe('troubleWith', () => {
  it('lets files up to the limit pass', () => {
    assert.equal(troubleWith({ name: 'a.png', size: MAX_PASTED_BYTES }, format), undefined);
  });

  it('says that an empty file has nothing to send', () => {
    assert.match(troubleWith({ name: 'a.png', size: 0 }, format)?.text ?? '', /is empty \(0 bytes\)/);
  });

  it('sends a larger file another way', () => {
    const trouble = troubleWith({ name: 'a.mp4', size: MAX_PASTED_BYTES + 1 }, format);
    assert.match(trouble?.text ?? '', /has 67\u00a0MB; what is pasted or dropped can have 67\u00a0MB/);
    assert.deepEqual(trouble?.action?.intent, { kind: 'pickFile' });
  });
});
