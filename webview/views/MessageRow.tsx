// One message: a bubble with text, or the card of a picture or file.

import type { Message, MessageState } from '../../src/contract/message.ts';
import type { LinkState } from '../../src/contract/peer.ts';
import type { Transfer } from '../../src/contract/transfer.ts';
import { MessageText } from './MessageText.tsx';
import { memo } from './memo.ts';
import { ReceiptMark } from './ReceiptMark.tsx';
import { useSurroundings } from './surroundings.ts';
import { TransferCard } from './TransferCard.tsx';

interface Props {
  readonly message: Message;
  readonly position: number;
  readonly size: number;
  readonly isFound: boolean;
  readonly startsGroup: boolean;
  readonly endsGroup: boolean;
  readonly name: string;
  /** Set for my own messages. */
  readonly receipt: MessageState | undefined;
  /** Set, with `link`, for the message of a transfer. */
  readonly transfer: Transfer | undefined;
  readonly link: LinkState | undefined;
}

export const MessageRow = memo(function MessageRow(props: Props) {
  const { message, position, size, isFound, startsGroup, endsGroup, name } = props;
  const isMine = message.from === 'me';
  const classes = [
    'row',
    isMine ? 'mine' : 'theirs',
    ...(startsGroup ? ['starts'] : []),
    ...(endsGroup ? ['ends'] : []),
    ...(isFound ? ['found'] : []),
  ];
  return (
    <article
      class={classes.join(' ')}
      data-order={message.order}
      tabIndex={-1}
      aria-posinset={position}
      aria-setsize={size}
    >
      <span class={startsGroup && !isMine ? 'writer' : 'heard-only'} dir="auto">
        {isMine ? 'You' : name}
      </span>
      <Content {...props} />
    </article>
  );
});

function Content({ message, name, receipt, transfer, link }: Props) {
  const meta = <Meta at={message.at} receipt={receipt} name={name} />;
  if (message.body.kind === 'text')
    return (
      <div class="bubble">
        <MessageText text={message.body.text} />
        {meta}
      </div>
    );
  if (message.body.kind === 'deleted')
    return (
      <div class="bubble quiet">
        {message.from === 'me' ? 'You' : name} deleted this message {meta}
      </div>
    );
  if (transfer === undefined) return <div class="bubble quiet">A file that is no longer known {meta}</div>;
  return (
    <>
      <TransferCard transfer={transfer} peer={{ name, link: link ?? 'none' }} />
      {meta}
    </>
  );
}

interface MetaProps {
  readonly at: number;
  readonly receipt: MessageState | undefined;
  readonly name: string;
}

function Meta({ at, receipt, name }: MetaProps) {
  const { format } = useSurroundings();
  return (
    <span class="meta" title={format.moment(at)}>
      <span>{format.time(at)}</span>
      {receipt !== undefined && <ReceiptMark state={receipt} name={name} />}
    </span>
  );
}
