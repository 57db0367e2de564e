// The commands about shared files: share, stop sharing, fetch. Each asks for what its argument does not say.

import { homedir } from 'node:os';
import path from 'node:path';
import {
  type Disposable,
  env,
  type QuickPickItem,
  QuickPickItemKind,
  ThemeIcon,
  Uri,
  window,
  workspace,
} from 'vscode';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import type { SharedItem } from '../../contract/shared.ts';
import type { State } from '../../contract/state.ts';
import { isolatedBeside } from '../bidi.ts';
import { whileItIsAsked, whileItIsRead } from '../chat/whileItIsRead.ts';
import { COMMANDS, personOf, sharedItemOf } from '../commands.ts';
import { inText, nameInText } from '../inText.ts';
import { l10n } from '../l10n.ts';
import { countText, sizeText } from '../peers/amounts.ts';
import { PEERS_VIEW } from '../peers/peersView.ts';
import { beginHere } from '../placeHere.ts';
import { plainText } from '../plainText.ts';
import { registerCommands } from '../registerCommand.ts';
import { sayBriefly } from '../sayBriefly.ts';
import type { Services } from '../services.ts';
import { pickAudience } from './audience.ts';
import { pictureHint } from './pictureHint.ts';
import { audienceText, iconOf } from './sharedRows.ts';

export function registerSharing(services: Services): Disposable[] {
  return registerCommands(services.failures, {
    [COMMANDS.share]: (clicked, selected) => share(services, clicked, selected),
    [COMMANDS.unshare]: (argument) => unshare(services, argument),
    [COMMANDS.fetchShared]: (argument) => fetchShared(services, argument),
  });
}

async function share({ engine, language }: Services, clicked: unknown, selected: unknown): Promise<void> {
  const state = await engine.ready();
  const uris = urisIn(clicked, selected) ?? (await pickFiles());
  const far = uris.find(({ scheme }) => scheme !== 'file');
  if (far !== undefined) return refuseFar(far);
  const paths = uris.map(({ fsPath }) => fsPath);
  if (paths.length === 0) return;
  const hint = pictureHint(paths, language.t);
  const question = {
    title: titleOf(paths, language.locale),
    ...(hint === undefined ? {} : { placeHolder: hint }),
  };
  const sharedWith = await pickAudience(state, question, language.locale);
  if (sharedWith === undefined) return;
  const read = paths.map((each) => path.basename(each)).join(', ');
  const items = await whileItIsRead(read, (options) =>
    engine.request('share', { paths, with: sharedWith }, options),
  );
  const names = items.map(({ name }) => name);
  sayBriefly(l10n.t('Shared: {0}', inText(names.join(', '))));
}

/** The Explorer passes what was clicked and all that is selected. */
function urisIn(clicked: unknown, selected: unknown): readonly Uri[] | undefined {
  const many = Array.isArray(selected) ? selected.filter((each) => each instanceof Uri) : [];
  if (many.length > 0) return many;
  return clicked instanceof Uri ? [clicked] : undefined;
}

async function pickFiles(): Promise<readonly Uri[]> {
  const picked = await window.showOpenDialog({
    title: l10n.t('Share which files?'),
    openLabel: l10n.t('Share'),
    canSelectMany: true,
    ...beginHere(env.remoteName, workspace.workspaceFolders, Uri.file(homedir())),
  });
  return picked ?? [];
}

/** Whoever fetches it may come in a month: a copy of what is elsewhere would be old by then. */
async function refuseFar(uri: Uri): Promise<void> {
  const name = inText(path.posix.basename(uri.path));
  const text = l10n.t('{0} is not on this computer, so it cannot be shared. Save a copy here first.', name);
  await window.showWarningMessage(text);
}

function titleOf(paths: readonly string[], locale: string): string {
  const [first = ''] = paths;
  return paths.length === 1
    ? l10n.t('Share {0} with whom?', inText(path.basename(first)))
    : l10n.t('Share {0} files with whom?', countText(paths.length, locale));
}

interface ItemChoice extends QuickPickItem {
  readonly item?: string;
  readonly peer?: Fingerprint;
}

async function unshare(services: Services, argument: unknown): Promise<void> {
  const { engine } = services;
  const given = sharedItemOf(argument);
  const ids = given === undefined ? await pickOwn(services) : [given];
  for (const id of ids) await engine.request('unshare', { id });
}

async function pickOwn(services: Services): Promise<readonly string[]> {
  const state = await services.engine.ready();
  const choices = (state.shared ?? []).map((item) => ({
    ...choiceOf(item, services),
    detail: plainText(audienceText(state, item, services.language)),
  }));
  if (choices.length === 0) {
    void window.showInformationMessage(
      l10n.t('You share nothing. Right-click a file in the Explorer to share it.'),
    );
    return [];
  }
  const picked = await window.showQuickPick(choices, {
    title: l10n.t('Stop sharing which files?'),
    canPickMany: true,
  });
  return (picked ?? []).map(({ item }) => item);
}

async function fetchShared(services: Services, argument: unknown): Promise<void> {
  const [asked, peer] = [sharedItemOf(argument), personOf(argument)];
  const chosen = asked === undefined ? await pickTheirs(services, peer) : { item: asked, peer };
  if (chosen?.item === undefined || chosen.peer === undefined) return;
  const { engine } = services;
  const wish = { peer: chosen.peer, itemId: chosen.item };
  const item = engine.state?.sharedBy?.[wish.peer]?.find(({ id }) => id === wish.itemId);
  const title = l10n.t('Fetching {0}', inText(item?.name ?? '', 80));
  await window.withProgress({ location: { viewId: PEERS_VIEW } }, () =>
    whileItIsAsked(title, (options) => engine.request('fetchShared', wish, options)),
  );
}

/** Of one person, or of everybody. */
async function pickTheirs(
  services: Services,
  peer: Fingerprint | undefined,
): Promise<ItemChoice | undefined> {
  const state = await services.engine.ready();
  const choices = Object.keys(state.peers as Record<Fingerprint, unknown>)
    .map((key) => key as Fingerprint)
    .filter((each) => peer === undefined || each === peer)
    .flatMap((each) => theirChoices(state, each, services));
  if (choices.length > 0) return window.showQuickPick(choices, { title: l10n.t('Fetch which file?') });
  void window.showInformationMessage(nothingText(state, peer));
  return undefined;
}

function theirChoices(state: State, peer: Fingerprint, services: Services): ItemChoice[] {
  const items = state.sharedBy?.[peer] ?? [];
  if (items.length === 0) return [];
  const owner = { label: plainText(state.peers[peer]?.name ?? ''), kind: QuickPickItemKind.Separator };
  return [owner, ...items.map((item) => ({ ...choiceOf(item, services), peer }))];
}

function choiceOf(item: SharedItem, { language }: Services) {
  return {
    label: plainText(item.name),
    description: isolatedBeside(item.name, sizeText(item.sizeBytes, language.locale)),
    iconPath: new ThemeIcon(iconOf(item)),
    item: item.id,
  };
}

function nothingText({ peers }: State, peer: Fingerprint | undefined): string {
  const person = peer === undefined ? undefined : peers[peer];
  if (person === undefined) return l10n.t('Nobody who is connected shares anything with you now.');
  const name = nameInText(person);
  return person.link === 'connected'
    ? l10n.t('{0} shares nothing with you now.', name)
    : l10n.t('What {0} shares is shown once you are connected.', name);
}
