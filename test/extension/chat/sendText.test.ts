import assert from 'node:assert/strict';
import { fail } from '../../../src/contract/failure.ts';
import { keepUnsent, sendText, sendUnanswered } from '../../../src/extension/chat/sendText.ts';
import type { Services } from '../../../src/extension/services.ts';
import { fingerprintOf } from '../people.ts';
import { senders } from './senders.ts';

const bob = fingerprintOf('b');
const message = { id: '1'.repeat(32), text: 'on 8000' };
const change = { id: '2'.repeat(32), text: 'on 8001', editOf: '3'.repeat(32) };
const answer = { id: '4'.repeat(32), text: 'yes', replyTo: '3'.repeat(32) };
const page = { page: 'd'.repeat(32), at: 1 };
const gone = fail('engineGone', {});

describe('what is sent', () => {
  const { asked, killed, next, refusing } = senders();

  it('is asked for again by another window, once, in its order and as what it was', async () => {
    const before = await killed();
    for (const text of [message, change, answer]) void sendText(before, bob, text);
    await before.drafts.load();
    const first = asked.splice(0);
    const after = await next();
    const asOf = before.drafts.sentAt(bob, change.id);
    await sendUnanswered(after, bob);
    assert.deepEqual(first, [
      ['sendText', { peer: bob, ...message }],
      ['editMessage', { peer: bob, id: change.editOf, text: change.text }],
      ['sendText', { peer: bob, ...answer }],
    ]);
    assert.deepEqual(asked.splice(0), [
      first[0],
      ['editMessage', { peer: bob, id: change.editOf, text: change.text, asOf }],
      first[2],
    ]);
    await after.drafts.close();
    await sendUnanswered(await next(), bob);
    assert.deepEqual(asked, []);
  });

  it('is asked for again in the last of the words that a message was changed to', async () => {
    const newer = { ...change, id: '5'.repeat(32), text: 'on 8002' };
    const { drafts } = await killed();
    drafts.send(bob, change);
    await drafts.send(bob, newer);
    const after = await next();
    await sendUnanswered(after, bob);
    assert.deepEqual(asked.splice(0), [
      ['editMessage', { peer: bob, id: change.editOf, text: newer.text, asOf: drafts.sentAt(bob, newer.id) }],
    ]);
    assert.deepEqual(after.drafts.unansweredPeers(), []);
  });

  it('is in safe hands once its file is there or the engine has answered, whichever is first', async () => {
    const kept: string[] = [];
    const slow = async (services: Services) => {
      const send = () => new Promise<void>(() => undefined);
      return { ...services, drafts: { send, answered: () => undefined } } as unknown as Services;
    };
    await sendText(await slow(await next()), bob, message, undefined, () => kept.push('stored'));
    await sendText(await slow(await refusing()), bob, message, undefined, () => kept.push('refused')).catch(
      () => undefined,
    );
    const before = await killed();
    await new Promise<void>((resolve) => void sendText(before, bob, answer, undefined, resolve));
    assert.deepEqual(kept, ['stored', 'refused']);
  });

  it('is not asked for again where another window has had the answer meanwhile', async () => {
    const before = await killed();
    void sendText(before, bob, change);
    await before.drafts.load();
    const other = await next();
    before.drafts.answered(bob, change.id);
    await before.drafts.close();
    asked.length = 0;
    await sendUnanswered(other, bob);
    assert.deepEqual(asked, []);
  });

  it('is asked for again where its engine has gone, and a draft where it is refused', async () => {
    const services = await refusing();
    const { drafts } = services;
    await sendText(services, bob, message).catch((error) => keepUnsent(services, bob, message, error));
    assert.deepEqual(drafts.take(bob, page, { isNew: false }), [{ text: message.text }]);
    drafts.send(bob, change);
    await keepUnsent(services, bob, change, gone);
    assert.deepEqual(drafts.unanswered(bob), [change]);
    await sendUnanswered(services, bob);
    assert.deepEqual(drafts.take(bob, page, { isNew: false }), [
      { text: change.text, editOf: change.editOf },
    ]);
    assert.deepEqual(drafts.unansweredPeers(), []);
  });
});
