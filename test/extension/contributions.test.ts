// package.json against the tables of commands.ts, settings.ts and the texts: what one names, the other has.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { COMMANDS } from '../../src/extension/commands.ts';
import { SETTINGS } from '../../src/extension/settings.ts';

const manifest = json('package.json');
const { contributes } = manifest;
/** Are of use beside a row of the tree only. */
const HIDDEN_FROM_PALETTE = [
  COMMANDS.acceptConnection,
  COMMANDS.rejectConnection,
  COMMANDS.acceptTransfer,
  COMMANDS.rejectTransfer,
  COMMANDS.cancelTransfer,
  COMMANDS.startAnew,
];
const sorted = (list: Iterable<string>): string[] => [...list].sort();

function json(file: string) {
  return JSON.parse(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8'));
}

function text(file: string): string {
  return readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
}

interface MenuItem {
  readonly command: string;
  readonly when?: string;
}

describe('contributions', () => {
  it('has exactly the commands of the table', () => {
    const contributed = contributes.commands.map(({ command }: { command: string }) => command);
    assert.deepEqual(sorted(contributed), sorted(Object.values(COMMANDS)));
  });

  it('has exactly the settings of the table, with the same defaults', () => {
    const properties = contributes.configuration.properties as Record<string, { default: unknown }>;
    const defaults = Object.entries(properties).map(([id, { default: value }]) => [id, value]);
    const table = Object.entries(SETTINGS).map(([name, value]) => [`hamta.${name}`, value]);
    assert.deepEqual(Object.fromEntries(defaults), Object.fromEntries(table));
  });

  it('hides from the palette exactly the commands that need an argument', () => {
    const hidden = contributes.menus.commandPalette.filter(({ when }: MenuItem) => when === 'false');
    assert.deepEqual(sorted(hidden.map(({ command }: MenuItem) => command)), sorted(HIDDEN_FROM_PALETTE));
  });

  it('names only commands of the table in menus and welcome views', () => {
    const inMenus = (Object.values(contributes.menus) as MenuItem[][]).flat().map(({ command }) => command);
    const linked = [...text('package.nls.json').matchAll(/command:(hamta\.[\w.]+)/g)].map(([, id]) => id);
    const known = new Set<string | undefined>(Object.values(COMMANDS));
    const unknown = [...inMenus, ...linked].filter((id) => !known.has(id));
    assert.ok(linked.length > 0);
    assert.deepEqual(unknown, []);
  });

  it('keeps every setting that a strange workspace could misuse out of its reach', () => {
    const scopes = Object.values(contributes.configuration.properties as Record<string, { scope: string }>);
    assert.deepEqual(
      scopes.filter(({ scope }) => scope !== 'application'),
      [],
    );
  });

  for (const file of ['package.nls.json', 'package.nls.fa.json']) {
    it(`has each text of package.json in ${file}, and no other`, () => {
      const used = [...text('package.json').matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key ?? '');
      assert.deepEqual(sorted(Object.keys(json(file))), sorted(new Set(used)));
    });
  }

  it('reads in `when` clauses only the context keys that are set', () => {
    const set = [...text('src/extension/contextKeys.ts').matchAll(/: '(hamta\.\w+)'/g)].map(([, key]) => key);
    const clauses = JSON.stringify(contributes).match(/"(?:when|enablement)":"[^"]*"/g) ?? [];
    const read = clauses.flatMap((clause) => clause.match(/\bhamta\.(?!peers)\w+/g) ?? []);
    assert.deepEqual(sorted(new Set(read)), sorted(set as string[]));
  });
});
