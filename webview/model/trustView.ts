// What the page says about whom to trust: verified, blocked, another key under the same name, a key that was left behind.

import type { TrustWish } from '../../src/contract/panel.ts';
import type { Peer } from '../../src/contract/peer.ts';
import type { Choice, Gate } from './choice.ts';
import type { Format } from './format.ts';
import type { IconName } from './icons.ts';
import { isolated } from './isolate.ts';
import { t } from './words.ts';

/** `changed`: the name has another key now. `former`: my person went on with that one. */
export type Doubt = 'blocked' | 'changed' | 'former';

export function doubtOf({ standing, nameConflict, link }: Peer): Doubt | undefined {
  if (standing === 'blocked') return 'blocked';
  if (nameConflict === undefined || link === 'connected') return undefined;
  return standing === 'accepted' ? 'changed' : 'former';
}

/** Undefined while nothing is in doubt. */
export function trustGateOf(peer: Peer): Gate | undefined {
  const doubt = doubtOf(peer);
  return doubt === undefined ? undefined : GATES[doubt](isolated(peer.name), peer.undelivered > 0);
}

const GATES: Readonly<Record<Doubt, (name: string, somethingWaits: boolean) => Gate>> = {
  blocked: (name, somethingWaits) => ({
    icon: 'circle-slash',
    title: t('You blocked {0}', name),
    text: somethingWaits
      ? t(
          'Nothing goes either way. What you wrote and {0} has not got stays here, and goes if you unblock them and connect again.',
          name,
        )
      : t('Nothing goes either way. They are told no more than that you declined.'),
    choices: [choice(t('Unblock'), 'pass', 'unblock')],
  }),
  changed: (name) => ({
    icon: 'key',
    tone: 'warning',
    title: t('Is this still {0}?', name),
    text: t(
      '{0} Until you decide, nothing goes to the new key and nothing from it is accepted; whoever has the key you know can still connect. Ask {1} on another channel, and compare the safety code there.',
      conflictText(name),
      name,
    ),
    choices: [
      choice(t('Compare safety code'), 'verified', 'compareCode'),
      choice(t('Block the new key'), 'circle-slash', 'blockNewKey'),
      choice(t('It is really {0}: start anew…', name), 'person-add', 'startAnew'),
    ],
  }),
  former: (name) => ({
    icon: 'archive',
    title: t('What you and {0} said before', name),
    text: t(
      '{0} has another key now, and a conversation of its own with it. Nothing goes to this one any more.',
      name,
    ),
    choices: [choice(t('Go to that conversation'), 'comment-discussion', 'openNewKey')],
  }),
};

export function conflictText(name: string): string {
  return t(
    'The registry now gives the name {0} to somebody with another key. That may be a new computer, or an impostor.',
    name,
  );
}

/** For the menu. */
export function trustChoices(peer: Peer): readonly Choice[] {
  const doubt = doubtOf(peer);
  if (doubt === 'blocked') return [choice(t('Unblock'), 'pass', 'unblock')];
  if (doubt === 'former') return [];
  return [
    choice(t('Compare safety code…'), 'verified', 'compareCode'),
    choice(t('Block…'), 'circle-slash', 'block'),
  ];
}

export interface VerifiedView {
  readonly icon: IconName;
  readonly label: string;
}

/** Undefined for whom my person has not verified, and while it is in doubt whose name it is. */
export function verifiedView(peer: Peer, format: Format): VerifiedView | undefined {
  if (peer.verifiedAt === undefined || doubtOf(peer) !== undefined) return undefined;
  return {
    icon: 'verified-filled',
    label: t('Verified: you compared safety codes on {0}', format.moment(peer.verifiedAt)),
  };
}

function choice(label: string, icon: IconName, wish: TrustWish): Choice {
  return { label, icon, intent: { kind: 'trust', wish } };
}
