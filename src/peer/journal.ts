// One calm line for each thing that happens, for whoever watches the terminal. Pure.

import { failureText } from '../contract/failure.ts';
import type { Fingerprint } from '../contract/fingerprint.ts';
import type { Event, State } from '../contract/state.ts';
import type { Transfer } from '../contract/transfer.ts';
import { transferFailureText } from '../contract/transferFailure.ts';

/** The line for `event`, or undefined where it is no news. `before` is the state that the event changes. */
export function lineOf(event: Event, before: State): string | undefined {
  switch (event.kind) {
    case 'peerChanged':
      return linkLine(event.peer.name, event.peer.link, before.peers[event.peer.fingerprint]?.link);
    case 'messageAdded':
      return event.message.body.kind === 'text'
        ? `${event.message.from === 'me' ? 'to' : 'from'} ${nameOf(event.message.peer, before)}: ${shown(event.message.body.text)}`
        : undefined;
    case 'transferChanged':
      return transferLine(event.transfer, before);
    case 'registryChanged':
      return event.registry.kind === 'failing' && before.registry.kind !== 'failing'
        ? failureText(event.registry.failure)
        : undefined;
    default:
      return undefined;
  }
}

const LINK_LINES: Readonly<Record<string, string>> = {
  asking: 'wants to connect',
  connected: 'is connected',
  none: 'is not connected any more',
};

function linkLine(name: string, link: string, before: string | undefined): string | undefined {
  const isNews = link !== before && (link !== 'none' || before === 'connected');
  const line = LINK_LINES[link];
  return isNews && line !== undefined ? `${shown(name)} ${line}` : undefined;
}

function transferLine(transfer: Transfer, before: State): string | undefined {
  const { id, name, peer, direction, state, sizeBytes } = transfer;
  if (state.kind === before.transfers[id]?.state.kind) return undefined;
  const way = direction === 'send' ? 'to' : 'from';
  const them = nameOf(peer, before);
  const why = state.kind === 'failed' ? ` (${transferFailureText(state.failure, transfer, them)})` : '';
  return `${shown(name)}, ${sizeBytes} bytes, ${way} ${them}: ${state.kind}${why}`;
}

function nameOf(peer: Fingerprint, state: State): string {
  return shown(state.peers[peer]?.name ?? peer.slice(0, 8));
}

/** In quotes and without what a terminal would obey. */
function shown(text: string): string {
  const line = JSON.stringify(text.slice(0, 80)).replace(
    /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    ' ',
  );
  return text.length > 80 ? `${line} …` : line;
}
