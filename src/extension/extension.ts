// Composes the extension: what there is one of, then each feature, which registers itself. No policy here.

import path from 'node:path';
import { type ExtensionContext, ExtensionMode, env, type LogOutputChannel, Uri, window } from 'vscode';
import type { LogLine } from '../base/logger.ts';
import { type FailureCode, FailureError } from '../contract/failure.ts';
import type { State } from '../contract/state.ts';
import { registerAccount } from './account/signUp.ts';
import { ChatPanels } from './chat/chatPanels.ts';
import { Drafts } from './chat/drafts.ts';
import { registerExport } from './chat/exportConversation.ts';
import { registerSending } from './chat/pickFiles.ts';
import { registerSearch } from './chat/searchAll.ts';
import { registerUnanswered } from './chat/sendText.ts';
import { COMMANDS } from './commands.ts';
import { setContextKey } from './contextKeys.ts';
import { engineSettings, onDidChangeSetting, setting } from './editorSettings.ts';
import type { AttachState } from './engine/attachMachine.ts';
import { type OpenEngine, openEngine } from './engine/openEngine.ts';
import { SignedUpMark } from './engine/signedUpMark.ts';
import { Failures } from './failures.ts';
import { farewell } from './farewell.ts';
import { registerJoining } from './invite/joinByLink.ts';
import { l10n } from './l10n.ts';
import { registerDoNotDisturb } from './notices/doNotDisturb.ts';
import { registerNotices } from './notices/notices.ts';
import { registerPeersView } from './peers/peersView.ts';
import { registerPersonCommands } from './peers/personCommands.ts';
import { registerCommands } from './registerCommand.ts';
import { registerRegistry } from './registry/registryFeature.ts';
import type { Services } from './services.ts';
import { registerSharing } from './shared/sharedCommands.ts';
import { registerStatusBar } from './statusBar.ts';
import { registerTrustCommands } from './trust/trustCommands.ts';

/** For the suite that runs inside an editor, and for nobody else: what this window knows. */
export interface TestApi {
  state(): State | undefined;
}

let engine: OpenEngine | undefined;
let drafts: Drafts | undefined;

export async function activate(context: ExtensionContext): Promise<TestApi | undefined> {
  const log = window.createOutputChannel('Hamta', { log: true });
  engine = open(context, log);
  const services = servicesOf(context, log, engine);
  drafts = services.drafts;
  const chats = new ChatPanels(services);
  context.subscriptions.push(
    log,
    engine,
    ...registerPeersView(services),
    ...registerAccount(services),
    ...registerPersonCommands(services),
    ...registerTrustCommands(services),
    ...registerSending(services),
    ...registerExport(services),
    ...registerSharing(services),
    ...chats.register(),
    ...registerUnanswered(services),
    ...registerSearch(services, chats),
    ...registerNotices(services, chats),
    ...registerDoNotDisturb(services),
    ...registerStatusBar(services),
    ...registerRegistry(services),
    registerJoining(services),
    engine.client.onDidChangeStatus((status) => tellStop(status, services)),
    engine.client.onDidChangeStatus((status) => logAttached(status, log)),
    ...registerCommands(services.failures, { [COMMANDS.showLog]: () => log.show(true) }),
    onDidChangeSetting(['downloadFolder', 'autoAccept'], () => passSettingsOn(services)),
  );
  await startForThoseSignedUp(context, services);
  const { client } = engine;
  return context.extensionMode === ExtensionMode.Test ? { state: () => client.state } : undefined;
}

/** The editor waits a few seconds for this; what is not finished by then starts again elsewhere and loses nothing. */
export async function deactivate(): Promise<void> {
  if (engine !== undefined && drafts !== undefined) await farewell({ engine, drafts });
}

function open(
  { extension, extensionUri, globalStorageUri }: ExtensionContext,
  log: LogOutputChannel,
): OpenEngine {
  return openEngine({
    version: String(extension.packageJSON.version),
    script: Uri.joinPath(extensionUri, 'dist', 'engine.js').fsPath,
    dataDir: path.join(globalStorageUri.fsPath, 'engine'),
    settings: () => ({ ...engineSettings(), port: setting('port'), ...listenHost() }),
    log: (line) => write(log, line),
  });
}

/** Development and tests keep to one address. */
function listenHost(): { listenHost: string } | undefined {
  const host = process.env.HAMTA_LISTEN_HOST;
  return host === undefined ? undefined : { listenHost: host };
}

const OUTDATED: ReadonlySet<FailureCode> = new Set(['windowOutdated', 'databaseNewer']);

/** The Peers view says only that there is no engine; why, it says here. What a reload mends is said aloud. */
function tellStop(status: AttachState, { failures }: Services): void {
  if (status.kind !== 'stopped') return;
  const reason = new FailureError(status.failure);
  if (OUTDATED.has(status.failure.code)) void failures.show(reason);
  else failures.note(reason);
}

/** Several windows write a log each: who ran the engine when is what one needs to know first. */
function logAttached({ kind }: AttachState, log: LogOutputChannel): void {
  const host = engine?.isHosting ? 'this window' : 'another window';
  if (kind === 'attached') log.info(`window: attached, process ${process.pid}, ${host} runs the engine`);
}

function write(log: LogOutputChannel, { level, room, text }: LogLine): void {
  log[level](`${room}: ${text}`);
}

function servicesOf(
  { extensionUri, globalStorageUri }: ExtensionContext,
  log: LogOutputChannel,
  { client }: OpenEngine,
): Services {
  const inStorage = (name: string) => path.join(globalStorageUri.fsPath, name);
  const language = { t: l10n.t, locale: env.language };
  const failures = new Failures(log, language);
  return {
    engine: client,
    failures,
    drafts: new Drafts(inStorage('drafts'), (error) => failures.note(error)),
    log,
    language,
    extensionUri,
    folders: {
      engine: inStorage('engine'),
      outbox: inStorage('outbox'),
      registryStore: inStorage('registry.db'),
    },
  };
}

/**
 * `onStartupFinished` is for those who have chosen a name: others must reach them although nothing of Hamta is open. For
 * everybody else this is one look for a file, and no engine is started before it is needed.
 */
async function startForThoseSignedUp(
  { globalStorageUri, subscriptions }: ExtensionContext,
  { engine: client, failures }: Services,
): Promise<void> {
  const mark = new SignedUpMark(globalStorageUri.fsPath);
  let marked = await mark.isSet();
  setContextKey('signedUp', marked);
  const follow = (state: State) => {
    const signedUp = state.me.name !== undefined;
    if (signedUp === marked) return;
    marked = signedUp;
    mark.set(signedUp).catch((error) => failures.note(error));
  };
  subscriptions.push(
    client.mirror.onDidReset(follow),
    client.mirror.onDidChange(({ event, after }) => event.kind === 'meChanged' && follow(after)),
  );
  if (marked) client.start();
}

/** Every window does; the engine takes the same values more than once without harm. */
function passSettingsOn({ engine: client, failures }: Services): void {
  if (client.state === undefined) return;
  client.request('configure', engineSettings()).catch((error) => failures.note(error));
}
