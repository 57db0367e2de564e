import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ICONS } from '../../../webview/model/icons.ts';

describe('icons', () => {
  it('are all in the font', () => {
    const styles = readFileSync(
      createRequire(import.meta.url).resolve('@vscode/codicons/dist/codicon.css'),
      'utf8',
    );
    assert.deepEqual(
      ICONS.filter((name) => !styles.includes(`.codicon-${name}:before`)),
      [],
    );
  });
});
