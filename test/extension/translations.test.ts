// The translations against the texts in the sources: none missing, none left over, no value lost.

import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { reasonText } from '../../src/contract/reasonText.ts';
import { fromRightToLeft, unturned } from '../../src/extension/bidi.ts';

const root = new URL('../../', import.meta.url);
const read = (file: string) => readFileSync(new URL(file, root), 'utf8');
const rooms = ['src/extension/**/*.ts', 'webview/**/*.{ts,tsx}'];
const contract = ['failure', 'reasonText', 'transferFailure'].map((name) => `src/contract/${name}.ts`);
const sources = [...globSync(rooms, { cwd: root }), ...contract].map(read);
const texts = sources.flatMap((source) =>
  [...source.matchAll(/\bt\(\s*(?:'([^'\\]*)'|"([^"\\]*)")/g)].map(([, text, other]) => text ?? other ?? ''),
);
const sorted = (list: Iterable<string>) => [...new Set(list)].sort();
const valuesIn = (text: string) => sorted(text.match(/\{\d\}/g) ?? []);

for (const language of ['fa']) {
  describe(`the translation into ${language}`, () => {
    const bundle: Record<string, string> = JSON.parse(read(`l10n/bundle.l10n.${language}.json`));

    it('has every text of the sources and no other', () => {
      assert.ok(texts.length > 50);
      assert.deepEqual(sorted(Object.keys(bundle)), sorted(texts));
    });

    it('loses no name and no number', () => {
      const lost = Object.entries(bundle).filter(
        ([text, translated]) => valuesIn(text).join() !== valuesIn(translated).join(),
      );
      assert.deepEqual(lost, []);
    });
  });
}

describe('the words of the extension', () => {
  it('come by way of l10n.ts, which lets a sentence begin at its right end; the page has words and a direction of its own', () => {
    const editors = /import \{[^}]*\bl10n\b[^}]*\} from 'vscode'/;
    const files = globSync('src/extension/**/*.ts', { cwd: root });
    assert.deepEqual(files.filter((file) => editors.test(read(file))).sort(), [
      'src/extension/chat/drawPage.ts',
      'src/extension/l10n.ts',
    ]);
  });
});

describe('a message of several sentences', () => {
  /** A sentence in a template: beside another one, in a line that runs the other way, the two change places. */
  const BESIDE = /`[^`\n]*\$\{(?:l10n\.)?t\((?:'[^']*[.?!]'|"[^"]*[.?!]")[^`\n]*`/g;

  it('is one text for its translators', () => {
    const files = globSync('src/extension/**/*.ts', { cwd: root });
    const beside = files.flatMap((file) =>
      (read(file).match(BESIDE) ?? []).map((text) => `${file}: ${text}`),
    );
    assert.deepEqual(beside, []);
  });
});

describe('the words of the Persian texts', () => {
  /** Each with the one that stands everywhere else. */
  const OTHER_WORDS = { پرونده: 'فایل', جست‌وجو: 'جستجو' };

  it('begin at their right end where the editor describes a setting, in lines that run from left to right', () => {
    const texts: Record<string, string> = JSON.parse(read('package.nls.fa.json'));
    const settings = Object.entries(texts).filter(([key]) => /^(setting|capabilities)\./.test(key));
    assert.ok(settings.length > 8);
    for (const [key, text] of settings) assert.equal(text, fromRightToLeft(unturned(text)), key);
  });

  it('are the same for the same thing', () => {
    const all = read('l10n/bundle.l10n.fa.json') + read('package.nls.fa.json');
    for (const [other, word] of Object.entries(OTHER_WORDS)) {
      assert.ok(all.includes(word));
      assert.ok(!all.includes(other), other);
    }
  });
});

describe('what the engine says of a failure', () => {
  /** Where a code stands of which a sentence speaks. */
  const SAID = /\b(?:detail: |nonsense\([\w.]+, |unusable\(\w+, )(?:'([^']*)'|"([^"]*)")/g;
  const engine = globSync(['src/engine/**/*.ts', 'src/extension/engine/*.ts'], { cwd: root });
  const said = engine.flatMap((file) =>
    [...read(file).matchAll(SAID)].map(([, text, other]) => text ?? other ?? ''),
  );

  it('has words in other languages', () => {
    assert.ok(said.length > 10);
    assert.deepEqual(
      said.filter((detail) => reasonText(detail, () => '') !== ''),
      [],
    );
  });
});

describe('the views of the chat page', () => {
  /** A word in an attribute that people see or hear, or between two tags. */
  const LITERAL =
    /\b(?:label|title|placeholder|tooltip|words|alt)=(?:"[^"]+"|'[^']+')|>\s*[A-Z][a-z]+\b[^=<>]*</g;

  it('say nothing past the table of words', () => {
    const views = globSync('webview/views/**/*.tsx', { cwd: root });
    assert.ok(views.length > 30);
    const past = views.flatMap((view) => (read(view).match(LITERAL) ?? []).map((text) => `${view}: ${text}`));
    assert.deepEqual(past, []);
  });

  it('are caught when they do', () => {
    const views = ['<Button label="Send" />', '<p>Message deleted {meta}</p>'];
    assert.ok(views.every((view) => view.search(LITERAL) >= 0));
  });
});
