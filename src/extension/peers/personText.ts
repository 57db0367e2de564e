// What the tree says about a person: in short beside the name, in full in the tooltip.

import { assertNever } from '../../base/assertNever.ts';
import { LAST_MOMENT, type Millis } from '../../base/clock.ts';
import { shortFingerprint } from '../../contract/fingerprint.ts';
import type { Path, Peer } from '../../contract/peer.ts';
import { isolatedParts } from '../bidi.ts';
import { dateFormat } from '../formats.ts';
import type { Language } from '../language.ts';
import { countText, durationText } from './amounts.ts';
import { situationOf } from './situation.ts';

/** The view is renewed each minute: seconds would be wrong the next moment. */
const MINUTE_MS = 60_000;

/** Unread first: it is what the eye looks for. */
export function personDescription(peer: Peer, now: Millis, language: Language): string {
  const { t, locale } = language;
  const parts = [situationText(peer, now, language)];
  if (peer.verifiedAt !== undefined && isCurrent(peer)) parts.push(t('verified'));
  if (peer.unread > 0 && peer.standing !== 'blocked')
    parts.unshift(t('{0} unread', countText(peer.unread, locale)));
  if (peer.undelivered > 0 && peer.link !== 'connected') {
    const count = countText(peer.undelivered, locale);
    parts.push(peer.undelivered === 1 ? t('1 message waits') : t('{0} messages wait', count));
  }
  return isolatedParts(parts, ' · ');
}

/** Neither blocked nor left behind: what is said about their key is of use. */
function isCurrent(peer: Peer): boolean {
  return !['blocked', 'former', 'changed'].includes(situationOf(peer));
}

function situationText(peer: Peer, now: Millis, { t, locale }: Language): string {
  const situation = situationOf(peer);
  switch (situation) {
    case 'asking':
      return t('wants to connect');
    case 'connected':
      return peer.path === undefined ? t('connected') : pathText(peer.path, { t });
    case 'dialling':
      return t('connecting');
    case 'waiting':
      return t('waiting for their answer');
    case 'here':
      return t('here');
    case 'away':
      return peer.lastSeenAt === undefined || now - peer.lastSeenAt < MINUTE_MS
        ? t('away')
        : t('away {0}', durationText(now - peer.lastSeenAt, locale));
    case 'unknown':
      return t('presence not known');
    case 'changed':
      return t('another key has this name now');
    case 'former':
      return t('a former key, history only');
    case 'blocked':
      return t('blocked');
    default:
      return assertNever(situation);
  }
}

function pathText(path: Path, { t }: Pick<Language, 't'>): string {
  switch (path) {
    case 'thisMachine':
      return t('this machine');
    case 'lan':
      return t('LAN');
    case 'direct':
      return t('direct');
    default:
      return assertNever(path);
  }
}

/** One line each. */
export function personTooltip(peer: Peer, now: Millis, language: Language): string[] {
  const { t, locale } = language;
  const isConnected = peer.link === 'connected';
  const lines = [peer.name, personDescription(peer, now, language)];
  if (isConnected) lines.push(t('Connected, encrypted from end to end'));
  if (peer.address !== undefined) lines.push(t('Address: {0}', peer.address));
  if (peer.lastSeenAt !== undefined && !isConnected)
    lines.push(t('Last seen: {0}', dateText(peer.lastSeenAt, locale)));
  lines.push(t('Key: {0}', shortFingerprint(peer.fingerprint)));
  if (isCurrent(peer)) lines.push(verifiedText(peer, language));
  if (peer.autoAccept === true) lines.push(t('Their files are taken without asking'));
  if (peer.autoAccept === false) lines.push(t('Their files are always asked about'));
  return lines;
}

function verifiedText({ verifiedAt }: Peer, { t, locale }: Language): string {
  return verifiedAt === undefined
    ? t('Not verified: compare safety codes with them')
    : t('Verified: safety codes compared on {0}', dateText(verifiedAt, locale));
}

/** What was stored may be a time that nothing can show. */
function dateText(at: Millis, locale: string): string {
  const date = dateFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  return date.format(Math.min(at, LAST_MOMENT));
}
