// Answers a message from its notification, without opening the chat.

import { type InputBox, l10n, window } from 'vscode';
import { FailureError } from '../../contract/failure.ts';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import { inText, nameInText } from '../inText.ts';
import type { Services } from '../services.ts';

export interface Answered {
  readonly peer: Fingerprint;
  readonly text: string;
  readonly number: number;
}

/**
 * Resolves when the answer is stored, or the box was closed. What was typed stays in the box while it cannot be sent, and is a draft
 * of their chat where the box has gone by then, or goes with its window.
 */
export function reply(services: Services, to: Answered): Promise<void> {
  const name = nameInText(services.engine.state?.peers[to.peer]);
  const box = window.createInputBox();
  box.title = l10n.t('Reply to {0}', name);
  box.prompt = l10n.t('{0}: {1}', name, inText(to.text));
  box.placeholder = l10n.t('Message');
  box.ignoreFocusOut = true;
  const closed = new AbortController();
  const leaving = services.drafts.onWillClose(() => {
    if (box.value.trim() !== '') void services.drafts.giveBack(to.peer, { text: box.value });
  });
  return new Promise<void>((resolve, reject) => {
    box.onDidChangeValue(() => {
      box.validationMessage = undefined;
    });
    const failed = (error: unknown) =>
      closed.signal.aborted ? void services.failures.show(error) : reject(error);
    box.onDidAccept(
      () => void send(services, to, box, closed.signal).then((isSent) => isSent && resolve(), failed),
    );
    box.onDidHide(() => {
      closed.abort();
      resolve();
    });
    box.show();
  }).finally(() => {
    leaving.dispose();
    box.dispose();
  });
}

async function send(services: Services, to: Answered, box: InputBox, closed: AbortSignal): Promise<boolean> {
  const text = box.value;
  if (text.trim() === '' || box.busy) return false;
  box.busy = true;
  try {
    await services.engine.request('sendText', { peer: to.peer, text });
  } catch (error) {
    if (closed.aborted || !(error instanceof FailureError)) {
      void services.drafts.giveBack(to.peer, { text });
      throw error;
    }
    box.validationMessage = services.failures.text(error);
    return false;
  } finally {
    box.busy = false;
  }
  // It is sent, whatever comes of this.
  void markRead(services, to).catch((error) => services.failures.note(error));
  return true;
}

/** Who answers has read what they answer; with others before it that is not known, and `read` speaks for all below. */
async function markRead({ engine }: Services, { peer, number }: Answered): Promise<void> {
  if (engine.state?.peers[peer]?.unread === 1) await engine.request('markRead', { peer, upTo: number });
}
