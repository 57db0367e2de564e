// Why a transfer failed, as each of its two people reads it: what happened, on whose side, and what this one can do about it.

import { type Failure, type FailureCode, inEnglish, type Say } from './failure.ts';
import { reasonText } from './reasonText.ts';
import { MAX_ATTEMPTS, type Transfer } from './transfer.ts';

/** The file's name, the other person's, and where it is on this side and why that failed, as far as the failure knows. */
interface Subject {
  readonly file: string;
  readonly peer: string;
  readonly path: string;
  /** What the system of this side said, in words. */
  readonly why: string;
}

type Texts = { readonly [Code in FailureCode]?: (subject: Subject, t: Say) => string };

/** A card that has failed has a button for the sender, Try again, and none for the receiver. */
const SENDER_HERE: Texts = {
  diskFull: ({ file, path }, t) =>
    t('{0} could not be sent: the disk that holds {1} is full. Make room there, then try again.', file, path),
  fileChanged: ({ file }, t) =>
    t('{0} changed while it was being sent, so what had arrived was not kept. Try again.', file),
  fileUnreadable: ({ path, why }, t) =>
    t(
      '{0} cannot be read any more ({1}). Check that it is still there and may be read, then try again.',
      path,
      why,
    ),
  fileSlow: ({ path }, t) =>
    t('{0} was not sent: its disk did not answer. Wait until the disk is there again, then try again.', path),
};

const SENDER_THERE: Texts = {
  diskFull: ({ file, peer }, t) =>
    t("{0} could not be saved: {1}'s disk is full. Ask them to make room, then try again.", file, peer),
  folderUnwritable: ({ file, peer }, t) =>
    t(
      "{0} could not be saved: {1}'s folder cannot be written to. Ask them to choose another one, then try again.",
      file,
      peer,
    ),
  folderSlow: ({ file, peer }, t) =>
    t(
      "{0} could not be saved: {1}'s disk does not answer. Ask them to choose another folder, then try again.",
      file,
      peer,
    ),
  digestMismatch: ({ file, peer }, t) =>
    t('{0} arrived damaged at {1}: its digest differs, so it was not kept. Try again.', file, peer),
  transferStalled: ({ file, peer }, t) =>
    t(
      '{0} did not get through to {1}: nothing arrives, neither over UDP nor over TCP. A firewall may block both. Try again.',
      file,
      peer,
    ),
};

/** These and the next end without what to do: it depends on whether the file was sent or fetched. */
const RECEIVER_HERE: Texts = {
  diskFull: ({ file, path }, t) =>
    t('{0} could not be saved: the disk that holds {1} is full. Make room there.', file, path),
  folderUnwritable: ({ file, path, why }, t) =>
    t('{0} could not be saved in {1} ({2}). Check that folder, or choose another one.', file, path, why),
  folderSlow: ({ file, path }, t) =>
    t('{0} could not be saved: the disk of {1} does not answer.', file, path),
  digestMismatch: ({ file }, t) => t('{0} arrived damaged: its digest differs, so it was not kept.', file),
  transferStalled: ({ file }, t) =>
    t(
      '{0} did not get through in {1} tries: nothing arrives, neither over UDP nor over TCP. A firewall may block both.',
      file,
      MAX_ATTEMPTS,
    ),
};

const RECEIVER_THERE: Texts = {
  fileChanged: ({ file, peer }, t) => t('{0} changed while {1} was sending it.', file, peer),
  fileUnreadable: ({ file, peer }, t) =>
    t("{0} cannot be read any more on {1}'s computer: it may have been moved or deleted.", file, peer),
  fileSlow: ({ file, peer }, t) => t("{0} did not come: {1}'s disk did not answer.", file, peer),
};

/**
 * In English, or in the words of `t`. `peer` is the other person's name. Total: a code of a newer build, on either side, gets a
 * sentence that says on whose side it went wrong.
 */
export function transferFailureText(
  of: Failure,
  transfer: Pick<Transfer, 'direction' | 'name' | 'itemId'>,
  peer: string,
  t: Say = inEnglish,
): string {
  const { path = transfer.name, detail = '' } = of.details as { path?: string; detail?: string };
  const why = reasonText(detail, t, reasonText('UNKNOWN', t));
  const subject = { file: transfer.name, peer, path, why };
  if (transfer.direction === 'send') return toSender(of, subject, t);
  const next =
    transfer.itemId === undefined
      ? t('Ask {0} to send it again.', peer)
      : t('Click on it below {0} in the Peers view to fetch it again.', peer);
  return `${toReceiver(of, subject, t)} ${next}`;
}

function toSender(of: Failure, subject: Subject, t: Say): string {
  const { file, peer } = subject;
  if (of.code === 'peerFailed')
    return (
      textOf(SENDER_THERE, of.details.code)?.(subject, t) ??
      t("{0} did not arrive: something went wrong on {1}'s side. Try again.", file, peer)
    );
  return (
    textOf(SENDER_HERE, of.code)?.(subject, t) ??
    t('{0} could not be sent because of an error here. Try again.', file)
  );
}

function toReceiver(of: Failure, subject: Subject, t: Say): string {
  const { file, peer } = subject;
  if (of.code === 'peerFailed')
    return (
      textOf(RECEIVER_THERE, of.details.code)?.(subject, t) ??
      t("{0} did not arrive: something went wrong on {1}'s side.", file, peer)
    );
  return (
    textOf(RECEIVER_HERE, of.code)?.(subject, t) ??
    t('{0} could not be received because of an error here.', file)
  );
}

/** `code` may be anything: a peer says it. */
function textOf(texts: Texts, code: string): Texts[FailureCode] {
  return Object.hasOwn(texts, code) ? texts[code as FailureCode] : undefined;
}
