import assert from 'node:assert/strict';
import { highlight } from '../../../webview/highlight/highlighter.ts';
import { LANGUAGES } from '../../../webview/highlight/languages.ts';
import {
  MAX_COLOURED_LENGTH,
  MAX_COLOURED_LINE,
  TOKEN_KINDS,
  type TokenKind,
} from '../../../webview/model/tokens.ts';
import { seededRandom } from '../../support/seededRandom.ts';

const textOf = (code: string, language: string) =>
  highlight(code, language)
    ?.map(({ text }) => text)
    .join('');
const pieces = (code: string, language: string, kind: TokenKind) =>
  highlight(code, language)?.flatMap((token) => (token.kind === kind ? [token.text.trim()] : []));

describe('the highlighter', () => {
  it('tells keywords, strings, numbers and comments apart', () => {
    const code = 'const answer = 42; // all of it\nreturn "yes";';
    assert.deepEqual(pieces(code, 'ts', 'keyword'), ['const', 'return']);
    assert.deepEqual(pieces(code, 'ts', 'number'), ['42']);
    assert.deepEqual(pieces(code, 'ts', 'comment'), ['// all of it']);
    assert.deepEqual(pieces(code, 'ts', 'string'), ['"yes"']);
  });

  it('tells a class from a function by their names', () => {
    assert.deepEqual(pieces('class Outbox {}', 'javascript', 'type'), ['Outbox']);
    assert.deepEqual(pieces('def send(x):\n  pass', 'python', 'function'), ['send']);
  });

  it('marks what a diff adds and takes away', () => {
    const code = '-old line\n+new line\n same';
    assert.deepEqual(pieces(code, 'diff', 'removed'), ['-old line']);
    assert.deepEqual(pieces(code, 'diff', 'added'), ['+new line']);
  });

  it('reads one language inside of another', () => {
    const code = '<p>hi</p><script>let a = "b";</script>';
    assert.equal(textOf(code, 'html'), code);
    assert.ok(pieces(code, 'html', 'keyword')?.includes('let'));
  });

  it('knows the names that people write after the fence', () => {
    for (const name of ['ts', 'js', 'py', 'sh', 'html', 'yml', 'rs', 'c++', 'cs', 'toml', 'md', 'tsx'])
      assert.notEqual(highlight('x', name), undefined, name);
  });

  it('leaves a language that it does not know, and code that is too long, without colours', () => {
    assert.equal(highlight('x', 'klingon'), undefined);
    assert.equal(highlight('x', 'toString'), undefined);
    assert.equal(highlight('x'.repeat(MAX_COLOURED_LINE + 1), 'ts'), undefined);
    assert.equal(highlight('x\n'.repeat(MAX_COLOURED_LENGTH), 'ts'), undefined);
    assert.notEqual(highlight('x'.repeat(MAX_COLOURED_LINE), 'ts'), undefined);
  });

  it('loses no character of any code in any language', () => {
    const random = seededRandom(11);
    const parts = [
      '<b>&lt;"\'',
      '/*',
      '*/',
      '`${',
      '}',
      '"""',
      '#',
      '//',
      '\\',
      '\n',
      ' a1 ',
      '::',
      '<?php',
      '@',
      '-->',
    ];
    for (const language of Object.keys(LANGUAGES)) {
      const code = Array.from({ length: 200 }, () => parts[Math.floor(random() * parts.length)]).join('');
      assert.equal(textOf(code, language), code, language);
    }
  });

  it('gets through repetitions of full length in every language', () => {
    for (const language of Object.keys(LANGUAGES))
      for (const part of ['(', '"', '<a ', 'a.', '_', '\\', '0', '=>', 'x x', '-']) {
        const line = `${part.repeat((MAX_COLOURED_LINE - 1) / part.length)}\n`;
        const code = line.repeat(MAX_COLOURED_LENGTH / MAX_COLOURED_LINE);
        assert.equal(textOf(code, language), code);
      }
  });

  it('gives only kinds that have a colour', () => {
    const tokens = highlight('class A { b(c = /d/) { return "e" + 1; } } // f', 'ts') ?? [];
    const kinds = new Set(tokens.map(({ kind }) => kind).filter((kind) => kind !== undefined));
    assert.ok(kinds.size > 3);
    for (const kind of kinds) assert.ok(TOKEN_KINDS.includes(kind), kind);
  });
});
