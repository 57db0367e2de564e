// Answers a message from its notification, without opening the chat.

import { type InputBox, window } from 'vscode';
import { FailureError } from '../../contract/failure.ts';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import type { SentText } from '../chat/drafts.ts';
import { keepUnsent, sendText } from '../chat/sendText.ts';
import { inText, nameInText } from '../inText.ts';
import { l10n } from '../l10n.ts';
import { newId } from '../newId.ts';
import type { Services } from '../services.ts';

export interface Answered {
  readonly peer: Fingerprint;
  readonly text: string;
  readonly number: number;
}

/**
 * Resolves when the answer is stored, or the box was closed. What was typed stays in the box while it cannot be sent. Where the box goes
 * with its window, what was sent is asked for again, and what was not is a draft of their chat.
 */
export function reply(services: Services, to: Answered): Promise<void> {
  const name = nameInText(services.engine.state?.peers[to.peer]);
  const box = window.createInputBox();
  box.title = l10n.t('Reply to {0}', name);
  box.prompt = l10n.t('{0}: {1}', name, inText(to.text));
  box.placeholder = l10n.t('Message');
  box.ignoreFocusOut = true;
  const closed = new AbortController();
  const { drafts } = services;
  /** What is on its way, or has failed and stands in the box as it was. */
  let asked: SentText | undefined;
  const forget = () => {
    if (asked === undefined || box.busy) return;
    drafts.answered(to.peer, asked.id);
    asked = undefined;
  };
  const leaving = drafts.onWillClose(() => {
    // What was asked for is kept as that.
    const { value } = box;
    if (value.trim() !== '' && value !== asked?.text) void drafts.giveBack(to.peer, { text: value });
  });
  return new Promise<void>((resolve, reject) => {
    box.onDidChangeValue(() => {
      box.validationMessage = undefined;
      forget();
    });
    const failed = (error: unknown) =>
      closed.signal.aborted ? void services.failures.show(error) : reject(error);
    box.onDidAccept(() => {
      const { value, busy } = box;
      if (value.trim() === '' || busy) return;
      // The same text again is the same asking: the first may have been heard.
      if (asked?.text !== value) {
        forget();
        asked = { id: newId(), text: value };
      }
      void send(services, to, asked, box, closed.signal).then((isSent) => isSent && resolve(), failed);
    });
    box.onDidHide(() => {
      closed.abort();
      forget();
      resolve();
    });
    box.show();
  }).finally(() => {
    leaving.dispose();
    box.dispose();
  });
}

async function send(
  services: Services,
  to: Answered,
  answer: SentText,
  box: InputBox,
  closed: AbortSignal,
): Promise<boolean> {
  box.busy = true;
  try {
    await sendText(services, to.peer, answer);
  } catch (error) {
    if (closed.aborted || !(error instanceof FailureError)) {
      void keepUnsent(services, to.peer, answer, error);
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
