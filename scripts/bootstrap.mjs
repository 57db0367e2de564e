// The first thing every npm script runs: `node scripts/bootstrap.mjs <verb> [args]`. Plain JavaScript for the machine's own
// Node (20.19 or newer): it puts node_modules in place, then hands over to `scripts/<verb>.ts` on the Node 24 that came with
// them. Its exit code is that script's.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { installPackages } from './setup/installPackages.mjs';
import { root, toolNode } from './setup/places.mjs';
import { runInOurPlace } from './setup/runInOurPlace.mjs';
import { SetupError } from './setup/setupError.mjs';

const OLDEST_NODE = { major: 20, minor: 19 };

async function main() {
  const [verb, ...args] = process.argv.slice(2);
  const script = scriptFor(verb);
  refuseOldNode();
  await installPackages();
  process.exitCode = await runInOurPlace(toolNode, [script, ...args], { env: toolEnvironment() });
}

/** `test-desktop` is `scripts/testDesktop.ts`. Only a file of that folder can be named. */
function scriptFor(verb = '') {
  const name = verb.replace(/-([a-z])/g, (_, letter) => letter.toUpperCase());
  const file = path.join(root, 'scripts', `${name}.ts`);
  if (/^[a-zA-Z]+$/.test(name) && existsSync(file)) return file;
  throw new SetupError(
    `There is no script for "${verb}". Look at "scripts" in package.json for what there is.`,
  );
}

function refuseOldNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_NODE.major || (major === OLDEST_NODE.major && minor >= OLDEST_NODE.minor)) return;
  const wanted = `${OLDEST_NODE.major}.${OLDEST_NODE.minor}`;
  throw new SetupError(
    `Hamta's tools need Node ${wanted} or newer, and this is ${process.version}. ` +
      'Install a newer one from https://nodejs.org and run the same command again.',
  );
}

/** The machine's NODE_OPTIONS are meant for its own Node: Node 24 may refuse them, and no debugger is to sit in every child. */
function toolEnvironment() {
  const env = { ...process.env };
  for (const key of Object.keys(env)) {
    if (key === 'NODE_OPTIONS' || /^npm_(package|lifecycle)_/.test(key)) delete env[key];
  }
  return env;
}

main().catch((error) => {
  console.error(error instanceof SetupError ? error.message : error);
  process.exitCode = 1;
});
