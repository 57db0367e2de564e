// `npm start`: a registry, somebody to talk to, and VS Code with the extension, all on this machine, until Ctrl+C. The desktop
// VS Code is taken where `code` is on the PATH, else the browser build; `--browser` takes that in any case. `--check` stops
// again as soon as everything runs.
import { parseArgs } from 'node:util';
import { buildIfStale } from './building/buildIfStale.ts';
import { askedToStop } from './run/background.ts';
import { openBrowserEditor } from './starting/browserEditor.ts';
import { type DemoPeer, PEER_NAME, startDemoPeer } from './starting/demoPeer.ts';
import { findDesktopEditor, openDesktopEditor } from './starting/desktopEditor.ts';
import type { EditorWishes, RunningEditor } from './starting/editor.ts';
import { claimStart, releaseStart } from './starting/onlyOnce.ts';
import { makeProject } from './starting/project.ts';
import { type RunningRegistry, startRegistry } from './starting/registry.ts';

const flags = {
  browser: { type: 'boolean', default: false },
  check: { type: 'boolean', default: false },
} as const;
const { values: wishes } = parseArgs({ options: flags });
const stop = askedToStop();
/** What has been started, each with how to stop it. */
const started: (() => Promise<void>)[] = [];

interface Running {
  readonly registry: RunningRegistry;
  readonly peer: DemoPeer;
  readonly editor: RunningEditor;
}

async function startAll(): Promise<Running> {
  await buildIfStale();
  const registry = await startRegistry();
  started.push(() => registry.program.stop());
  const peer = await startDemoPeer(registry.url);
  started.push(() => peer.program.stop());
  const editor = await openEditor({ project: await makeProject(), registryUrl: registry.url });
  started.push(() => editor.stop());
  return { registry, peer, editor };
}

function openEditor(forEditor: EditorWishes): Promise<RunningEditor> {
  const desktop = wishes.browser ? undefined : findDesktopEditor();
  return desktop ? openDesktopEditor(desktop, forEditor) : openBrowserEditor(forEditor);
}

function tell({ registry, peer, editor }: Running): void {
  console.log(`
Hamta is running, for this machine alone.

  VS Code    ${editor.words}
  Registry   ${registry.url} (store: ${registry.store})
  Demo peer  ${PEER_NAME}, on ${peer.address}; answers, and sends pictures back

${editor.firstStep}, click the Hamta icon on its left side, choose a name and say hello to ${PEER_NAME}.
The folder that is open holds a picture to send. Ctrl+C stops everything.
`);
}

/** Resolves to the exit code when it is time to stop. */
async function untilTheEnd({ registry, peer, editor }: Running): Promise<number> {
  const reasons = [
    stop.then(() => ({ words: '', code: 0 })),
    editor.ended.then(() => ({ words: 'VS Code has ended.', code: 0 })),
    registry.program.ended.then(() => ({
      words: lastWords('The registry', registry.program.output),
      code: 1,
    })),
    peer.program.ended.then(() => ({
      words: lastWords(`The demo peer ${PEER_NAME}`, peer.program.output),
      code: 1,
    })),
  ];
  const { words, code } = await Promise.race(reasons);
  if (words) console.log(words);
  return code;
}

function lastWords(name: string, output: string): string {
  return `${name} has ended by itself. It said:\n${output.trim().split('\n').slice(-15).join('\n')}`;
}

/** The editor first and the registry last, so that each can still say goodbye to the next. */
async function stopAll(): Promise<void> {
  for (const stopOne of started.reverse()) await stopOne();
  await releaseStart();
}

async function run(): Promise<number> {
  const running = await startAll();
  tell(running);
  return wishes.check ? 0 : untilTheEnd(running);
}

try {
  await claimStart();
  try {
    process.exitCode = await Promise.race([run(), stop.then(() => 0)]);
  } finally {
    console.log('Stopping…');
    await stopAll();
  }
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
// A start that was interrupted half-way may still be waiting for something that has been stopped.
process.exit();
