import assert from 'node:assert/strict';
import { exportTarget } from '../../../src/extension/chat/exportTarget.ts';
import { inOwnDirection } from '../../../src/extension/language.ts';
import type { Place } from '../../../src/extension/placeHere.ts';
import { english } from '../people.ts';

const place = (path: string, scheme = 'file'): Place => ({ scheme, path, fsPath: path });

describe('where a conversation is exported to', () => {
  it('says by its ending what is written: JSON, else Markdown', () => {
    const formats = ['/a/bob.md', '/a/bob.JSON', '/a/bob'].map((path) => exportTarget(place(path), english));
    assert.deepEqual(
      formats.map(({ format }) => format),
      ['markdown', 'json', 'markdown'],
    );
    assert.equal(formats[0]?.path, '/a/bob.md');
  });

  it('brings the words of the editor’s language with it', () => {
    const shouting = { ...english, t: (text: string) => text.toUpperCase() };
    const { words } = exportTarget(place('/a/bob.md'), shouting);
    assert.deepEqual(Object.values(words ?? {}), ['ME', 'EDITED', 'DELETED', 'FILE', 'TIMES ARE UTC.']);
  });

  it('brings them as letters alone: an editor draws a box for each mark of direction in a file', () => {
    const persian = { locale: 'fa', t: inOwnDirection(() => 'زمان‌ها به وقت جهانی (UTC) است.', 'fa') };
    const { words } = exportTarget(place('/a/bob.md'), persian);
    assert.equal(words?.timesAreUtc, 'زمان‌ها به وقت جهانی (UTC) است.');
  });

  it('is refused with words where it is not on this computer', () => {
    assert.throws(
      () => exportTarget(place('/a/bob.md', 'vscode-remote'), english),
      /could not be written to \/a\/bob\.md \(it is not on this computer\)\. Choose another place/,
    );
  });
});
