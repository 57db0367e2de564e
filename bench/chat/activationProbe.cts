// What an editor loads in place of the extension: it loads the extension itself, hands on what the editor does with it, and writes
// what that took to the file of HAMTA_ACTIVATION, one line of JSON for each activation. Left out is what the editor does before.

const { appendFileSync } = require('node:fs');
const { join } = require('node:path');

interface Extension {
  activate(context: unknown): Promise<unknown>;
  deactivate(): unknown;
}

/** In ms, of the extension host's thread: what other threads and programs take meanwhile is not in it. */
function spent(since: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(since);
  return (user + system) / 1_000;
}

const begunAt = performance.now();
const before = process.threadCpuUsage();
const extension: Extension = require(join(__dirname, 'dist', 'extension.cjs'));
const loadMs = spent(before);

/** Until it has resolved: whatever else the thread did between two turns of it counts as well, so that nothing is left out. */
async function activate(context: unknown): Promise<unknown> {
  const called = process.threadCpuUsage();
  const result = await extension.activate(context);
  const measured = { loadMs, activateMs: spent(called), wallMs: performance.now() - begunAt };
  appendFileSync(process.env.HAMTA_ACTIVATION ?? '', `${JSON.stringify(measured)}\n`);
  return result;
}

module.exports = { activate, deactivate: () => extension.deactivate() };
