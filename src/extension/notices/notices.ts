// Notifications: a new message, somebody who wants to connect, an offer. Each question also stands in the tree and the chat.

import { type Disposable, window } from 'vscode';
import { DisposableStore } from '../../base/disposable.ts';
import { quietUntil } from '../../contract/doNotDisturb.ts';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import type { State } from '../../contract/state.ts';
import { after } from '../after.ts';
import { answerOffer } from '../chat/answerOffer.ts';
import type { ChatPanels } from '../chat/chatPanels.ts';
import { setting } from '../editorSettings.ts';
import { inText, nameInText } from '../inText.ts';
import { l10n } from '../l10n.ts';
import { sizeText } from '../peers/amounts.ts';
import { connectWithProgress } from '../peers/connecting.ts';
import type { Services } from '../services.ts';
import {
  asksNoMore,
  isLeftToLine,
  isOpen,
  isTakenBack,
  isWanted,
  type Notice,
  noticeOf,
  questionsOf,
} from './notice.ts';
import { NoticeQueue } from './noticeQueue.ts';
import { reply } from './replyBox.ts';
import { turnOver } from './turnOver.ts';
import { WhoTells } from './whoTells.ts';

type Offer = Extract<Notice, { kind: 'offer' }>;

/** The editor takes a notification off the screen after 10 s; its promise stays open while it rests in the centre. */
const ON_SCREEN_MS = 12_000;

export function registerNotices(services: Services, chats: ChatPanels): Disposable[] {
  const { mirror } = services.engine;
  const due = (notice: Notice) => isDue(notice, services, chats);
  const queue = new NoticeQueue({ isDue: due, show: (notice) => show(notice, services, chats) });
  const who = new WhoTells({
    isFocused: () => window.state.focused,
    now: () => performance.now(),
    after,
    isDue: due,
    claim: (about, id, isFocused) =>
      services.engine.request('claimNotice', { about, id, isFocused }).catch((error) => {
        // An engine that has gone says nothing; the next one's questions are told of then.
        services.failures.note(error);
        return false;
      }),
    tell: (notice) => queue.add(notice),
  });
  return [
    who,
    mirror.onDidReset((state) => {
      for (const question of questionsOf(state)) who.add(question);
    }),
    mirror.onDidChange(({ event, before }) => {
      const notice = noticeOf(event, before);
      if (notice !== undefined) who.add(notice);
    }),
    window.onDidChangeWindowState(() => who.focusChanged()),
  ];
}

function isDue(notice: Notice, { engine }: Services, chats: ChatPanels): boolean {
  const { state } = engine;
  if (state === undefined || !isWanted(notice, setting('notifications'))) return false;
  if (quietUntil(state.me, Date.now()) !== undefined) return false;
  if (isLeftToLine(notice, state, setting('autoAccept'))) return false;
  return isOpen(notice, state) && !isInSight(notice, chats);
}

/** A message that stands on the screen needs no second place there; a question may be missed by somebody who looks elsewhere. */
function isInSight({ kind, peer }: Notice, chats: ChatPanels): boolean {
  return kind === 'message' ? chats.isVisible(peer) : chats.isWatched(peer);
}

/** Resolves when the next one may come. */
async function show(notice: Notice, services: Services, chats: ChatPanels): Promise<void> {
  const over = new DisposableStore();
  const offScreen = new Promise<void>((resolve) => {
    over.add(after(ON_SCREEN_MS, resolve));
  });
  const { mirror } = services.engine;
  const settled = new Promise<void>((resolve) => {
    const look = (state: State) => !isOpen(notice, state) && resolve();
    over.add(mirror.onDidChange(({ after }) => look(after)));
    over.add(mirror.onDidReset(look));
  });
  const closed = ask(notice, services, chats).catch((error) => void services.failures.show(error));
  await turnOver(notice.kind, { closed, offScreen, settled });
  over.dispose();
}

async function ask(notice: Notice, services: Services, chats: ChatPanels): Promise<void> {
  const name = nameInText(services.engine.state?.peers[notice.peer]);
  switch (notice.kind) {
    case 'message':
      return tell(l10n.t('{0}: {1}', name, inText(notice.text)), {
        reply: () => reply(services, notice),
        open: () => chats.open(notice.peer),
      });
    case 'connection': {
      const { peer } = notice;
      const accept = await decide(l10n.t('{0} wants to connect.', name));
      if (accept !== undefined && stillOpen(notice, services)) {
        await services.engine.request('answerConnection', { peer, accept });
      } else if (accept === true) await sayAsksNoMore(peer, name, services);
      return;
    }
    case 'offer': {
      const accept = await decide(offerText(notice.transfer, name, services));
      if (accept !== undefined && stillOpen(notice, services)) {
        await answerOffer(services, { id: notice.transfer, accept });
      } else if (accept === true) await sayTakenBack(notice, name, services, chats);
    }
  }
}

/** The editor leaves the question on the screen: whoever says yes to it late learns that nobody hears it. */
async function sayAsksNoMore(peer: Fingerprint, name: string, services: Services): Promise<void> {
  const { state } = services.engine;
  if (state === undefined || !asksNoMore(state.peers[peer])) return;
  const connect = l10n.t('Connect');
  const text = l10n.t('{0} does not ask to connect any more. You can connect yourself.', name);
  if ((await window.showInformationMessage(text, connect)) === connect)
    await connectWithProgress(services, peer);
}

/** So it is with a file: nobody is left waiting for it. */
async function sayTakenBack(
  { peer, transfer: id }: Offer,
  name: string,
  { engine }: Services,
  chats: ChatPanels,
) {
  const transfer = engine.state?.transfers[id];
  if (transfer === undefined || !isTakenBack(transfer)) return;
  const openChat = l10n.t('Open Chat');
  const text = l10n.t('{0} has taken {1} back.', name, inText(transfer.name, 80));
  if ((await window.showInformationMessage(text, openChat)) === openChat) await chats.open(peer);
}

function offerText(id: string, name: string, { engine, language }: Services): string {
  const transfer = engine.state?.transfers[id];
  const file = inText(transfer?.name ?? '', 80);
  return l10n.t(
    '{0} wants to send {1} ({2}).',
    name,
    file,
    sizeText(transfer?.sizeBytes ?? 0, language.locale),
  );
}

/** Answered in another window or place meanwhile: then the late click means nothing. */
function stillOpen(notice: Notice, { engine }: Services): boolean {
  return engine.state !== undefined && isOpen(notice, engine.state);
}

interface Answers {
  reply(): Promise<void>;
  open(): Promise<void>;
}

async function tell(text: string, { reply, open }: Answers): Promise<void> {
  const replyTo = l10n.t('Reply');
  const openChat = l10n.t('Open Chat');
  const answer = await window.showInformationMessage(text, replyTo, openChat);
  if (answer === replyTo) await reply();
  if (answer === openChat) await open();
}

async function decide(text: string): Promise<boolean | undefined> {
  const accept = l10n.t('Accept');
  const answer = await window.showInformationMessage(text, accept, l10n.t('Reject'));
  return answer === undefined ? undefined : answer === accept;
}
