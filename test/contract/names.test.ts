// What a person may be called, and what a received file may be called on disk.

import assert from 'node:assert/strict';
import { nameProblem, numberedFileName, safeFileName, tidyName } from '../../src/contract/names.ts';

const HOSTILE = [
  '',
  ' ',
  '\u0000',
  '\ud800',
  '\udfff\ud800',
  '\u202e',
  'a\u0301'.repeat(64),
  '\ufdfa'.repeat(64),
  '../../etc/passwd',
  'C:\\Windows\\win.ini',
  'con.txt',
  '.',
  '..',
  '. . .',
  'x'.repeat(10_000),
  '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}'.repeat(100),
  'a.'.repeat(5_000),
  '\u3164',
];

describe('a name', () => {
  it('may be written in any script, with spaces, marks and emoji', () => {
    for (const name of [
      'Sara',
      'سارا',
      'علی\u200cرضا',
      'علی\u200cرضا\u200cپور',
      '李雷',
      'José',
      'x',
      'the 2nd 🐟',
      '❤️',
      'a'.repeat(64),
    ]) {
      assert.equal(nameProblem(name), undefined, name);
    }
  });

  it('has at least one visible character', () => {
    for (const name of [
      '',
      ' ',
      '\t\n',
      '\u00a0',
      '\u200c',
      '\u200d\u200c',
      '\u3164',
      '\ufe0f',
      '\u2800',
      '\u034f',
    ]) {
      assert.equal(nameProblem(name), 'empty', JSON.stringify(name));
    }
  });

  it('is more than dots, which a URL would swallow', () => {
    for (const name of ['.', '..', '. .', '...']) assert.equal(nameProblem(name), 'empty', name);
    for (const name of ['.net', 'J. R.', '…']) assert.equal(nameProblem(name), undefined, name);
  });

  it('has at most 64 characters, counted as code points after composing', () => {
    assert.equal(nameProblem('🐟'.repeat(64)), undefined);
    assert.equal(nameProblem('e\u0301'.repeat(64)), undefined);
    assert.equal(nameProblem('🐟'.repeat(65)), 'tooLong');
    assert.equal(nameProblem('x'.repeat(65)), 'tooLong');
    assert.equal(nameProblem('x'.repeat(10_000)), 'tooLong');
  });

  it('holds no control, direction, private or surrogate character', () => {
    for (const hidden of [
      '\u0000',
      '\u001b',
      '\u007f',
      '\u202e',
      '\u2066',
      '\u200b',
      '\ue000',
      '\ud800',
      '\u2028',
    ]) {
      assert.equal(nameProblem(`a${hidden}b`), 'invisibleCharacters', JSON.stringify(hidden));
    }
  });

  it('is shown composed, without outer and repeated spaces', () => {
    assert.equal(tidyName('  Jose\u0301 \u00a0 de\u3000la  Cruz '), 'José de la Cruz');
  });

  it('is tidied once: tidying again changes nothing', () => {
    for (const text of [...HOSTILE, ' \u0301x', 'a\u2000\u2001b', '\u212b']) {
      assert.equal(tidyName(tidyName(text)), tidyName(text), JSON.stringify(text));
    }
  });

  it('is judged for any string at all', () => {
    for (const text of HOSTILE)
      assert.ok([undefined, 'empty', 'tooLong', 'invisibleCharacters'].includes(nameProblem(text)));
  });
});

describe('the name of a received file', () => {
  it('is kept when it is harmless', () => {
    for (const name of ['diagram.png', 'تصویر.jpg', 'a b (1).tar.gz', 'README'])
      assert.equal(safeFileName(name), name);
  });

  it('is spelled as its writer has spelled it, with half spaces and joined emoji', () => {
    for (const name of ['گزارش\u200cها.pdf', 'PDF\u200cها.zip', '👩🏽\u200d💻.png', '❤\ufe0f\u200d🔥.png'])
      assert.equal(safeFileName(name), name);
  });

  it('keeps the joiners of Sinhala, Devanagari and Bengali', () => {
    for (const name of ['ශ්\u200dරී.pdf', 'क्\u200cष.pdf', 'র\u200d্যাব.pdf'])
      assert.equal(safeFileName(name), name);
    assert.equal(safeFileName('ශ්\u200d\u200d.pdf'), 'ශ්.pdf');
  });

  it('has no joiner that joins nothing, also where it is cut', () => {
    for (const name of ['ab\u200c.exe', 'a\u200cb.exe', '\u200dab.exe', 'a\u200db.exe', 'ab.\u200cexe'])
      assert.equal(safeFileName(name), 'ab.exe');
    assert.equal(safeFileName('می\u200c\u200cروم.txt'), 'میروم.txt');
    assert.equal(safeFileName(`${'x'.repeat(246)}ی\u200c${'ی'.repeat(9)}.png`), `${'x'.repeat(246)}ی.png`);
  });

  it('never leaves its folder', () => {
    assert.equal(safeFileName('../../etc/passwd'), 'passwd');
    assert.equal(safeFileName('C:\\Users\\x\\a.png'), 'a.png');
    assert.equal(safeFileName('..'), 'file');
    assert.equal(safeFileName('a/..'), 'file');
    assert.equal(safeFileName('a.png:stream'), 'a.png_stream');
  });

  it('is no device of Windows', () => {
    assert.equal(safeFileName('CON'), '_CON');
    assert.equal(safeFileName('nul.txt'), '_nul.txt');
    assert.equal(safeFileName('com1.png'), '_com1.png');
    assert.equal(safeFileName('NUL .txt'), '_NUL .txt');
    assert.equal(safeFileName('com1   .tar.gz'), '_com1   .tar.gz');
    assert.equal(safeFileName('console.png'), 'console.png');
  });

  it('is like no device by its end alone, and has no sign that Windows forbids, however many came', () => {
    assert.equal(safeFileName('falcon.txt'), 'falcon.txt');
    assert.equal(safeFileName('.. <a>|"b"?*.png. .'), '_a___b___.png');
    assert.equal(safeFileName('cafe\u0301.txt'), 'caf\u00e9.txt');
  });

  it('shows its ending where it is', () => {
    assert.equal(safeFileName('gnp.\u202eexe'), 'gnp.exe');
    assert.equal(safeFileName('g\u202enp.\u202e\u200bexe'), 'gnp.exe');
    assert.equal(safeFileName('a.png. . .'), 'a.png');
  });

  it('is never empty, never longer than 255 bytes, and has no separator, whatever came', () => {
    for (const text of HOSTILE) {
      const name = safeFileName(text);
      assert.ok(name.length > 0 && Buffer.byteLength(name) <= 255, JSON.stringify(text));
      assert.ok(!/[/\\\u0000-\u001f<>:"|?*]/.test(name), JSON.stringify(name));
      assert.ok(!/^\.+$/.test(name), JSON.stringify(name));
    }
  });

  it('keeps its ending when it is cut', () => {
    const name = safeFileName(`${'ی'.repeat(300)}.png`);
    assert.ok(name.endsWith('.png'));
    assert.ok(Buffer.byteLength(name) <= 255);
  });

  it('is cut no shorter than it has to be, by whole characters, in any script', () => {
    for (const [character, count] of [
      ['x', 251],
      ['ی', 125],
      ['李', 83],
      ['🐟', 62],
    ] as const)
      assert.equal(safeFileName(`${character.repeat(300)}.png`), `${character.repeat(count)}.png`);
  });

  it('ends in no dot or space where it is cut, and takes no long text for an ending', () => {
    assert.equal(safeFileName(`${'x'.repeat(240)}${'. '.repeat(10)}y.png`), `${'x'.repeat(240)}.png`);
    assert.equal(safeFileName(`a.${'b'.repeat(300)}`), `a.${'b'.repeat(253)}`);
  });

  it('takes a number before its ending', () => {
    assert.equal(numberedFileName('a.png', 2), 'a (2).png');
    assert.equal(numberedFileName('README', 3), 'README (3)');
    assert.equal(numberedFileName('.gitignore', 2), '.gitignore (2)');
  });

  it('keeps its number and ending when it is as long as a name may be', () => {
    const numbered = numberedFileName(safeFileName(`${'x'.repeat(300)}.png`), 12);
    assert.ok(numbered.endsWith(' (12).png'), numbered);
    assert.ok(Buffer.byteLength(numbered) <= 255);
  });
});
