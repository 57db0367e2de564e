// What the pages for people name, against what there is: commands, settings with their defaults, and scripts.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const root = new URL('../../', import.meta.url);
const read = (file: string) => readFileSync(new URL(file, root), 'utf8');
const readme = read('README.md');
const pages = ['CHANGELOG.md', 'CONTRIBUTING.md', 'docs/architecture.md', 'docs/registry.md'].map(read);
const manifest = JSON.parse(read('package.json'));
const words: Record<string, string> = JSON.parse(read('package.nls.json'));
const settings: Record<string, { default: unknown }> = manifest.contributes.configuration.properties;

/** Of the commands that the palette offers. */
function titles(): string[] {
  const { commands, menus } = manifest.contributes as {
    commands: { command: string; title: string }[];
    menus: Record<string, { command: string; when: string }[]>;
  };
  const hidden = menus.commandPalette?.filter(({ when }) => when === 'false').map(({ command }) => command);
  return commands
    .filter(({ command }) => !hidden?.includes(command))
    .map(({ title }) => words[title.slice(1, -1)] ?? title);
}

/** The left column of the table of commands; `Start / Stop X` are two of them. */
function commandsOfReadme(): string[] {
  const rows = [...readme.matchAll(/^\| Hamta: (.+?) \|/gm)].map(([, names = '']) => names);
  return rows
    .map((names) => names.replace(/\b(\w+) \/ (\w+) (Registry Server)\b/, '$1 $3, $2 $3'))
    .flatMap((names) => names.split(/, | \/ /));
}

describe('the README', () => {
  it('names each command of the palette, and no other', () => {
    assert.ok(titles().length > 20);
    assert.deepEqual(commandsOfReadme().sort(), titles().sort());
  });

  it('names each setting with its default', () => {
    const rows = [...readme.matchAll(/^\| `(hamta\.[\w.]+)` \| (?:`(.*?)`)? ?\|/gm)];
    const said = rows.map(([, name = '', value = '']) => [name, value]);
    const defaults = Object.entries(settings).map(([name, { default: value }]) => [name, String(value)]);
    assert.deepEqual(said, defaults);
  });
});

describe('the pages for people', () => {
  it('name no setting that is not there', () => {
    const named = [readme, ...pages].flatMap((page) => page.match(/`hamta\.[\w.]+`/g) ?? []);
    const known = [...Object.keys(settings), 'hamta.db', 'hamta.db.lock'].map((name) => `\`${name}\``);
    assert.ok(named.length > 10);
    assert.deepEqual(
      named.filter((name) => !known.includes(name)),
      [],
    );
  });

  it('name no script that is not there', () => {
    const named = [readme, ...pages].flatMap((page) => [
      ...page.matchAll(/\bnpm (?:run )?(start|test|\w+(?=\s+--|`))/g),
    ]);
    const missing = named.map(([, script = '']) => script).filter((script) => !(script in manifest.scripts));
    assert.ok(named.length > 10);
    assert.deepEqual(missing, []);
  });

  it('name each command as the palette shows it', () => {
    const named = [readme, ...pages].flatMap((page) => [...page.matchAll(/\*Hamta: ([^*]+)\*/g)]);
    const missing = named.map(([, title = '']) => title).filter((title) => !titles().includes(title));
    assert.ok(named.length > 3);
    assert.deepEqual(missing, []);
  });
});
