import assert from 'node:assert/strict';
import { type Failure, failure } from '../../../src/contract/failure.ts';
import type { Message } from '../../../src/contract/message.ts';
import type { FromPanel, ToPanel } from '../../../src/contract/panel.ts';
import { readUpTo, unseenCount } from '../../../webview/model/marks.ts';
import { nextPage, type PageAction } from '../../../webview/model/page.ts';
import {
  type Attention,
  conversationIn,
  EMPTY_PAGE,
  type Page,
  peerIn,
} from '../../../webview/model/pageState.ts';
import { NEW } from '../../../webview/model/writing.ts';
import { BOB, bob, messageAt, showing, stateOf, transferOf } from '../support/conversation.ts';

const fold = (page: Page, ...messages: readonly (ToPanel | PageAction)[]) => messages.reduce(nextPage, page);
const added = (message: Message): ToPanel => ({ kind: 'event', event: { kind: 'messageAdded', message } });
const attention = (of: Attention): PageAction => ({ kind: 'attention', attention: of });
const preparing = (key: number): PageAction => ({
  kind: 'preparing',
  item: { key, name: `${key}.png`, sizeBytes: 1 },
});
const loaded = (messages: readonly Message[]): ToPanel => ({
  kind: 'event',
  event: { kind: 'historyLoaded', history: { peer: BOB, messages, transfers: [], hasEarlier: true } },
});
const transferBody = { kind: 'transfer' as const, transferId: '0'.repeat(32) };

const failedAt = (asked: FromPanel['kind']) =>
  ({ kind: 'failed', failure: failure('engineGone', {}), asked }) as const;
const NEWEST = { kind: 'newest' } as const;

const opened = (unread: number, ...messages: Message[]) =>
  nextPage(EMPTY_PAGE, showing(stateOf(bob({ unread }), messages)));

describe('page', () => {
  it('ignores events until it was shown everything', () => {
    assert.equal(nextPage(EMPTY_PAGE, added(messageAt(1, 'peer'))), EMPTY_PAGE);
  });

  it('folds events with the fold that the engine uses', () => {
    const page = fold(opened(0), added(messageAt(1, 'peer')), {
      kind: 'event',
      event: { kind: 'peerChanged', peer: bob({ link: 'none' }) },
    });
    assert.equal(conversationIn(page)?.messages.length, 1);
    assert.equal(peerIn(page)?.link, 'none');
  });

  it('goes to the message that the extension sends it to', () => {
    const target = { kind: 'message', order: 7, isSought: true } as const;
    assert.deepEqual(nextPage(opened(0), { kind: 'goTo', target }).target, target);
  });

  it('marks the first of their unread messages on opening', () => {
    const page = opened(
      2,
      messageAt(1, 'peer'),
      messageAt(2, 'peer'),
      messageAt(3, 'me'),
      messageAt(4, 'peer'),
    );
    assert.equal(page.unreadFrom, 2);
    assert.equal(unseenCount(page), 2);
  });

  it('marks the oldest message of theirs when more are unread than are loaded', () => {
    assert.equal(opened(9, messageAt(5, 'me'), messageAt(6, 'peer')).unreadFrom, 6);
  });

  it('counts unread messages that are not loaded among the new ones, until the newest was seen', () => {
    const page = opened(9, messageAt(5, 'peer'), messageAt(6, 'peer'));
    assert.equal(unseenCount(page), 9);
    assert.equal(unseenCount(nextPage(page, attention('focused'))), 0);
  });

  it('tells what is broken from what somebody decided', () => {
    const isCalmAfter = (of: Failure) => nextPage(opened(0), { kind: 'failed', failure: of }).trouble?.isCalm;
    assert.equal(isCalmAfter(failure('connectionRejected', { name: 'bob' })), true);
    assert.equal(isCalmAfter(failure('engineGone', {})), false);
  });

  it('says no more why there was no connection once there is one; what else failed stays', () => {
    const linked = (link: 'connected' | 'dialling'): ToPanel => ({
      kind: 'event',
      event: { kind: 'peerChanged', peer: bob({ link }) },
    });
    const apart = nextPage(EMPTY_PAGE, showing(stateOf(bob({ link: 'none' }), [])));
    const troubleOf = (of: Failure, then: ToPanel) =>
      fold(apart, { kind: 'failed', failure: of }, then).trouble;
    const declined = failure('connectionRejected', { name: 'bob' });
    assert.notEqual(troubleOf(declined, linked('dialling')), undefined);
    assert.equal(troubleOf(declined, linked('connected')), undefined);
    assert.equal(troubleOf(failure('peerAway', { name: 'bob' }), showing(stateOf(bob(), []))), undefined);
    assert.notEqual(troubleOf(failure('textEmpty', {}), linked('connected')), undefined);
  });

  it('moves the mark up to the first unread message as older pages come', () => {
    const page = opened(4, messageAt(8, 'peer'), messageAt(9, 'peer'));
    const older = (...orders: number[]) => loaded(orders.map((order) => messageAt(order, 'peer')));
    assert.equal(page.unreadFrom, 8);
    const more = nextPage(page, older(7));
    assert.equal(more.unreadFrom, 7);
    const whole = fold(more, older(4, 5, 6), older(1, 2, 3));
    assert.equal(whole.unreadFrom, 6);
  });

  it('counts what has come while only old messages are loaded, and marks nothing among those', () => {
    const away = { peer: bob({ unread: 3 }), messages: [messageAt(1, 'peer')] };
    const conversations = { [BOB]: { messages: away.messages, hasEarlier: false, hasLater: true } };
    const page = nextPage(EMPTY_PAGE, showing(stateOf(away.peer, [], { conversations })));
    assert.equal(unseenCount(page), 3);
    assert.equal(page.unreadFrom, undefined);
  });

  it('goes to the newest message when the person has sent something, also from among old ones', () => {
    const page = opened(0, messageAt(1, 'peer'));
    assert.deepEqual(nextPage(page, added(messageAt(2, 'me'))).target, { kind: 'newest' });
    assert.deepEqual(nextPage(page, preparing(1)).target, { kind: 'newest' });
    assert.equal(nextPage(page, added(messageAt(2, 'peer'))).target, undefined);
  });

  it('stays where somebody reads when a file that was being prepared becomes a message', () => {
    const reading = fold(opened(0, messageAt(1, 'peer')), preparing(1), { kind: 'arrived' });
    const offered = added(messageAt(2, 'me', { body: transferBody }));
    assert.equal(nextPage(reading, offered).target, undefined);
    const sentElsewhere = fold(reading, offered, added(messageAt(3, 'me', { body: transferBody })));
    assert.deepEqual(sentElsewhere.target, { kind: 'newest' });
  });

  it('does not take a shared file that the other side fetches for an answer of the person', () => {
    const reading = fold(
      opened(2, messageAt(1, 'peer'), messageAt(2, 'peer')),
      attention('inSight'),
      preparing(1),
      { kind: 'arrived' },
    );
    const fetched = transferOf({ id: transferBody.transferId, direction: 'send', itemId: '1'.repeat(32) });
    const page = fold(
      reading,
      { kind: 'event', event: { kind: 'transferChanged', transfer: fetched } },
      added(messageAt(3, 'me', { body: transferBody })),
    );
    const keptOf = ({ target, unreadFrom, seenUpTo, preparing }: Page) => ({
      ...{ target, unreadFrom, seenUpTo, preparing },
    });
    assert.equal(conversationIn(page)?.messages.length, 3);
    assert.deepEqual(keptOf(page), keptOf(reading));
    assert.deepEqual([page.unreadFrom, unseenCount(page), page.preparing.length], [1, 2, 1]);
  });

  it('points out the message that it was sent to until it has been seen', () => {
    const sent = nextPage(opened(0, messageAt(1, 'me')), {
      kind: 'goTo',
      target: { kind: 'message', order: 1, isSought: true },
    });
    const there = nextPage(sent, { kind: 'arrived' });
    assert.deepEqual([there.target, there.found], [undefined, 1]);
    assert.equal(nextPage(there, { kind: 'foundLongEnough' }).found, undefined);
  });

  it('gives up going where nothing could be loaded', () => {
    const sent = nextPage(opened(0), { kind: 'goTo', target: { kind: 'message', order: 1, isSought: true } });
    const asking = nextPage(sent, { kind: 'loading', loading: 'around', target: sent.target ?? NEWEST });
    const failed = nextPage(asking, failedAt('loadAround'));
    assert.deepEqual([failed.target, failed.loading], [undefined, undefined]);
  });

  it('does not ask again for a message that a page around it does not hold', () => {
    const conversations = { [BOB]: { messages: [messageAt(9, 'peer')], hasEarlier: true } };
    const shown = nextPage(EMPTY_PAGE, showing(stateOf(bob(), [], { conversations })));
    const target = { kind: 'message', order: 2, isSought: true } as const;
    const asking = fold(shown, { kind: 'goTo', target }, { kind: 'loading', loading: 'around', target });
    assert.equal(nextPage(asking, loaded([messageAt(8, 'peer')])).target, undefined);
    const elsewhere = { kind: 'message', order: 1, isSought: true } as const;
    const sentOn = fold(asking, { kind: 'goTo', target: elsewhere }, loaded([messageAt(2, 'peer')]));
    assert.deepEqual([sentOn.target, sentOn.loading], [elsewhere, undefined]);
    const inOneBreath = fold(
      shown,
      { kind: 'goTo', target: elsewhere },
      { kind: 'loading', loading: 'around', target },
      loaded([messageAt(2, 'peer')]),
    );
    assert.equal(inOneBreath.target, elsewhere);
    assert.equal(nextPage(asking, loaded([messageAt(1, 'peer'), messageAt(2, 'peer')])).target, target);
  });

  it('leaves an answer that is being written when the message is deleted', () => {
    const message = messageAt(1, 'peer');
    const writing = nextPage(opened(0, message), { kind: 'write', writing: { kind: 'reply', message } });
    const gone: ToPanel = {
      kind: 'event',
      event: { kind: 'messageChanged', message: { ...message, body: { kind: 'deleted' } } },
    };
    assert.equal(nextPage(writing, gone).writing.kind, 'new');
  });

  it('gives the field the focus when somebody begins, not when the message changes or the page is drawn again', () => {
    const message = messageAt(1, 'peer');
    const writing = { kind: 'reply', message } as const;
    const begun = nextPage(opened(0, message), { kind: 'write', writing });
    const reacted = { ...message, reactions: [{ emoji: '👍', from: 'peer' as const }] };
    const changed = nextPage(begun, { kind: 'event', event: { kind: 'messageChanged', message: reacted } });
    assert.notEqual(changed.writing, begun.writing);
    assert.deepEqual([begun.begun, changed.begun], [1, 1]);
    assert.equal(nextPage(changed, { kind: 'write', writing: NEW }).begun, 1);
    assert.equal(nextPage(changed, { kind: 'write', writing }).begun, 2);
    assert.equal(nextPage(opened(0, message), { kind: 'writeOn', writing }).begun, 0);
  });

  it('waits on for a page, a jump, an answer and a file when something else did not work', () => {
    const target = { kind: 'message', order: 1, isSought: true } as const;
    const wish = { kind: 'searchConversation', query: 'trace' } as const;
    const asking = fold(
      opened(0),
      preparing(1),
      { kind: 'goTo', target },
      { kind: 'loading', loading: 'around', target },
      { kind: 'searchOpened' },
      { kind: 'searchAsked', wish },
    );
    const { target: at, loading, search, preparing: files } = nextPage(asking, failedAt('react'));
    assert.deepEqual([at, loading, search?.asked, files.length], [target, 'around', wish, 1]);
    assert.equal(nextPage(asking, failedAt('loadEarlier')).target, target);
    assert.equal(nextPage(asking, failedAt('sendBytes')).loading, 'around');
  });

  it('asks for the same words again after a search that did not work', () => {
    const wish = { kind: 'searchConversation', query: 'trace' } as const;
    const asking = fold(opened(0), { kind: 'searchOpened' }, { kind: 'searchAsked', wish });
    const failed = nextPage(asking, failedAt('searchConversation'));
    assert.equal(asking.search?.asked, wish);
    assert.equal(failed.search?.asked, undefined);
  });

  it('marks and counts nothing that was deleted', () => {
    const deleted = { body: { kind: 'deleted' } } as const;
    const oops = messageAt(4, 'peer', deleted);
    const page = opened(1, messageAt(1, 'peer'), messageAt(2, 'peer'), messageAt(3, 'peer'), oops);
    assert.deepEqual([page.unreadFrom, page.seenUpTo, unseenCount(page)], [3, 2, 1]);
    const later = fold(opened(0), attention('inSight'), added(messageAt(5, 'peer', deleted)));
    assert.deepEqual([later.unreadFrom, unseenCount(later)], [undefined, 0]);
    const cut = opened(3, messageAt(8, 'peer'), messageAt(9, 'peer', deleted));
    const older = nextPage(
      cut,
      loaded([5, 6, 7].map((at) => messageAt(at, 'peer', at === 6 ? deleted : {}))),
    );
    assert.deepEqual([cut.unmarked, older.unreadFrom, older.unmarked], [2, 5, 0]);
  });

  it('waits with the marks until the conversation is there', () => {
    const messages = [messageAt(1, 'peer'), messageAt(2, 'peer')];
    const bare = nextPage(EMPTY_PAGE, showing(stateOf(bob({ unread: 1 }), [], { conversations: {} })));
    const history = { peer: BOB, messages, transfers: [], hasEarlier: false };
    assert.equal(bare.unreadFrom, undefined);
    assert.equal(nextPage(bare, { kind: 'event', event: { kind: 'historyLoaded', history } }).unreadFrom, 2);
  });

  it('marks nothing while the person sees each message come', () => {
    const page = fold(opened(0, messageAt(1, 'peer')), attention('focused'), added(messageAt(2, 'peer')));
    assert.equal(page.unreadFrom, undefined);
    assert.equal(unseenCount(page), 0);
  });

  it('marks the first message that comes while the person looks elsewhere, and keeps the mark when they are back', () => {
    const page = fold(
      opened(0, messageAt(1, 'peer')),
      attention('focused'),
      attention('inSight'),
      added(messageAt(2, 'peer')),
      added(messageAt(3, 'peer')),
    );
    assert.equal(page.unreadFrom, 2);
    assert.equal(unseenCount(page), 2);
    const back = nextPage(page, attention('focused'));
    assert.equal(back.unreadFrom, 2);
    assert.equal(unseenCount(back), 0);
  });

  it('moves a mark that was seen to what came after', () => {
    const seen = fold(opened(1, messageAt(1, 'peer')), attention('focused'), attention('inSight'));
    assert.equal(nextPage(seen, added(messageAt(2, 'peer'))).unreadFrom, 2);
  });

  it('marks what comes while the page is in sight without the focus', () => {
    const page = fold(opened(0), attention('inSight'), added(messageAt(1, 'peer')));
    assert.equal(page.unreadFrom, 1);
  });

  it('takes the mark away when the person answers', () => {
    assert.equal(nextPage(opened(1, messageAt(1, 'peer')), added(messageAt(2, 'me'))).unreadFrom, undefined);
  });

  it('says how far their messages were shown only while the newest one is in sight', () => {
    const page = opened(2, messageAt(1, 'peer'), messageAt(2, 'peer', { number: 7 }), messageAt(3, 'me'));
    assert.equal(readUpTo(page), undefined);
    assert.equal(readUpTo(nextPage(page, attention('elsewhere'))), undefined);
    assert.equal(readUpTo(nextPage(page, attention('inSight'))), 7);
    assert.equal(readUpTo(nextPage(page, attention('focused'))), 7);
    assert.equal(readUpTo(fold(page, attention('focused'), { kind: 'engineAway' })), undefined);
    const read: ToPanel = { kind: 'event', event: { kind: 'peerChanged', peer: bob({ unread: 0 }) } };
    assert.equal(readUpTo(fold(page, attention('focused'), read)), undefined);
  });

  it('gives text back that could not be sent, in the order of sending', () => {
    const failed = (text: string): ToPanel => ({ ...failedAt('sendText'), returned: { id: text, text } });
    const page = fold(opened(0), failed('one'), failed('two'));
    assert.equal(page.returnedDraft, 'one\ntwo');
    assert.match(page.trouble?.text ?? '', /starting again/);
    assert.equal(nextPage(page, { kind: 'draftTaken' }).returnedDraft, undefined);
    assert.equal(nextPage(page, { kind: 'troubleDismissed' }).trouble, undefined);
  });

  it('shows a pasted file until it is a message, has failed or is called off', () => {
    const page = fold(opened(0), preparing(1), preparing(2), preparing(3));
    const asMessage = nextPage(page, added(messageAt(1, 'me', { body: transferBody })));
    const afterText = nextPage(page, added(messageAt(1, 'me')));
    const failed = nextPage(page, failedAt('sendBytes'));
    const calledOff = nextPage(page, { kind: 'calledOff', asked: 'sendBytes' });
    const keys = [asMessage, afterText, failed, calledOff].map((next) =>
      next.preparing.map(({ key }) => key),
    );
    assert.deepEqual(keys, [
      [2, 3],
      [1, 2, 3],
      [2, 3],
      [2, 3],
    ]);
    assert.equal(calledOff.trouble, undefined);
  });

  it('ends the waiting for a page of history whatever comes of it', () => {
    const page = nextPage(opened(0, messageAt(5, 'peer')), { kind: 'loading', loading: 'earlier' });
    const history = { peer: BOB, messages: [messageAt(4, 'me')], transfers: [], hasEarlier: false };
    const ends: ToPanel[] = [
      { kind: 'event', event: { kind: 'historyLoaded', history } },
      failedAt('loadEarlier'),
      { kind: 'engineAway' },
      showing(stateOf(bob(), [])),
    ];
    assert.equal(page.loading, 'earlier');
    assert.deepEqual(
      ends.map((end) => nextPage(page, end).loading),
      [undefined, undefined, undefined, undefined],
    );
  });

  it('comes back from an engine that was away with the marks it had', () => {
    const page = fold(opened(1, messageAt(1, 'peer'), messageAt(2, 'peer')), { kind: 'engineAway' });
    const back = nextPage(
      page,
      showing(stateOf(bob({ unread: 1 }), [messageAt(1, 'peer'), messageAt(2, 'peer')])),
    );
    assert.equal(page.engineAway, true);
    assert.equal(back.engineAway, false);
    assert.equal(back.unreadFrom, 2);
  });

  it('says why no engine comes any more, once, until one is looked for again', () => {
    const ended = failure('engineEnded', {});
    const stopped = fold(
      opened(0, messageAt(1, 'peer')),
      { kind: 'engineAway' },
      { kind: 'engineAway', stopped: ended },
      // That the page could not be filled.
      { kind: 'failed', failure: ended },
    );
    assert.deepEqual([stopped.engineAway, stopped.stopped, stopped.trouble], [true, ended, undefined]);
    const refused = nextPage(stopped, { kind: 'failed', failure: ended, asked: 'sendText' });
    assert.notEqual(refused.trouble, undefined);
    const ends: ToPanel[] = [{ kind: 'engineAway' }, showing(stateOf(bob(), []))];
    for (const end of ends) assert.equal(nextPage(stopped, end).stopped, undefined);
    const unfilled = fold(
      EMPTY_PAGE,
      { kind: 'engineAway', stopped: ended },
      { kind: 'failed', failure: ended },
    );
    assert.notEqual(unfilled.trouble, undefined);
  });
});
