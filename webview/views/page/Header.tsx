// Who this is, whether they are here and by which road, and the few things to do with them.

import type { Millis } from '../../../src/base/clock.ts';
import type { Peer } from '../../../src/contract/peer.ts';
import type { Choice } from '../../model/choice.ts';
import { gateOf, linkChoice, presenceView } from '../../model/peerView.ts';
import { findKeys } from '../../model/shortcuts.ts';
import { trustChoices } from '../../model/trustView.ts';
import { t } from '../../model/words.ts';
import { Button } from '../controls/Button.tsx';
import { Icon } from '../controls/Icon.tsx';
import { IS_MAC } from '../controls/isMac.ts';
import { Menu } from '../controls/Menu.tsx';
import { StepButton, usePlace } from '../controls/StepButton.tsx';
import { useChoosing, useSurroundings } from '../controls/surroundings.ts';
import { VerifiedMark } from '../controls/VerifiedMark.tsx';

const sendingChoices = (): readonly Choice[] => [
  { label: t('Send picture…'), icon: 'file-media', intent: { kind: 'pickPicture' } },
  { label: t('Send file…'), icon: 'file', intent: { kind: 'pickFile' } },
];

interface Props {
  readonly peer: Peer;
  readonly now: Millis;
  /** There is a name to connect with, and an engine. */
  readonly canConnect: boolean;
}

export function Header({ peer, now, canConnect }: Props) {
  const { format, dispatch } = useSurroundings();
  const choose = useChoosing();
  const place = usePlace();
  const { icon, tone, words, tooltip } = presenceView(peer, format, now);
  const link = canConnect ? linkChoice(peer) : undefined;
  const sending = gateOf(peer) === undefined && peer.standing === 'accepted' ? sendingChoices() : [];
  return (
    <header class="header">
      <Icon name={icon} class={`presence ${tone}`} />
      <h1 dir="auto" title={peer.name}>
        {peer.name}
      </h1>
      <VerifiedMark peer={peer} />
      <span class="presence-words" title={tooltip}>
        {words}
      </span>
      <div class="header-buttons" role="toolbar" aria-label={t('Conversation')}>
        <Button
          label={t('Search')}
          tooltip={t('Search this conversation ({0})', findKeys(IS_MAC))}
          icon="search"
          look="icon"
          onPress={() => dispatch({ kind: 'searchOpened' })}
        />
        {link !== undefined && (
          <StepButton
            place={place}
            label={link.label}
            icon={link.icon}
            look="icon"
            onPress={() => choose(link)}
          />
        )}
        {sending.map((choice) => (
          <Button
            key={choice.label}
            label={choice.label}
            icon={choice.icon}
            look="icon"
            onPress={() => choose(choice)}
          />
        ))}
        <Menu
          choices={[
            ...sending,
            ...copyingOf(peer),
            ...trustChoices(peer),
            ...(link === undefined ? [] : [link]),
          ]}
        />
      </div>
    </header>
  );
}

function copyingOf({ address, fingerprint }: Peer): Choice[] {
  const copy = (label: string, icon: Choice['icon'], text: string): Choice => ({
    label,
    icon,
    intent: { kind: 'copyText', text },
  });
  return [
    ...(address === undefined ? [] : [copy(t('Copy address'), 'copy', address)]),
    copy(t('Copy fingerprint'), 'key', fingerprint),
  ];
}
