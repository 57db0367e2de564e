import assert from 'node:assert/strict';
import { sendText, sendUnanswered } from '../../../src/extension/chat/sendText.ts';
import { keepLeft, keepUnheard } from '../../../src/extension/chat/unheard.ts';
import { fingerprintOf } from '../people.ts';
import { senders } from './senders.ts';

const bob = fingerprintOf('b');
const message = { id: '1'.repeat(32), text: 'on 8000' };
const change = { id: '2'.repeat(32), text: 'on 8001', editOf: '3'.repeat(32) };
const page = 'd'.repeat(32);

describe('what a page has sent and nobody has heard', () => {
  const { asked, killed, next } = senders();

  it('is kept where the page says so in its next life, unless somebody had heard it', async () => {
    const by = { page, at: Date.now() };
    const before = await killed();
    await keepUnheard(before, bob, { ...message, by });
    await keepUnheard(before, bob, { ...change, by });
    assert.deepEqual(before.drafts.unanswered(bob), [message]);
    const after = await next();
    await sendUnanswered(after, bob);
    await keepUnheard(after, bob, { ...message, by });
    assert.deepEqual(after.drafts.unanswered(bob), []);
    assert.equal(asked.length, 1);
  });

  it('goes with the moment in which it was sent, though other words for the same message went meanwhile', async () => {
    const window = await next();
    await sendText(window, bob, { ...change, id: '5'.repeat(32), text: 'on 8002' });
    asked.length = 0;
    await keepUnheard(window, bob, { ...change, by: { page, at: 7 } });
    await sendUnanswered(window, bob);
    assert.deepEqual(asked, [['editMessage', { peer: bob, id: change.editOf, text: change.text, asOf: 7 }]]);
  });

  it('goes where the page is not drawn again, as another one shows the chat, and what was written there since is a draft', async () => {
    const at = Date.now();
    const by = { page, at };
    const unheard = [{ kind: 'sendText', ...message, by }] as const;
    const services = await next();
    const left = { draft: 'The next thing', by: { ...by, at: at + 1 }, unheard };
    await keepLeft(services, bob, left);
    assert.deepEqual(asked.splice(0), [['sendText', { peer: bob, ...message }]]);
    assert.deepEqual(services.drafts.take(bob, { page: 'e'.repeat(32), at }, { isNew: false }), [
      { text: 'The next thing' },
    ]);
    const heard = { ...left, by: { ...by, page: 'f'.repeat(32) }, unheard: [] };
    for (const other of [heard, { ...left, by }, { unheard: 7 }, {}] as (typeof left)[])
      await keepLeft(services, bob, other);
    assert.deepEqual(asked, []);
    assert.deepEqual(services.drafts.take(bob, { page: 'e'.repeat(32), at }, { isNew: false }), []);
  });
});
