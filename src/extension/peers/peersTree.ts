// The rows of the Peers view as a pure function of the state. The view only shows them.

import { assertNever } from '../../base/assertNever.ts';
import type { Millis } from '../../base/clock.ts';
import { quietUntil } from '../../contract/doNotDisturb.ts';
import { type Fingerprint, shortFingerprint } from '../../contract/fingerprint.ts';
import type { Peer } from '../../contract/peer.ts';
import type { RegistryState, State } from '../../contract/state.ts';
import { isFinal, isOpenOffer, type Transfer } from '../../contract/transfer.ts';
import { isolatedBeside, isolatedParts } from '../bidi.ts';
import { COMMANDS, type CommandId } from '../commands.ts';
import { failureIn, type Language } from '../language.ts';
import { quietText } from '../notices/quietText.ts';
import { mySharedRows, theirSharedRows } from '../shared/sharedRows.ts';
import { countText, sizeText } from './amounts.ts';
import { personDescription, personTooltip } from './personText.ts';
import type { Row } from './row.ts';
import { isConnectable, isDisconnectable, type Situation, situationOf, sortedPeople } from './situation.ts';
import { carrierText, shortName, shortNames, transferText } from './transferText.ts';

/** Empty while signed out, so that the view shows its welcome. */
export function peersTree(state: State, now: Millis, language: Language): readonly Row[] {
  if (state.me.name === undefined) return [];
  const people = sortedPeople(Object.values(state.peers), language.locale);
  const labelOf = shortNames(people.map(({ name }) => name));
  const running = runningByPeer(state);
  const rowOf = (peer: Peer) => {
    return personRow(state, peer, labelOf(peer.name), running.get(peer.fingerprint) ?? [], now, language);
  };
  const isBlocked = ({ standing }: Peer) => standing === 'blocked';
  return [
    meRow(state, state.me.name, now, language),
    ...registryRows(state.registry, language),
    ...people.filter((peer) => !isBlocked(peer)).map(rowOf),
    ...blockedRows(people.filter(isBlocked).map(rowOf), language),
  ];
}

/** Transfers that are still going on, oldest first. */
function runningByPeer({ transfers }: State): Map<Fingerprint, Transfer[]> {
  const running = Object.values(transfers).filter(({ state }) => !isFinal(state));
  return Map.groupBy(running, ({ peer }) => peer);
}

/** Apart from everybody else, and out of sight until somebody looks for them. */
function blockedRows(children: readonly Row[], { t, locale }: Language): Row[] {
  if (children.length === 0) return [];
  const label = t('Blocked');
  const count = countText(children.length, locale);
  return [
    {
      ...{ id: 'blocked', label, description: count, children, isFolded: true },
      tooltip: t('People you have blocked. Nothing goes either way until you unblock them.'),
      icon: { id: 'circle-slash', color: 'disabledForeground' },
      ...{ contextValue: 'blockedPeople', spoken: `${label}, ${count}`, command: undefined },
    },
  ];
}

function meRow(state: State, name: string, now: Millis, language: Language): Row {
  const { me, registry } = state;
  const { t } = language;
  const whole = t('{0} (me)', name);
  const quiet = quietUntil(me, now);
  const parts = [registryText(registry, { t })];
  if (quiet !== undefined) parts.unshift(quietText(quiet, now, language));
  const description = isolatedParts(parts, ' · ');
  const addresses = me.addresses.length === 0 ? t('not reachable from outside yet') : me.addresses.join(', ');
  return {
    id: 'me',
    label: t('{0} (me)', shortName(name)),
    description: isolatedBeside(name, description),
    tooltip: [
      whole,
      t('Addresses: {0}', addresses),
      t('Key: {0}', shortFingerprint(me.fingerprint)),
      description,
    ].join('\n'),
    icon: { id: quiet === undefined ? 'account' : 'bell-slash' },
    contextValue: 'me',
    spoken: `${whole}, ${description}`,
    command: COMMANDS.showAddress,
    children: mySharedRows(state, language),
  };
}

function registryText(registry: RegistryState, { t }: Pick<Language, 't'>): string {
  switch (registry.kind) {
    case 'off':
      return t('no registry');
    case 'joining':
      return t('joining the registry');
    case 'joined':
      return t('registry ok');
    case 'failing':
      return t('registry not reachable');
    case 'refused':
      return t('refused by the registry');
    default:
      return assertNever(registry);
  }
}

/** One row while the registry fails: what happened, and a click on what helps. */
function registryRows(registry: RegistryState, language: Language): Row[] {
  const { t } = language;
  if (registry.kind !== 'refused' && registry.kind !== 'failing') return [];
  const text = failureIn(language, registry.failure);
  if (registry.kind === 'refused') {
    const hint = t('Click to choose another name.');
    return [registryRow('refused', t('The registry refuses'), '', COMMANDS.signUp, text, hint)];
  }
  const description = t('try now');
  const hint = t('It is tried again by itself, and open chats go on. Click to try now.');
  const label = t('The registry does not answer');
  return [registryRow('failing', label, description, COMMANDS.refreshPeers, text, hint)];
}

function registryRow(
  kind: 'refused' | 'failing',
  label: string,
  description: string,
  command: CommandId,
  text: string,
  hint: string,
): Row {
  return {
    id: 'registry',
    label,
    description,
    tooltip: `${text}\n${hint}`,
    icon: { id: 'warning', color: 'list.warningForeground' },
    contextValue: `registry ${kind}`,
    spoken: `${text} ${hint}`,
    command,
    children: [],
  };
}

function personRow(
  state: State,
  peer: Peer,
  label: string,
  running: readonly Transfer[],
  now: Millis,
  language: Language,
): Row {
  const situation = situationOf(peer);
  const description = personDescription(peer, now, language);
  return {
    id: `peer:${peer.fingerprint}`,
    peer: peer.fingerprint,
    label,
    description: isolatedBeside(peer.name, description),
    tooltip: personTooltip(peer, now, language).join('\n'),
    icon: ICONS[situation],
    contextValue: personContext(peer, situation),
    spoken: description === '' ? peer.name : `${peer.name}, ${description}`,
    command: COMMANDS.openChat,
    children: [
      ...running.map((transfer) => transferRow(transfer, peer, language)),
      ...theirSharedRows(state, peer, running, language),
    ],
  };
}

const ICONS: Record<Situation, Row['icon']> = {
  asking: { id: 'person-add', color: 'notificationsInfoIcon.foreground' },
  connected: { id: 'circle-large-filled', color: 'charts.green' },
  dialling: { id: 'loading~spin' },
  waiting: { id: 'history' },
  here: { id: 'record', color: 'charts.green' },
  away: { id: 'circle-large-outline', color: 'disabledForeground' },
  unknown: { id: 'question', color: 'disabledForeground' },
  changed: { id: 'warning', color: 'list.warningForeground' },
  former: { id: 'archive', color: 'disabledForeground' },
  blocked: { id: 'circle-slash', color: 'disabledForeground' },
};

function personContext(peer: Peer, situation: Situation): string {
  const words = ['person', situation];
  if (isConnectable(peer)) words.push('connectable');
  if (isDisconnectable(peer)) words.push('disconnectable');
  if (situation !== 'blocked' && situation !== 'former') words.push('current');
  return words.join(' ');
}

function transferRow(transfer: Transfer, peer: Peer, language: Language): Row {
  const description = transferText(transfer, language);
  return {
    id: `transfer:${transfer.id}`,
    peer: peer.fingerprint,
    transfer: transfer.id,
    label: shortName(transfer.name),
    description: isolatedBeside(transfer.name, description),
    tooltip: [
      `${transfer.name} · ${sizeText(transfer.sizeBytes, language.locale)}`,
      description,
      carrierText(transfer, language) ?? [],
    ]
      .flat()
      .join('\n'),
    icon: { id: transfer.direction === 'send' ? 'arrow-up' : 'arrow-down' },
    contextValue: `transfer ${isOpenOffer(transfer) ? 'offered' : 'cancellable'}`,
    spoken: `${transfer.name}, ${description}`,
    command: COMMANDS.openChat,
    children: [],
  };
}
