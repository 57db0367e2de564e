import assert from 'node:assert/strict';
import { textBlocksOf, textNodesOf, withoutFences } from '../../../webview/model/textBlocks.ts';

/** Nodes in one line: plain text, [text>url] for links, {code}. */
function inline(text: string): string {
  const shown = textNodesOf(text).map((node) => {
    if (node.kind === 'text') return node.text;
    return node.kind === 'code' ? `{${node.text}}` : `[${node.text}>${node.url}]`;
  });
  return shown.join('');
}

/** The text that the nodes were made of. */
function joined(text: string): string {
  return textNodesOf(text)
    .map((node) => (node.kind === 'code' ? `\`${node.text}\`` : node.text))
    .join('');
}

describe('textBlocks', () => {
  it('leaves plain text as it is, line breaks and markup included', () => {
    const text = 'one\n  two <b>three</b> **four** & five';
    assert.deepEqual(textBlocksOf(text), [{ kind: 'paragraph', nodes: [{ kind: 'text', text }] }]);
  });

  it('has no blocks for nothing', () => {
    assert.deepEqual(textBlocksOf(''), []);
    assert.deepEqual(textBlocksOf('\n \n'), []);
  });

  it('takes what is between two fences for code, with its language, and keeps its spaces', () => {
    assert.deepEqual(textBlocksOf('see:\n```ts\n  a `b` https://c.d\n\n```\nthere'), [
      { kind: 'paragraph', nodes: [{ kind: 'text', text: 'see:' }] },
      { kind: 'codeBlock', language: 'ts', text: '  a `b` https://c.d\n' },
      { kind: 'paragraph', nodes: [{ kind: 'text', text: 'there' }] },
    ]);
  });

  it('leaves a fence without a partner as text', () => {
    const blocks = textBlocksOf('```\na\n```\n```js\nb');
    assert.deepEqual(blocks[0], { kind: 'codeBlock', language: '', text: 'a' });
    assert.deepEqual(blocks[1], { kind: 'paragraph', nodes: [{ kind: 'text', text: '```js\nb' }] });
  });

  it('marks inline code within one line', () => {
    assert.equal(inline('run `npm test` now'), 'run {npm test} now');
    assert.equal(inline('a ` b\n` c'), 'a ` b\n` c');
    assert.equal(inline('``'), '``');
  });

  it('finds web links and leaves the sentence its own punctuation', () => {
    assert.equal(inline('see https://a.org/x.'), 'see [https://a.org/x>https://a.org/x].');
    assert.equal(inline('(https://a.org/x)'), '([https://a.org/x>https://a.org/x])');
    assert.equal(inline('https://a.org/w_(x)!?'), '[https://a.org/w_(x)>https://a.org/w_(x)]!?');
    assert.equal(inline('به http://a.org/ب، برو'), 'به [http://a.org/ب>http://a.org/%D8%A8]، برو');
  });

  it('shows where a link goes when its host is not what it looks like', () => {
    assert.equal(inline('https://аpple.com'), '[https://аpple.com>https://xn--pple-43d.com/]');
  });

  it('links nothing but http and https with a host', () => {
    for (const text of ['javascript:alert(1)', 'file:///etc/passwd', 'https://', 'http://[', 'vscode://x/y'])
      assert.equal(inline(text), text);
  });

  it('ends a link before a mark that would turn it around', () => {
    assert.equal(inline('https://a.org/\u202egpj.exe'), '[https://a.org/>https://a.org/]\u202egpj.exe');
  });

  it('does not link an address that is too long to be opened', () => {
    const text = `https://a.org/${'x'.repeat(5000)}`;
    assert.equal(inline(text), text);
  });

  it('loses no character of any text', () => {
    const pieces = ['`', '```', '\n', ' ', 'https://a.b', ')', '(', '.', 'x', 'ب', '\u202e', '"', '😀'];
    let seed = 1;
    const next = () => {
      seed = (seed * 48271) % 2147483647;
      return seed;
    };
    for (let round = 0; round < 500; round += 1) {
      const text = Array.from({ length: next() % 30 }, () => pieces[next() % pieces.length]).join('');
      assert.equal(joined(text), text);
      assert.ok(Array.isArray(textBlocksOf(text)));
    }
  });

  it('stands in one line without the fences of its code', () => {
    assert.equal(withoutFences('See: ```ts const a = `b`; ``` and so on'), 'See: const a = `b`; and so on');
    assert.equal(withoutFences('a ```b``` c'), 'a ```b``` c');
    assert.equal(withoutFences('```ts'), '```ts');
  });

  // Nothing here may take time that grows with the square of the length: the runner would give up on it.
  it('gets through the most hostile texts of full length', () => {
    const brackets = `https://a.b/${')'.repeat(3000)} `;
    for (const piece of ['`', '`a', 'https://a.b/)', brackets, 'https://', '``` ', ' ', '\u202e']) {
      const text = piece.repeat(Math.floor(32_768 / piece.length));
      assert.equal(joined(text), text);
    }
    assert.equal(textBlocksOf('```\n'.repeat(8192)).length, 4096);
  });
});
