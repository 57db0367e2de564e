// When a message was written, whether its words were changed since, and how far it has got.

import type { Message, MessageState } from '../../../src/contract/message.ts';
import { t } from '../../model/words.ts';
import { useSurroundings } from '../controls/surroundings.ts';
import { ReceiptMark } from './ReceiptMark.tsx';

interface Props {
  readonly message: Message;
  /** Set for my own messages. */
  readonly receipt: MessageState | undefined;
  readonly name: string;
  /** Nothing can be written to them now. */
  readonly isHeld: boolean;
}

export const metaId = ({ order }: Message) => `meta-${order}`;

export function MessageMeta({ message, receipt, name, isHeld }: Props) {
  const { format } = useSurroundings();
  const { at, editedAt, body } = message;
  const isEdited = editedAt !== undefined && body.kind !== 'deleted';
  return (
    <span class="meta" id={metaId(message)} title={format.moment(at)}>
      {isEdited && <span title={t('Edited {0}', format.moment(editedAt))}>{t('edited')}</span>}
      <span>{format.time(at)}</span>
      {receipt !== undefined && <ReceiptMark state={receipt} name={name} isHeld={isHeld} />}
    </span>
  );
}
