import assert from 'node:assert/strict';
import type { Message } from '../../../src/contract/message.ts';
import type { Transfer } from '../../../src/contract/transfer.ts';
import { type ExportFormat, exportFormatOf } from '../../../src/engine/conversations/exportFormats.ts';
import { ALI, id } from '../store/support.ts';

const messageOf = (number: number, more: Partial<Message>): Message => ({
  ...{ id: id(number), peer: ALI, from: 'peer', number, order: number, at: Date.UTC(2026, 0, 1, 12, number) },
  body: { kind: 'text', text: 'hello' },
  ...more,
});
const transfer = {
  ...{ id: id(9), peer: ALI, direction: 'receive', name: 'a_b.png', mediaType: 'image/png', sizeBytes: 10 },
  state: { kind: 'rejected' },
} as Transfer;

const written = (format: ExportFormat, ...messages: readonly Message[]) => {
  const { head, message, foot } = exportFormatOf(format, '*ali*');
  return head + messages.map((one) => message(one, new Map([[transfer.id, transfer]]))).join('') + foot;
};

const all = [
  messageOf(1, { body: { kind: 'text', text: 'سلام "ali"\n```js\n````' } }),
  messageOf(2, {
    from: 'me',
    replyTo: { id: id(1), excerpt: 'a *b*\nc' },
    editedAt: 1_000,
    reactions: [{ emoji: '👍', from: 'peer' }],
  }),
  messageOf(3, { body: { kind: 'deleted' } }),
  messageOf(4, { at: Date.UTC(2026, 0, 2), body: { kind: 'transfer', transferId: id(9) } }),
];

describe('a conversation in a file', () => {
  it('is one JSON array with a message in each line', () => {
    const text = written('json', ...all);
    const [first, second, third, fourth] = JSON.parse(text);
    assert.equal(text.split('\n').length, 7);
    assert.deepEqual(first, {
      ...{ id: id(1), from: 'peer', at: '2026-01-01T12:01:00.000Z', kind: 'text' },
      text: 'سلام "ali"\n```js\n````',
    });
    assert.deepEqual([second.replyTo, second.editedAt], [id(1), '1970-01-01T00:00:01.000Z']);
    assert.deepEqual(second.reactions, [{ emoji: '👍', from: 'peer' }]);
    assert.equal(third.kind, 'deleted');
    assert.deepEqual([fourth.kind, fourth.name, fourth.state], ['file', 'a_b.png', 'rejected']);
    assert.deepEqual(JSON.parse(written('json')), []);
  });

  it('is Markdown in which no text and no name means more than itself', () => {
    assert.equal(
      written('markdown', ...all),
      [
        '# \\*ali\\*\n',
        '## 2026-01-01\n',
        '**\\*ali\\*** 12:01:00\n',
        '`````text\nسلام "ali"\n```js\n````\n`````\n',
        '**me** 12:02:00 (edited)\n\n> a \\*b\\* c\n',
        '```text\nhello\n```\n\n👍\n',
        '**\\*ali\\*** 12:03:00\n\n*deleted*\n',
        '## 2026-01-02\n',
        '**\\*ali\\*** 00:00:00\n\n*file* a\\_b\\.png\n',
        'Times are UTC.\n',
      ].join('\n'),
    );
  });

  it('says in the words of the window what nobody said', () => {
    const words = {
      ...{ me: 'ich', edited: 'geändert', deleted: 'gelöscht', file: 'Datei' },
      timesAreUtc: 'Zeiten in UTC.',
    };
    const { message, foot } = exportFormatOf('markdown', 'ali', words);
    const text = all.map((one) => message(one, new Map([[transfer.id, transfer]]))).join('') + foot;
    for (const said of ['**ich** 12:02:00 (geändert)', '*gelöscht*', '*Datei* a', 'Zeiten in UTC.'])
      assert.ok(text.includes(said), text);
    assert.doesNotMatch(text, /\*me\*|\(edited\)|\*deleted\*|\*file\*|Times/);
  });

  it('quotes nothing of a message that is gone, and shows all reactions of one beside each other', () => {
    const from = 'peer';
    const message = messageOf(5, {
      replyTo: { id: id(1), excerpt: '' },
      reactions: [
        { emoji: '👍', from },
        { emoji: '❤️', from },
      ],
    });
    assert.match(written('markdown', message), /12:05:00\n\n```text\nhello\n```\n\n👍 ❤️\n/);
  });
});
