// How far my own message has got, by shape, colour and words.

import type { MessageState } from '../../src/contract/message.ts';
import type { IconName } from '../model/icons.ts';
import { isolated } from '../model/isolate.ts';
import { Icon } from './Icon.tsx';

interface Props {
  readonly state: MessageState;
  readonly name: string;
}

export function ReceiptMark({ state, name }: Props) {
  const { icon, label } = MARKS[state](isolated(name));
  return <Icon name={icon} label={label} class={`receipt ${state}`} />;
}

const MARKS: Readonly<Record<MessageState, (name: string) => { icon: IconName; label: string }>> = {
  queued: (name) => ({ icon: 'clockface', label: `Waiting: goes when ${name} is here` }),
  sent: () => ({ icon: 'check', label: 'Sent' }),
  delivered: (name) => ({ icon: 'check-all', label: `Delivered to ${name}` }),
  read: (name) => ({ icon: 'pass-filled', label: `Read by ${name}` }),
};
