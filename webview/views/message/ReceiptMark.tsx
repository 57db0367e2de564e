// How far my own message has got, by shape, colour and words.

import type { MessageState } from '../../../src/contract/message.ts';
import type { IconName } from '../../model/icons.ts';
import { isolated } from '../../model/isolate.ts';
import { t } from '../../model/words.ts';
import { Icon } from '../controls/Icon.tsx';

interface Props {
  readonly state: MessageState;
  readonly name: string;
  /** Nothing can be written to them now. */
  readonly isHeld: boolean;
}

export function ReceiptMark({ state, name, isHeld }: Props) {
  const { icon, label } = MARKS[state](isolated(name), isHeld);
  return <Icon name={icon} label={label} class={`receipt ${state}`} />;
}

const MARKS: Readonly<
  Record<MessageState, (name: string, isHeld: boolean) => { icon: IconName; label: string }>
> = {
  queued: (name, isHeld) => ({
    icon: 'clockface',
    label: isHeld
      ? t('Waiting: goes once you and {0} are connected again', name)
      : t('Waiting: goes when {0} is here', name),
  }),
  sent: () => ({ icon: 'check', label: t('Sent') }),
  delivered: (name) => ({ icon: 'check-all', label: t('Delivered to {0}', name) }),
  read: (name) => ({ icon: 'pass-filled', label: t('Read by {0}', name) }),
};
