// The page of the package, which the editor shows far from this checkout.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { pageOf } from '../../scripts/package.ts';

describe("the README in the extension's package", () => {
  it('keeps the words of a link to a file, and a link that leads somewhere from there', () => {
    const readme =
      'See [the page](docs/page.md#part), [MIT](LICENSE), [VS Code](https://code.invalid/) and [below](#below).\n';
    assert.equal(
      pageOf(readme),
      'See the page, MIT, [VS Code](https://code.invalid/) and [below](#below).\n',
    );
  });

  it('has no picture of a file, and nothing in its place', () => {
    assert.equal(pageOf('One.\n\n![A chat](docs/images/chat.png)\n\nTwo.\n'), 'One.\n\nTwo.\n');
  });

  it('is this one with all its tables, and nothing in it leads to a file', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    const page = pageOf(readme);
    assert.match(readme, /\]\((?!https:|#)/);
    assert.doesNotMatch(page, /\]\((?!https:|#)/);
    assert.equal(page.match(/^\|/gm)?.length, readme.match(/^\|/gm)?.length);
  });
});
