// What a person has written on its way to the engine, a new message or other words for one: kept under its id until the engine has answered.
// What a window, or the engine, went away with is asked for again.

import { type Disposable, toDisposable } from '../../base/disposable.ts';
import { FailureError } from '../../contract/failure.ts';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import type { Stamp } from '../../contract/panel.ts';
import { after } from '../after.ts';
import type { Services } from '../services.ts';
import type { SentText } from './drafts.ts';

/** A window that lives asks for its own by itself, as soon as there is an engine; what is there after that is nobody's. In ms. */
const SETTLE_MS = 2_000;

export type Sending = Pick<Services, 'engine' | 'drafts'>;

/**
 * Resolves when it is stored. Where it fails, whoever has asked says what becomes of the text. `onKept`: its file is there, or it has been
 * answered, whichever is first: a disk may be slow.
 */
export function sendText(
  services: Sending,
  peer: Fingerprint,
  text: SentText,
  by?: Stamp,
  onKept: () => void = () => undefined,
): Promise<void> {
  const kept = services.drafts.send(peer, text, by);
  const answered = ask(services, peer, text);
  void Promise.race([kept, answered.catch(() => undefined)]).then(onKept);
  return answered;
}

/** Nobody sees that it failed: what may be stored is asked for again, anything else is a draft. */
export async function keepUnsent(
  { drafts }: Pick<Services, 'drafts'>,
  peer: Fingerprint,
  { id, ...text }: SentText,
  error: unknown,
): Promise<void> {
  const isGone = error instanceof FailureError && error.failure.code === 'engineGone';
  if (isGone) drafts.leaveUnanswered(id);
  else await drafts.giveBack(peer, text, id);
}

/**
 * What an engine went away with, or a window. Under the same id: what is done already is not done again. All at once, so that nobody asks
 * for one that has been answered meanwhile.
 */
export async function sendUnanswered(
  services: Sending & Pick<Services, 'failures'>,
  peer: Fingerprint,
): Promise<void> {
  const { drafts, failures } = services;
  // Another window may have had its answer meanwhile.
  await drafts.load();
  const texts = drafts.unanswered(peer);
  const sendAgain = async (text: SentText) => {
    if (isOvertaken(text, texts)) return drafts.answered(peer, text.id);
    try {
      drafts.waitFor(text.id);
      await ask(services, peer, text, drafts.sentAt(peer, text.id));
    } catch (error) {
      failures.note(error);
      await keepUnsent(services, peer, text, error);
    }
  };
  await Promise.all(texts.map(sendAgain));
}

/** A message says what it was changed to last. */
function isOvertaken(text: SentText, texts: readonly SentText[]): boolean {
  return text.editOf !== undefined && texts.findLast(({ editOf }) => editOf === text.editOf) !== text;
}

/** Whenever there is an engine, whether or not a chat is shown. */
export function registerUnanswered(services: Services): Disposable[] {
  const { engine, drafts } = services;
  const sendAll = async () => {
    await drafts.load();
    await Promise.all(drafts.unansweredPeers().map((peer) => sendUnanswered(services, peer)));
  };
  let settling: Disposable | undefined;
  return [
    engine.onDidChangeStatus(({ kind }) => {
      settling?.dispose();
      if (kind === 'attached') settling = after(SETTLE_MS, () => void sendAll());
    }),
    toDisposable(() => settling?.dispose()),
  ];
}

/** `asOf`: when it was asked for first, where it is asked again. A message may have been changed since, and stays so. */
async function ask(
  { engine, drafts }: Sending,
  peer: Fingerprint,
  said: SentText,
  asOf?: number,
): Promise<void> {
  const { editOf, ...text } = said;
  if (editOf === undefined) await engine.request('sendText', { peer, ...text });
  else
    await engine.request('editMessage', {
      peer,
      id: editOf,
      text: text.text,
      ...(asOf !== undefined && { asOf }),
    });
  drafts.answered(peer, said.id);
}
