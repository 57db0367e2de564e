// Every wall is run into once, in a small house built for it.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { cruiseFrom, walls } from '../../scripts/checking/walls.ts';

/** Rule, the file that breaks it, what it imports. */
const TRESPASSES: [rule: string, file: string, imported: string][] = [
  ['src-engine-imports-no-other-house', 'src/engine/overTheFence.ts', '../extension/home.ts'],
  ['src-extension-imports-no-other-house', 'src/extension/overTheFence.ts', '../engine/home.ts'],
  ['src-peer-imports-no-other-house', 'src/peer/overTheFence.ts', '../engine/home.ts'],
  ['webview-imports-no-other-house', 'webview/overTheFence.ts', '../src/extension/home.ts'],
  ['registry-server-imports-no-other-house', 'registry-server/overTheFence.ts', '../src/engine/home.ts'],
  ['base-stands-on-nothing', 'src/base/onNode.ts', 'node:path'],
  ['vocabularies-look-down', 'src/wire/upward.ts', '../engine/home.ts'],
  ['vocabularies-keep-apart', 'src/contract/aside.ts', '../wire/home.ts'],
  ['pipe-stands-alone', 'src/pipe/words.ts', '../contract/home.ts'],
  ['contract-needs-no-node', 'src/contract/onNode.ts', 'node:path'],
  ['product-imports-no-tools', 'src/peer/tools.ts', '../../scripts/home.ts'],
  ['product-imports-no-dev-packages', 'registry-server/dev.ts', 'mocha'],
  ['vscode-in-the-extension-only', 'src/engine/editor.ts', 'vscode'],
  ['sockets-at-the-edge-only', 'src/engine/reach/socket.ts', 'node:dgram'],
  ['sql-in-the-stores-only', 'src/engine/sql.ts', 'node:sqlite'],
  ['webview-runs-in-a-browser', 'webview/onNode.ts', 'node:path'],
  ['webview-knows-base-and-contract', 'webview/bytes.ts', '../src/wire/home.ts'],
  ['registry-knows-base-contract-and-wire', 'registry-server/peer.ts', '../src/peer/home.ts'],
  ['engine-sharing-looks-down', 'src/engine/sharing/upward.ts', '../home.ts'],
  ['engine-files-looks-down', 'src/engine/files/upward.ts', '../sharing/home.ts'],
  ['engine-carriers-looks-down', 'src/engine/carriers/upward.ts', '../files/home.ts'],
  ['engine-connections-looks-down', 'src/engine/connections/upward.ts', '../carriers/home.ts'],
  ['engine-conversations-looks-down', 'src/engine/conversations/upward.ts', '../connections/home.ts'],
  ['engine-people-looks-down', 'src/engine/people/upward.ts', '../conversations/home.ts'],
  ['engine-windows-looks-down', 'src/engine/windows/upward.ts', '../people/home.ts'],
  ['engine-pictures-looks-down', 'src/engine/pictures/upward.ts', '../windows/home.ts'],
  ['engine-io-looks-down', 'src/engine/io/upward.ts', '../pictures/home.ts'],
  ['engine-ground-floor-looks-down', 'src/engine/link/upward.ts', '../io/home.ts'],
  ['transfer-knows-no-link', 'src/engine/transfer/link.ts', '../link/home.ts'],
  ['reach-knows-no-conversation', 'src/engine/reach/link.ts', '../link/home.ts'],
  ['store-keeps-to-itself', 'src/engine/store/identity.ts', '../identity/home.ts'],
  ['identity-keeps-to-itself', 'src/engine/identity/store.ts', '../store/home.ts'],
  ['io-stores-nothing', 'src/engine/io/store.ts', '../store/home.ts'],
  ['no-circle', 'src/engine/circleA.ts', './circleB.ts'],
  ['everything-is-found', 'src/engine/lost.ts', './nowhere.ts'],
];

/** What must stay allowed, lest a rule forbid everything. */
const PERMITTED: [file: string, imported: string][] = [
  ['src/engine/circleB.ts', './home.ts'],
  ['src/extension/editor.ts', 'vscode'],
  ['src/engine/io/socket.ts', 'node:net'],
  ['src/pipe/socket.ts', 'node:net'],
  ['src/extension/window.ts', '../pipe/home.ts'],
  ['src/engine/store/sql.ts', 'node:sqlite'],
  ['src/engine/downward.ts', './sharing/home.ts'],
  ['src/engine/sharing/downward.ts', '../files/home.ts'],
  ['src/engine/windows/downward.ts', '../store/home.ts'],
  ['registry-server/store/sql.ts', 'node:sqlite'],
  ['webview/view.ts', '../src/contract/home.ts'],
  ['registry-server/app.ts', '../src/wire/home.ts'],
  ['src/contract/view.ts', '../base/home.ts'],
  ['test/socket.ts', 'node:net'],
];

const HOMES = [
  'src/base src/contract src/wire src/pipe src/peer src/extension src/engine webview registry-server scripts',
  'src/engine/io src/engine/link src/engine/transfer src/engine/reach src/engine/store src/engine/identity',
  'src/engine/sharing src/engine/files src/engine/carriers src/engine/connections src/engine/conversations',
  'src/engine/people src/engine/windows src/engine/pictures',
].flatMap((line) => line.split(' '));

describe('The walls', () => {
  let house: string;

  before(async () => {
    house = await realpath(await mkdtemp(path.join(os.tmpdir(), 'hamta-walls-')));
    await put('package.json', JSON.stringify({ type: 'module', devDependencies: { mocha: '*' } }));
    await put('node_modules/mocha/package.json', JSON.stringify({ name: 'mocha', main: 'index.js' }));
    await put('node_modules/mocha/index.js', '');
    await put('node_modules/@types/vscode/package.json', JSON.stringify({ types: 'index.d.ts' }));
    await put('node_modules/@types/vscode/index.d.ts', 'export type Window = string;\n');
    for (const room of HOMES) await put(`${room}/home.ts`, 'export type Home = string;\n');
  });

  after(() => rm(house, { recursive: true, force: true }));

  it('let nobody through where a rule forbids it, for every rule there is', async () => {
    for (const [, file, imported] of TRESPASSES) await putImport(file, imported);
    for (const [file, imported] of PERMITTED) await putImport(file, imported);
    await put('src/engine/circleB.ts', "import type { A } from './circleA.ts';\nexport type B = A;\n");

    const { violations } = await cruiseFrom(house);

    const caught = new Set(violations.map(({ rule, from }) => `${rule.name} ${from}`));
    for (const [rule, file] of TRESPASSES)
      assert.ok(caught.has(`${rule} ${file}`), `${rule} lets ${file} through`);
    const rules = (walls.forbidden ?? []).map((rule) => rule.name);
    assert.deepEqual([...new Set(TRESPASSES.map(([rule]) => rule))].sort(), rules.sort());
  });

  it('stand in nobody else’s way', async () => {
    for (const [, file] of TRESPASSES) await rm(path.join(house, file), { force: true });
    for (const [file, imported] of PERMITTED) await putImport(file, imported);

    const { modules, violations } = await cruiseFrom(house);

    assert.deepEqual(violations, []);
    assert.ok(modules >= PERMITTED.length);
  });

  async function put(file: string, text: string): Promise<void> {
    await mkdir(path.dirname(path.join(house, file)), { recursive: true });
    await writeFile(path.join(house, file), text);
  }

  function putImport(file: string, imported: string): Promise<void> {
    return put(file, `export * from '${imported}';\n`);
  }
});
