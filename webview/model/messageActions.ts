// What can be done with a message: its menu, and the buttons beside it.

import type { Message, MessageState } from '../../src/contract/message.ts';
import type { FromPanel } from '../../src/contract/panel.ts';
import type { Transfer } from '../../src/contract/transfer.ts';
import type { IconName } from './icons.ts';
import { isOpenable } from './transferView.ts';
import { t } from './words.ts';
import { isEditable } from './writing.ts';

export interface MessageChoice {
  readonly label: string;
  readonly icon: IconName;
  readonly does:
    | { readonly kind: 'intent'; readonly intent: FromPanel }
    /** The selected part of it, where there is one. */
    | { readonly kind: 'copy'; readonly text: string }
    | { readonly kind: 'reply' }
    | { readonly kind: 'edit' };
}

export interface MessageSubject {
  readonly message: Message;
  /** Set for my own messages. */
  readonly receipt: MessageState | undefined;
  readonly transfer: Transfer | undefined;
  /** Something can be said to this person at all. */
  readonly canWrite: boolean;
}

export function messageChoices(subject: MessageSubject): MessageChoice[] {
  const { message, transfer, canWrite } = subject;
  if (message.body.kind === 'deleted') return [];
  return [
    ...copying(message),
    ...(canWrite ? [{ label: t('Reply'), icon: 'reply', does: { kind: 'reply' } } as const] : []),
    ...(transfer === undefined ? [] : keeping(transfer)),
    ...(canWrite && isEditable(message)
      ? [{ label: t('Edit'), icon: 'edit', does: { kind: 'edit' } } as const]
      : []),
    ...(message.from === 'me' && canWrite ? [takingBack(subject)] : []),
  ];
}

export function canReact({ message, canWrite }: MessageSubject): boolean {
  return canWrite && message.body.kind !== 'deleted';
}

function copying({ body }: Message): MessageChoice[] {
  if (body.kind !== 'text') return [];
  return [{ label: t('Copy'), icon: 'copy', does: { kind: 'copy', text: body.text } }];
}

function keeping(transfer: Transfer): MessageChoice[] {
  if (!isOpenable(transfer)) return [];
  const { id } = transfer;
  return [
    { label: t('Open'), icon: 'go-to-file', does: { kind: 'intent', intent: { kind: 'openFile', id } } },
    { label: t('Save as…'), icon: 'save-as', does: { kind: 'intent', intent: { kind: 'saveFileAs', id } } },
  ];
}

/** What has not left yet can be taken back without a trace; the rest is deleted on both sides. */
function takingBack({ message, receipt }: MessageSubject): MessageChoice {
  const isWaiting = receipt === 'queued';
  const intent: FromPanel = { kind: 'deleteMessage', id: message.id };
  return {
    label: isWaiting ? t('Withdraw') : t('Delete…'),
    icon: isWaiting ? 'discard' : 'trash',
    does: { kind: 'intent', intent },
  };
}
