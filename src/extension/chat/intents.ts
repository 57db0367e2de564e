// What each intent of a chat page does. A page is trusted with no more than these, and with nothing it says.

import * as v from 'valibot';
import { commands, env, Uri, window } from 'vscode';
import type { Turns } from '../../base/turns.ts';
import { fail } from '../../contract/failure.ts';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import { messageState } from '../../contract/message.ts';
import { FromPanel, type SearchWish, type Stamp, type ToPanel, type WayOut } from '../../contract/panel.ts';
import type { Transfer } from '../../contract/transfer.ts';
import { COMMANDS, type CommandId } from '../commands.ts';
import { l10n } from '../l10n.ts';
import { cancelConnect, connect } from '../peers/connecting.ts';
import type { Services } from '../services.ts';
import { fulfil } from '../trust/trustWish.ts';
import { acceptInto } from './acceptInto.ts';
import { answerOffer } from './answerOffer.ts';
import { ownTransfer } from './ownTransfer.ts';
import { pickAndSend } from './pickFiles.ts';
import { openFile, type ReceivedFile, revealFile, saveFileAs } from './receivedFile.ts';
import { sendBytes, sendUris } from './sendFiles.ts';
import { sendText } from './sendText.ts';
import { keepUnheard } from './unheard.ts';
import { whileItIsRead } from './whileItIsRead.ts';

export interface IntentContext {
  readonly services: Services;
  readonly peer: Fingerprint;
  /** In which pasted and dropped files are offered: in the order in which they came, however long each takes to be read. */
  readonly inTurn: Turns;
  /** The page has loaded and wants to be shown everything. `by`: what the editor has kept of it said last. */
  ready(by: Stamp | undefined): void;
  /** The page has shown their messages up to this number. */
  shown(upTo: number): void;
  tell(message: ToPanel): void;
}

/** Hits of one answer: more than a list shows without being scrolled. */
const SEARCH_PAGE = 50;

type Intent<Kind extends FromPanel['kind']> = Extract<FromPanel, { kind: Kind }>;
type Actions = {
  readonly [Kind in FromPanel['kind']]: (intent: Intent<Kind>, context: IntentContext) => unknown;
};

/** The message as an intent, or undefined when it is none. */
export function parseIntent(message: unknown): FromPanel | undefined {
  const parsed = v.safeParse(FromPanel, message);
  return parsed.success ? parsed.output : undefined;
}

/** Throws what goes wrong; a FailureError is for the person. */
export async function act(intent: FromPanel, context: IntentContext): Promise<void> {
  const action = ACTIONS[intent.kind] as (intent: FromPanel, context: IntentContext) => unknown;
  await action(intent, context);
}

const ACTIONS: Actions = {
  ready,
  sendText: ({ kind: _kind, by, ...said }, { services, peer, tell }) =>
    sendText(services, peer, said, by, () => by && tell({ kind: 'heard', at: by.at })),
  deleteMessage: ({ id }, context) => deleteMessage(context, id),
  react: ({ id, emoji, on }, { services, peer }) => services.engine.request('react', { peer, id, emoji, on }),
  unsent: ({ texts, by }, { services, peer }) => by && services.drafts.write(peer, texts, by),
  typing: ({ on }, context) => tellTyping(context, on),
  sendBytes: ({ name, bytes }, { services, peer, inTurn }) =>
    inTurn(() => sendBytes(services, peer, { name, bytes })),
  sendUris: ({ uris }, { services, peer, inTurn }) =>
    inTurn(() => sendUris(services, peer, uris, 'whatItIs')),
  pickPicture: (_, { services, peer }) => pickAndSend(services, peer, 'picture'),
  pickFile: (_, { services, peer }) => pickAndSend(services, peer, 'file'),
  loadEarlier: (_, { services, peer }) => services.engine.history.loadEarlier(peer),
  loadLater: (_, { services, peer }) => services.engine.history.loadLater(peer),
  loadAround: ({ order }, { services, peer }) => services.engine.history.loadAround(peer, order),
  loadNewest: (_, { services, peer }) => services.engine.history.loadNewest(peer),
  searchConversation: (wish, context) => searchConversation(context, wish),
  markRead: ({ upTo }, { shown }) => shown(upTo),
  connect: (_, { services, peer }) => connect(services, peer),
  cancelConnect: (_, { services, peer }) => cancelConnect(services, peer),
  disconnect: (_, { services, peer }) => services.engine.request('disconnect', { peer }),
  trust: ({ wish }, { services, peer }) => fulfil(services, peer, wish),
  wayOut: ({ way }) => commands.executeCommand(WAYS_OUT[way]),
  answerConnection: ({ accept }, { services, peer }) =>
    services.engine.request('answerConnection', { peer, accept }),
  answerTransfer: ({ id, accept }, context) =>
    answerOffer(context.services, { id: own(id, context).id, accept }),
  acceptInto: ({ id }, context) => acceptInto(context.services, own(id, context).id),
  cancelTransfer: ({ id }, context) =>
    context.services.engine.request('cancelTransfer', { id: own(id, context).id }),
  retryTransfer: ({ id }, context) => retryTransfer(context.services, own(id, context)),
  openFile: ({ id }, context) => openFile(fileOf(id, context)),
  revealFile: ({ id }, context) => revealFile(fileOf(id, context)),
  saveFileAs: ({ id }, context) => saveFileAs(fileOf(id, context)),
  copyText: ({ text }) => env.clipboard.writeText(text),
  openLink: ({ url }) => openLink(url),
};

const WAYS_OUT: Record<WayOut, CommandId> = {
  signUp: COMMANDS.signUp,
  tryAgain: COMMANDS.refreshPeers,
  showLog: COMMANDS.showLog,
};

/** First of all what was sent: it goes before the page is shown. An engine may take its time: the page hears at once that somebody is here. */
async function ready({ by, unheard = [] }: Intent<'ready'>, { services, peer, ready, tell }: IntentContext) {
  for (const { kind: _kind, by: saidBy, ...said } of unheard) {
    if (saidBy === undefined) continue;
    await keepUnheard(services, peer, { ...said, by: saidBy });
    tell({ kind: 'heard', at: saidBy.at });
  }
  if (by !== undefined) tell({ kind: 'heard', at: by.at });
  ready(by);
}

/** What they may have seen is gone for good, so it is asked; what has not left yet can be written again. */
async function deleteMessage({ services, peer }: IntentContext, id: string): Promise<void> {
  if (!isQueued(services, peer, id)) {
    const answer = await window.showWarningMessage(
      l10n.t('Delete this message for both of you?'),
      {
        modal: true,
        detail: l10n.t('It cannot be brought back. A file that has arrived stays where it was saved.'),
      },
      l10n.t('Delete'),
    );
    if (answer === undefined) return;
  }
  await services.engine.request('deleteMessage', { peer, id });
}

function isQueued({ engine }: Services, peer: Fingerprint, id: string): boolean {
  const message = engine.state?.conversations[peer]?.messages.find((each) => each.id === id);
  const receipts = engine.state?.peers[peer]?.receipts;
  return (
    message !== undefined && receipts !== undefined && messageState(message.number, receipts) === 'queued'
  );
}

/** Nothing that a person waits for: where it cannot be told, it is not. */
async function tellTyping({ services, peer }: IntentContext, on: boolean): Promise<void> {
  if (services.engine.status.kind !== 'attached') return;
  await services.engine.request('typing', { peer, on }).catch((error) => services.failures.note(error));
}

async function searchConversation({ services, peer, tell }: IntentContext, wish: SearchWish): Promise<void> {
  const { query, before } = wish;
  const older = before === undefined ? {} : { before };
  const page = await services.engine.request('searchMessages', { peer, query, limit: SEARCH_PAGE, ...older });
  tell({ kind: 'searched', wish, page });
}

async function retryTransfer({ engine }: Services, { id, name }: Transfer): Promise<void> {
  await whileItIsRead(name, (options) => engine.request('retryTransfer', { id }, options));
}

function own(id: string, { services, peer }: IntentContext): Transfer {
  return ownTransfer(id, peer, services.engine.state);
}

function fileOf(id: string, context: IntentContext): ReceivedFile {
  const { name, path } = own(id, context);
  if (path === undefined) throw fail('transferUnknown', {});
  return { name, uri: Uri.file(path) };
}

/**
 * What a message links to is somebody else's choice: nothing but web and mail addresses, and the editor asks once more. The editor
 * takes a text as it is, though its types do not say so; of a Uri it would make another address, %2F as / and %3F as %253F
 * (microsoft/vscode#85930).
 */
async function openLink(url: string): Promise<void> {
  if (/^(https?|mailto):$/.test(URL.parse(url)?.protocol ?? ''))
    await env.openExternal(url as unknown as Uri);
}
