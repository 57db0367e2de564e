// What the demo peer does about what happens: a pure function from events to actions.

import { type Failure, failure } from '../contract/failure.ts';
import type { Fingerprint } from '../contract/fingerprint.ts';
import type { Message } from '../contract/message.ts';
import type { Peer } from '../contract/peer.ts';
import type { Event, Me, State } from '../contract/state.ts';
import { isFinal, isPicture, type Transfer } from '../contract/transfer.ts';
import { transferFailureText } from '../contract/transferFailure.ts';
import { answerTo, welcome } from './answer.ts';

export type Action =
  | { readonly kind: 'letIn'; readonly peer: Fingerprint }
  | { readonly kind: 'markRead'; readonly peer: Fingerprint; readonly upTo: number }
  | { readonly kind: 'say'; readonly peer: Fingerprint; readonly text: string }
  /** Draws a picture and offers it. */
  | { readonly kind: 'draw'; readonly peer: Fingerprint }
  | { readonly kind: 'answerTransfer'; readonly id: string; readonly accept: boolean }
  /** Changes a picture that has arrived and offers it to its sender. */
  | { readonly kind: 'sendBack'; readonly transfer: Transfer };

/** Larger pictures are declined: this peer is for trying things out, and its disk is somebody's. */
export const MAX_PICTURE_BYTES = 64 * 1024 * 1024;

/** `before` is the state that `event` changes. What happens twice is answered once. */
export function reactionsTo(event: Event, before: State): Action[] {
  switch (event.kind) {
    case 'peerChanged':
      return toPeer(event.peer, before.peers[event.peer.fingerprint]);
    case 'messageAdded':
      return toMessage(event.message);
    case 'transferChanged':
      return toTransfer(event.transfer, before.transfers[event.transfer.id], before.me);
    default:
      return [];
  }
}

/** What stands open when the program starts: whoever waits has waited long enough. */
export function reactionsAtStart(state: State): Action[] {
  const peers = Object.values(state.peers).flatMap((peer) =>
    peer.link === 'asking' ? toPeer(peer, undefined) : [],
  );
  const transfers = Object.values(state.transfers).flatMap((transfer) =>
    toTransfer(transfer, undefined, state.me),
  );
  return [...peers, ...transfers.filter(({ kind }) => kind === 'answerTransfer')];
}

function toPeer(peer: Peer, before: Peer | undefined): Action[] {
  const { fingerprint, link } = peer;
  if (link === before?.link) return [];
  if (link === 'asking') return [{ kind: 'letIn', peer: fingerprint }];
  const isNew = link === 'connected' && peer.lastMessageAt === undefined;
  return isNew ? [{ kind: 'say', peer: fingerprint, text: welcome() }] : [];
}

function toMessage({ peer, from, number, body }: Message): Action[] {
  if (from === 'me') return [];
  const seen: Action = { kind: 'markRead', peer, upTo: number };
  if (body.kind !== 'text') return [seen];
  const { text, withPicture } = answerTo(body.text);
  const said: Action = { kind: 'say', peer, text };
  return withPicture ? [seen, said, { kind: 'draw', peer }] : [seen, said];
}

function toTransfer(transfer: Transfer, before: Transfer | undefined, me: Me): Action[] {
  const { direction, state } = transfer;
  if (direction === 'send' || state.kind === before?.state.kind) return [];
  if (state.kind === 'offered') return toOffer(transfer);
  if (before === undefined || isFinal(before.state)) return [];
  if (state.kind === 'done') return toArrival(transfer);
  return state.kind === 'failed' ? toFailure(transfer, state.failure, me) : [];
}

function toOffer(transfer: Transfer): Action[] {
  const { id, mediaType, sizeBytes } = transfer;
  const accept = isPicture(mediaType) && sizeBytes <= MAX_PICTURE_BYTES;
  const answer: Action = { kind: 'answerTransfer', id, accept };
  const why = `I only take pictures, up to ${MAX_PICTURE_BYTES / 1024 / 1024} MB.`;
  return accept ? [answer] : [answer, say(transfer, why)];
}

function toArrival(transfer: Transfer): Action[] {
  const text = `${transfer.name} arrived, verified. Here it is, mirrored and grey.`;
  return [say(transfer, text), { kind: 'sendBack', transfer }];
}

/** In the words for the side that the failure is told to. Of their own they know already. */
function toFailure(transfer: Transfer, { code }: Failure, { name: me = 'my side' }: Me): Action[] {
  if (code === 'peerFailed') return [];
  const { name } = transfer;
  const asTheySeeIt = failure('peerFailed', { name, code });
  return [say(transfer, transferFailureText(asTheySeeIt, { direction: 'send', name }, me))];
}

function say({ peer }: Transfer, text: string): Action {
  return { kind: 'say', peer, text };
}
