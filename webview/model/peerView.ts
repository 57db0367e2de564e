// What the header, the line under it and the place of the composer say about the other person: pure functions of state.

import { assertNever } from '../../src/base/assertNever.ts';
import type { Millis } from '../../src/base/clock.ts';
import type { Failure } from '../../src/contract/failure.ts';
import type { WayOut } from '../../src/contract/panel.ts';
import type { Path, Peer } from '../../src/contract/peer.ts';
import type { State } from '../../src/contract/state.ts';
import type { Choice, Gate } from './choice.ts';
import type { Format } from './format.ts';
import type { IconName } from './icons.ts';
import { isolated } from './isolate.ts';
import { conflictText, doubtOf, trustGateOf } from './trustView.ts';
import { failureWords, t } from './words.ts';

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
  readonly choices?: readonly Choice[];
}

const MINUTE_MS = 60_000;

const PATHS: Readonly<Record<Path, (name: string) => { words: string; tooltip: string }>> = {
  thisMachine: (name) => ({
    words: t('this machine'),
    tooltip: t('Connected to {0} on this machine', name),
  }),
  lan: (name) => ({ words: t('LAN'), tooltip: t('Connected to {0} over the local network', name) }),
  direct: (name) => ({ words: t('direct'), tooltip: t('Connected to {0} directly', name) }),
};

const connect = (): Choice => ({ label: t('Connect'), icon: 'plug', intent: { kind: 'connect' } });
const cancel = (): Choice => ({ label: t('Cancel'), icon: 'close', intent: { kind: 'cancelConnect' } });
const disconnect = (): Choice => ({
  label: t('Disconnect'),
  icon: 'debug-disconnect',
  intent: { kind: 'disconnect' },
});
const signUp = (): Choice => wayOut(t('Sign Up'), 'person-add', 'signUp');

function wayOut(label: string, icon: IconName, way: WayOut): Choice {
  return { label, icon, intent: { kind: 'wayOut', way } };
}

export function presenceView(peer: Peer, format: Format, now: Millis): PresenceView {
  const name = isolated(peer.name);
  if (peer.standing === 'blocked')
    return {
      icon: 'circle-slash',
      tone: 'blocked',
      words: t('blocked'),
      tooltip: t('You blocked {0}', name),
    };
  if (peer.link === 'connected') return connectedView(peer, name);
  const doubt = doubtOf(peer);
  if (doubt === 'former')
    return {
      icon: 'archive',
      tone: 'away',
      words: t('former key'),
      tooltip: t('{0} has another key now', name),
    };
  if (doubt === 'changed')
    return {
      icon: 'warning',
      tone: 'doubtful',
      words: t('another key has this name'),
      tooltip: conflictText(name),
    };
  return { ...absenceView(peer, name, format, now), ...linkWords(peer) };
}

function connectedView(peer: Peer, name: string): PresenceView {
  const plain = { words: t('connected'), tooltip: t('Connected to {0}', name) };
  const { words, tooltip } = peer.path === undefined ? plain : PATHS[peer.path](name);
  return { icon: 'circle-large-filled', tone: 'connected', words, tooltip };
}

function absenceView(peer: Peer, name: string, format: Format, now: Millis): PresenceView {
  const ago = agoOf(peer, format, now);
  switch (peer.presence) {
    case 'here':
      return {
        icon: 'record',
        tone: 'here',
        words: t('here'),
        tooltip: t('{0} is here, not connected', name),
      };
    case 'away':
      return {
        icon: 'circle-large-outline',
        tone: 'away',
        words: ago === undefined ? t('away') : t('away {0}', ago),
        tooltip: ago === undefined ? t('{0} is away', name) : t('{0} is away, last seen {1} ago', name, ago),
      };
    case 'unknown':
      return {
        icon: 'question',
        tone: 'away',
        words: ago === undefined ? t('not connected') : t('seen {0} ago', ago),
        tooltip: t('No registry says whether {0} is here', name),
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
  if (link === 'dialling') return { words: t('connecting…') };
  if (link === 'waiting') return { words: t('waiting for their answer') };
  return link === 'asking' ? { words: t('wants to connect') } : undefined;
}

/** The one thing to do about the link; for people not accepted yet the gate offers it. */
export function linkChoice(peer: Peer): Choice | undefined {
  const { standing, link } = peer;
  if (link === 'connected') return disconnect();
  if (doubtOf(peer) !== undefined) return undefined;
  if (standing !== 'accepted' || link === 'asking') return undefined;
  return link === 'none' ? connect() : cancel();
}

/** Before all others: what they say is no news any more. */
export function unheardNotice(): Notice {
  const text = t(
    'Hamta does not answer this chat. Nothing is lost while this tab is open: reload the window if it stays so.',
  );
  return { icon: 'warning', tone: 'warning', text };
}

/** The thin line under the header: why messages do not flow, or undefined while they do or the gate says it. */
export function noticeOf(
  state: State,
  peer: Peer,
  engineAway: boolean,
  format: Format,
  stopped?: Failure,
): Notice | undefined {
  const name = isolated(peer.name);
  if (stopped !== undefined) return stopNotice(stopped);
  if (engineAway)
    return { icon: 'loading', tone: 'plain', text: t('Hamta is starting again — nothing is lost') };
  if (state.me.name === undefined) return isStranger(peer) ? undefined : signedOutNotice();
  if (peer.nameConflict !== undefined && peer.link === 'connected')
    return {
      icon: 'key',
      tone: 'warning',
      text: t('{0} You are talking with the key you know.', conflictText(name)),
    };
  if (peer.standing !== 'accepted' || peer.link === 'connected' || gateOf(peer) !== undefined)
    return undefined;
  return linkNotice(peer, name) ?? registryNotice(state, name) ?? absenceNotice(peer, name, format);
}

/** As the Peers view has it. */
function stopNotice(stopped: Failure): Notice {
  const tryAgain = wayOut(t('Try Again'), 'refresh', 'tryAgain');
  const showLog = wayOut(t('Show Log'), 'go-to-file', 'showLog');
  return { icon: 'warning', tone: 'warning', text: failureWords(stopped), choices: [tryAgain, showLog] };
}

function signedOutNotice(): Notice {
  const text = t('You are signed out — messages wait until you sign up again');
  return { icon: 'warning', tone: 'warning', text, choices: [signUp()] };
}

function linkNotice({ link }: Peer, name: string): Notice | undefined {
  if (link === 'dialling')
    return { icon: 'loading', tone: 'plain', text: t('Connecting to {0}…', name), choices: [cancel()] };
  if (link === 'waiting')
    return {
      icon: 'loading',
      tone: 'plain',
      text: t('Waiting for {0} to accept…', name),
      choices: [cancel()],
    };
  return undefined;
}

function registryNotice({ registry }: State, name: string): Notice | undefined {
  if (registry.kind !== 'failing') return undefined;
  return {
    icon: 'warning',
    tone: 'warning',
    text: t(
      'The registry does not answer, so {0} cannot be found — messages wait and go by themselves',
      name,
    ),
    tooltip: failureWords(registry.failure),
  };
}

function absenceNotice(peer: Peer, name: string, format: Format): Notice {
  if (peer.presence === 'here')
    return {
      icon: 'debug-disconnect',
      tone: 'plain',
      text: disconnectedText(peer, name, format),
      choices: [connect()],
    };
  const text =
    peer.presence === 'away'
      ? t('{0} is away — messages wait and go by themselves', name)
      : t('Not known whether {0} is here — messages wait and go by themselves', name);
  const waiting = t('{0} waiting', format.count(peer.undelivered));
  const all = peer.undelivered > 0 ? t('{0} · {1}', text, waiting) : text;
  return { icon: 'clockface', tone: 'plain', text: all };
}

/** Whoever writes wants to be connected, so the engine sees to it; what waits all the same was declined. */
function disconnectedText({ undelivered }: Peer, name: string, format: Format): string {
  if (undelivered === 0) return t('Not connected to {0} — connect, or just write to them', name);
  return t('Not connected to {0} — {1} waiting until you connect', name, format.count(undelivered));
}

/** `isSignedUp` says what it offers, not whether there is one. */
export function gateOf(peer: Peer, isSignedUp = true): Gate | undefined {
  if (!isStranger(peer)) return trustGateOf(peer);
  const name = isolated(peer.name);
  return isSignedUp ? introduction(peer, name) : signedOutGate(name);
}

/** Nothing goes before they have been asked, or have asked. */
function isStranger(peer: Peer): boolean {
  return peer.standing === 'unknown' && peer.link !== 'connected' && doubtOf(peer) === undefined;
}

function signedOutGate(name: string): Gate {
  return {
    icon: 'plug',
    title: t('You and {0} are not connected yet', name),
    text: t('You are signed out. Sign up again, and you can connect.'),
    choices: [signUp()],
  };
}

/** While they ask us, the card with that question stands in its place. */
function introduction({ link }: Peer, name: string): Gate {
  if (link === 'dialling')
    return {
      icon: 'loading',
      title: t('Connecting to {0}…', name),
      text: t('Looking for them at their address.'),
      choices: [cancel()],
    };
  if (link === 'waiting')
    return {
      icon: 'loading',
      title: t('Waiting for {0} to accept…', name),
      text: t('They were asked whether you may write to them.'),
      choices: [cancel()],
    };
  return {
    icon: 'plug',
    title: t('You and {0} are not connected yet', name),
    text: t('Connecting asks {0} once. Then you can write and send pictures.', name),
    choices: [connect()],
  };
}
