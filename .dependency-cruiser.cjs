// The walls of the house, as `npm run check` holds them: imports run downward only, and each room keeps to itself what is its
// own. test/scripts/walls.test.ts proves that every rule here can fail.

/** The houses on top: none imports another. */
const HOUSES = ['src/engine', 'src/extension', 'src/peer', 'webview', 'registry-server'];
const PRODUCT = '^(src|webview|registry-server)/';
const TOOLS = '^(scripts|test|bench)/';
const SOCKETS = '^(node:)?(net|tls|dgram|http|https|http2)$';
const VSCODE = '^vscode$|(^|/)node_modules/@types/vscode/';

const anyOf = (folders) => `^(${folders.join('|')})/`;

const betweenHouses = HOUSES.map((house) => ({
  name: `${house.replace('/', '-')}-imports-no-other-house`,
  comment: 'Houses talk through src/contract and src/wire, in processes of their own.',
  from: { path: `^${house}/` },
  to: { path: anyOf(HOUSES.filter((other) => other !== house)) },
}));

const floors = [
  {
    name: 'base-stands-on-nothing',
    comment: 'src/base runs everywhere: it imports nothing of ours, no package and nothing of Node.',
    from: { path: '^src/base/' },
    to: { pathNot: '^src/base/' },
  },
  {
    name: 'vocabularies-look-down',
    comment: 'src/contract and src/wire are on the floor below the houses.',
    from: { path: '^src/(contract|wire)/' },
    to: { path: anyOf(HOUSES) },
  },
  {
    name: 'vocabularies-keep-apart',
    comment: 'Values between processes are spelled in src/contract, bytes between machines in src/wire.',
    from: { path: '^src/(contract|wire)/' },
    to: { path: '^src/(contract|wire)/', pathNot: '^src/$1/' },
  },
  {
    name: 'pipe-stands-alone',
    comment: 'src/pipe carries messages and knows none of them.',
    from: { path: '^src/pipe/' },
    to: { path: PRODUCT, pathNot: '^src/pipe/' },
  },
  {
    name: 'contract-needs-no-node',
    comment: 'src/contract also runs in the webview.',
    from: { path: '^src/contract/' },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'product-imports-no-tools',
    from: { path: PRODUCT },
    to: { path: TOOLS },
  },
  {
    name: 'product-imports-no-dev-packages',
    comment: 'What is shipped is made of the dependencies, not of the devDependencies. Types vanish.',
    from: { path: PRODUCT },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: VSCODE },
  },
];

const edges = [
  {
    name: 'vscode-in-the-extension-only',
    from: { pathNot: '^(src/extension|test/editor)/' },
    to: { path: VSCODE },
  },
  {
    name: 'sockets-at-the-edge-only',
    from: { pathNot: '^(src/engine/io|src/pipe|registry-server|scripts|test|bench)/' },
    to: { path: SOCKETS },
  },
  {
    name: 'sql-in-the-stores-only',
    from: { pathNot: '^(src/engine/store|registry-server/store|scripts|test|bench)/' },
    to: { path: '^(node:)?sqlite$' },
  },
  {
    name: 'webview-runs-in-a-browser',
    from: { path: '^webview/' },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'webview-knows-base-and-contract',
    from: { path: '^webview/' },
    to: { path: '^src/', pathNot: '^src/(base|contract)/' },
  },
  {
    name: 'registry-knows-base-contract-and-wire',
    from: { path: '^registry-server/' },
    to: { path: '^src/', pathNot: '^src/(base|contract|wire)/' },
  },
];

/** The engine's rooms, from the top; on the lowest floor are those that know no other. */
const ENGINE_FLOORS = [
  ['sharing'],
  ['files'],
  ['carriers'],
  ['connections'],
  ['conversations'],
  ['people'],
  ['windows'],
  ['pictures'],
  ['io'],
  ['link', 'transfer', 'reach', 'store', 'identity'],
];
const ABOVE_THE_ROOMS = '^src/engine/[^/]+$';

const engineFloors = ENGINE_FLOORS.map((rooms, floor) => ({
  name: `engine-${rooms.length === 1 ? rooms[0] : 'ground-floor'}-looks-down`,
  comment:
    'Imports run downward. Machines do no I/O: what they want is polled from them, and io/drive.ts does it.',
  from: { path: anyOf(rooms.map((room) => `src/engine/${room}`)) },
  to: {
    path: [
      ABOVE_THE_ROOMS,
      ...ENGINE_FLOORS.slice(0, floor)
        .flat()
        .map((room) => `^src/engine/${room}/`),
    ],
  },
}));

const engineRooms = [
  {
    name: 'transfer-knows-no-link',
    from: { path: '^src/engine/transfer/' },
    to: { path: '^src/engine/link/' },
  },
  {
    name: 'reach-knows-no-conversation',
    from: { path: '^src/engine/reach/' },
    to: { path: '^src/engine/(transfer|link)/' },
  },
  {
    name: 'store-keeps-to-itself',
    from: { path: '^src/engine/store/' },
    to: { path: '^src/engine/', pathNot: '^src/engine/store/' },
  },
  {
    name: 'identity-keeps-to-itself',
    from: { path: '^src/engine/identity/' },
    to: { path: '^src/engine/', pathNot: '^src/engine/identity/' },
  },
  {
    name: 'io-stores-nothing',
    from: { path: '^src/engine/io/' },
    to: { path: '^src/engine/store/' },
  },
];

const shape = [
  {
    name: 'no-circle',
    comment: 'A circle of types counts too: the files can only be understood together.',
    from: {},
    to: { circular: true },
  },
  {
    name: 'everything-is-found',
    from: {},
    to: { couldNotResolve: true, pathNot: '^vscode$' },
  },
];

const all = [...betweenHouses, ...floors, ...edges, ...engineFloors, ...engineRooms, ...shape];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: all.map((rule) => ({ severity: 'error', ...rule })),
  options: {
    // Before compilation: an import of types alone is an import.
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
