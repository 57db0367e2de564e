// What the pages for people name, against what there is: commands, settings with their defaults, scripts, files and headings.

import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';

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

describe('each link on a page', () => {
  const places = ['*.md', 'docs/*.md', '{src,webview,test,registry-server}/**/*.md'];
  const links = globSync(places, { cwd: root }).flatMap((page) =>
    [...read(page).matchAll(/\]\((?!\w+:)([^)#]*)(?:#([^)]+))?\)/g)].map(([, path = '', heading]) => ({
      page,
      to: path === '' ? new URL(page, root) : new URL(path, new URL(page, root)),
      heading,
    })),
  );

  it('leads to a file that there is', () => {
    assert.ok(links.length > 50);
    const broken = links.filter(({ to }) => !existsSync(to));
    assert.deepEqual(broken, []);
  });

  it('leads to a heading that there is', () => {
    const named = links.filter(({ heading }) => heading !== undefined);
    assert.ok(named.length > 0);
    const broken = named.filter(
      ({ to, heading = '' }) => !headingsOf(readFileSync(to, 'utf8')).includes(heading),
    );
    assert.deepEqual(broken, []);
  });
});

/** As they stand behind the `#` of a link. */
function headingsOf(page: string): string[] {
  const titles = [...page.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) => title.toLowerCase());
  return titles.map((title) => title.replace(/[^\w\- ]/g, '').replaceAll(' ', '-'));
}
