// One message: a bubble with text, or the card of a picture or file; with what it answers above and its reactions below.

import { useState } from 'preact/hooks';
import type { Message, MessageState } from '../../../src/contract/message.ts';
import type { LinkState } from '../../../src/contract/peer.ts';
import type { Transfer } from '../../../src/contract/transfer.ts';
import type { MenuAnchor } from '../../model/menuPlace.ts';
import { type MessageSubject, messageChoices } from '../../model/messageActions.ts';
import { t } from '../../model/words.ts';
import { memo } from '../controls/memo.ts';
import type { OpenMenu } from './MessageMenu.tsx';
import { MessageMeta, metaId } from './MessageMeta.tsx';
import { MessageText } from './MessageText.tsx';
import { MessageTools } from './MessageTools.tsx';
import { QuoteButton } from './QuoteButton.tsx';
import { Reactions } from './Reactions.tsx';
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
  readonly canWrite: boolean;
  readonly openMenu: OpenMenu;
}

export const MessageRow = memo(function MessageRow(props: Props) {
  const { message, position, size, startsGroup, name, canWrite, openMenu } = props;
  const { isActive, watching } = useActive();
  const subject: MessageSubject = props;
  const isMine = message.from === 'me';
  const onContextMenu = (event: MouseEvent) => {
    if (messageChoices(subject).length === 0) return;
    event.preventDefault();
    openMenu({ subject, shows: 'all', anchor: anchorOf(event) });
  };
  return (
    <article
      class={classesOf(props)}
      data-order={message.order}
      tabIndex={-1}
      aria-labelledby={spokenParts(props).join(' ')}
      aria-posinset={position}
      aria-setsize={size}
      onContextMenu={onContextMenu}
      {...watching}
    >
      <span id={writerId(message)} class={startsGroup && !isMine ? 'writer' : 'heard-only'} dir="auto">
        {isMine ? t('You') : name}
      </span>
      <div class="content">
        <Content {...props} />
        {isActive && <MessageTools subject={subject} openMenu={openMenu} />}
      </div>
      <Reactions message={message} name={name} canReact={canWrite} />
    </article>
  );
});

/** Who says what is what a message is called when it gets the focus: without that it is "article 3 of 20". */
const writerId = ({ order }: Message) => `writer-${order}`;
const wordsId = ({ order }: Message) => `words-${order}`;

/** When a card was sent, and how far it has got, stands beside it; of a text it is one of its words. */
function spokenParts({ message, transfer }: Props): string[] {
  const words = [writerId(message), wordsId(message)];
  return transfer === undefined ? words : [...words, metaId(message)];
}

function classesOf({ message, startsGroup, endsGroup, isFound }: Props): string {
  const classes = ['row', message.from === 'me' ? 'mine' : 'theirs'];
  if (startsGroup) classes.push('starts');
  if (endsGroup) classes.push('ends');
  if (isFound) classes.push('found');
  return classes.join(' ');
}

/** The pointer is on it, or the focus of the keyboard: what was clicked is not meant any more once the pointer has gone on. */
function useActive() {
  const [isOver, setOver] = useState(false);
  const [hasFocus, setFocus] = useState(false);
  const watching = {
    onMouseEnter: () => setOver(true),
    onMouseLeave: () => setOver(false),
    onFocusIn: ({ target }: FocusEvent) => setFocus((target as Element).matches(':focus-visible')),
    // Drawn at once: what the focus is going to must not go meanwhile.
    onFocusOut: ({ currentTarget, relatedTarget }: FocusEvent) =>
      setFocus((before) => before && (currentTarget as Element).contains(relatedTarget as Node | null)),
  };
  return { isActive: isOver || hasFocus, watching };
}

/** From the keyboard (Shift+F10) there is no place of the pointer: the menu opens at the message. */
function anchorOf({ clientX, clientY, button, currentTarget }: MouseEvent): MenuAnchor {
  if (button === 2) return { x: clientX, top: clientY, bottom: clientY };
  const { left, top } = (currentTarget as HTMLElement).getBoundingClientRect();
  const y = Math.max(0, top) + 24;
  return { x: left + 24, top: y, bottom: y };
}

function Content({ message, name, receipt, transfer, link, canWrite }: Props) {
  const { body, replyTo } = message;
  const id = wordsId(message);
  const meta = <MessageMeta message={message} receipt={receipt} name={name} isHeld={!canWrite} />;
  if (body.kind === 'deleted')
    return (
      <div class="bubble quiet" id={id}>
        {t('Message deleted')} {meta}
      </div>
    );
  const quote = replyTo === undefined ? null : <QuoteButton quote={replyTo} name={name} />;
  if (body.kind === 'text')
    return (
      <div class={`bubble${quote === null ? '' : ' with-quote'}`} id={id}>
        {quote}
        <MessageText text={body.text} />
        {meta}
      </div>
    );
  if (transfer === undefined)
    return (
      <div class="bubble quiet" id={id}>
        {t('A file that is no longer known')} {meta}
      </div>
    );
  return (
    <>
      {quote}
      <TransferCard id={id} transfer={transfer} peer={{ name, link: link ?? 'none' }} />
      {meta}
    </>
  );
}
