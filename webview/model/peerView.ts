// What the header, the line under it and the place of the composer say about the other person: pure functions of state.

import { assertNever } from '../../src/base/assertNever.ts';
import type { Millis } from '../../src/base/clock.ts';
import { failureText } from '../../src/contract/failure.ts';
import type { Path, Peer } from '../../src/contract/peer.ts';
import type { State } from '../../src/contract/state.ts';
import type { Choice, Gate } from './choice.ts';
import type { Format } from './format.ts';
import type { IconName } from './icons.ts';
import { isolated } from './isolate.ts';
import { conflictText, doubtOf, trustGateOf } from './trustView.ts';

/** An icon differs by shape as well as by tone. */
export interface PresenceView {
  readonly icon: IconName;
  readonly tone: 'connected' | 'here' | 'away' | 'doubtful' | 'blocked';
  /** A few words for the header. */
  readonly words: string;
  /** All in words. */
  readonly tooltip: string;
}

export interface Notice {
  readonly icon: IconName;
  readonly tone: 'plain' | 'warning';
  readonly text: string;
  readonly tooltip?: string;
  readonly choice?: Choice;
}

const MINUTE_MS = 60_000;

const PATHS: Readonly<Record<Path, { words: string; tooltip: string }>> = {
  thisMachine: { words: 'this machine', tooltip: 'on this machine' },
  lan: { words: 'LAN', tooltip: 'over the local network' },
  direct: { words: 'direct', tooltip: 'directly' },
};

const CONNECT: Choice = { label: 'Connect', icon: 'plug', intent: { kind: 'connect' } };
const CANCEL: Choice = { label: 'Cancel', icon: 'close', intent: { kind: 'cancelConnect' } };
const DISCONNECT: Choice = {
  label: 'Disconnect',
  icon: 'debug-disconnect',
  intent: { kind: 'disconnect' },
};

export function presenceView(peer: Peer, format: Format, now: Millis): PresenceView {
  const name = isolated(peer.name);
  if (peer.standing === 'blocked')
    return { icon: 'circle-slash', tone: 'blocked', words: 'blocked', tooltip: `You blocked ${name}` };
  if (peer.link === 'connected') return connectedView(peer, name);
  const doubt = doubtOf(peer);
  if (doubt === 'former')
    return { icon: 'archive', tone: 'away', words: 'former key', tooltip: `${name} has another key now` };
  if (doubt === 'changed')
    return {
      icon: 'warning',
      tone: 'doubtful',
      words: 'another key has this name',
      tooltip: conflictText(name),
    };
  return { ...absenceView(peer, name, format, now), ...linkWords(peer) };
}

function connectedView(peer: Peer, name: string): PresenceView {
  const path = peer.path === undefined ? undefined : PATHS[peer.path];
  const words = path?.words ?? 'connected';
  const tooltip = ['Connected to', name, path?.tooltip].filter((part) => part !== undefined).join(' ');
  return { icon: 'circle-large-filled', tone: 'connected', words, tooltip };
}

function absenceView(peer: Peer, name: string, format: Format, now: Millis): PresenceView {
  const ago = agoOf(peer, format, now);
  switch (peer.presence) {
    case 'here':
      return { icon: 'record', tone: 'here', words: 'here', tooltip: `${name} is here, not connected` };
    case 'away':
      return {
        icon: 'circle-large-outline',
        tone: 'away',
        words: ago === undefined ? 'away' : `away ${ago}`,
        tooltip: ago === undefined ? `${name} is away` : `${name} is away, last seen ${ago} ago`,
      };
    case 'unknown':
      return {
        icon: 'question',
        tone: 'away',
        words: ago === undefined ? 'not connected' : `seen ${ago} ago`,
        tooltip: `No registry says whether ${name} is here`,
      };
    default:
      return assertNever(peer.presence);
  }
}

/** Undefined within the first minute too: seconds that do not count on would be wrong the next moment. */
function agoOf({ lastSeenAt }: Peer, format: Format, now: Millis): string | undefined {
  if (lastSeenAt === undefined || now - lastSeenAt < MINUTE_MS) return undefined;
  return format.duration(now - lastSeenAt);
}

function linkWords({ link }: Peer): { words: string } | undefined {
  if (link === 'dialling') return { words: 'connecting…' };
  if (link === 'waiting') return { words: 'waiting for their answer' };
  return link === 'asking' ? { words: 'wants to connect' } : undefined;
}

/** The one thing to do about the link; for people not accepted yet the gate offers it. */
export function linkChoice(peer: Peer): Choice | undefined {
  const { standing, link } = peer;
  if (link === 'connected') return DISCONNECT;
  if (doubtOf(peer) !== undefined) return undefined;
  if (standing !== 'accepted' || link === 'asking') return undefined;
  return link === 'none' ? CONNECT : CANCEL;
}

/** The thin line under the header: why messages do not flow, or undefined while they do or the gate says it. */
export function noticeOf(state: State, peer: Peer, engineAway: boolean, format: Format): Notice | undefined {
  const name = isolated(peer.name);
  if (engineAway)
    return { icon: 'loading', tone: 'plain', text: 'Hamta is starting again — nothing is lost' };
  if (state.me.name === undefined)
    return {
      icon: 'warning',
      tone: 'warning',
      text: 'You are signed out — messages wait until you sign up again',
    };
  if (peer.nameConflict !== undefined && peer.link === 'connected')
    return {
      icon: 'key',
      tone: 'warning',
      text: `${conflictText(name)} You are talking with the key you know.`,
    };
  if (peer.standing !== 'accepted' || peer.link === 'connected' || gateOf(peer) !== undefined)
    return undefined;
  return linkNotice(peer, name) ?? registryNotice(state, name) ?? absenceNotice(peer, name, format);
}

function linkNotice({ link }: Peer, name: string): Notice | undefined {
  if (link === 'dialling')
    return { icon: 'loading', tone: 'plain', text: `Connecting to ${name}…`, choice: CANCEL };
  if (link === 'waiting')
    return { icon: 'loading', tone: 'plain', text: `Waiting for ${name} to accept…`, choice: CANCEL };
  return undefined;
}

function registryNotice({ registry }: State, name: string): Notice | undefined {
  if (registry.kind !== 'failing') return undefined;
  return {
    icon: 'warning',
    tone: 'warning',
    text: `The registry does not answer, so ${name} cannot be found — messages wait and go by themselves`,
    tooltip: failureText(registry.failure),
  };
}

function absenceNotice(peer: Peer, name: string, format: Format): Notice {
  if (peer.presence === 'here')
    return {
      icon: 'debug-disconnect',
      tone: 'plain',
      text: disconnectedText(peer, name, format),
      choice: CONNECT,
    };
  const fact = peer.presence === 'away' ? `${name} is away` : `Not known whether ${name} is here`;
  const waiting = peer.undelivered > 0 ? ` · ${format.count(peer.undelivered)} waiting` : '';
  return { icon: 'clockface', tone: 'plain', text: `${fact} — messages wait and go by themselves${waiting}` };
}

/** Whoever writes wants to be connected, so the engine sees to it; what waits all the same was declined. */
function disconnectedText({ undelivered }: Peer, name: string, format: Format): string {
  if (undelivered === 0) return `Not connected to ${name} — connect, or just write to them`;
  return `Not connected to ${name} — ${format.count(undelivered)} waiting until you connect`;
}

export function gateOf(peer: Peer): Gate | undefined {
  const name = isolated(peer.name);
  const inDoubt = trustGateOf(peer);
  if (inDoubt !== undefined) return inDoubt;
  if (peer.standing === 'accepted' || peer.link === 'connected') return undefined;
  return introduction(peer, name);
}

/** Undefined while they ask us: the card with that question says it all. */
function introduction({ link }: Peer, name: string): Gate | undefined {
  if (link === 'dialling')
    return {
      icon: 'loading',
      title: `Connecting to ${name}…`,
      text: 'Looking for them at their address.',
      choices: [CANCEL],
    };
  if (link === 'waiting')
    return {
      icon: 'loading',
      title: `Waiting for ${name} to accept…`,
      text: 'They were asked whether you may write to them.',
      choices: [CANCEL],
    };
  return {
    icon: 'plug',
    title: `You and ${name} are not connected yet`,
    text: `Connecting asks ${name} once. Then you can write and send pictures.`,
    choices: [CONNECT],
  };
}
