// The table of commands: what a window asks for, and who does it.

import type { Settings } from '../contract/commands.ts';
import { provenText } from '../contract/engineProof.ts';
import type { Dialler } from './connections/dialler.ts';
import type { Links } from './connections/links.ts';
import type { Conversations } from './conversations/conversations.ts';
import type { Exports } from './conversations/exports.ts';
import type { Transfers } from './files/transfers.ts';
import type { Identity } from './identity/identity.ts';
import type { People } from './people/people.ts';
import type { Registration } from './people/registration.ts';
import type { Fetches } from './sharing/fetches.ts';
import type { Shares } from './sharing/shares.ts';
import type { Trust } from './trust.ts';
import type { DoNotDisturb } from './windows/doNotDisturb.ts';
import type { NoticeClaims } from './windows/noticeClaims.ts';
import type { ShownMessages } from './windows/shownMessages.ts';
import type { EngineCommands } from './windows/windows.ts';

export interface Doers {
  readonly identity: Identity;
  readonly people: People;
  readonly conversations: Conversations;
  readonly messages: ShownMessages;
  readonly exports: Exports;
  readonly trust: Trust;
  readonly claims: NoticeClaims;
  readonly doNotDisturb: DoNotDisturb;
  readonly links: Links;
  readonly dialler: Dialler;
  readonly transfers: Transfers;
  readonly shares: Shares;
  readonly fetches: Fetches;
  settings(): Settings;
  readonly registration: Registration;
  configure(settings: Settings): void;
}

export function commandsOf(doers: Doers): EngineCommands {
  const { people, conversations, messages, exports, links, dialler, transfers, registration } = doers;
  const { trust, claims, doNotDisturb } = doers;
  const { shares, fetches } = doers;
  return {
    prove: ({ challenge }) => ({ signature: doers.identity.sign(Buffer.from(provenText(challenge))) }),
    configure: nothing((settings) => doers.configure(settings)),
    signUp: (as) => registration.signUp(as),
    signOut: nothing(() => registration.signOut()),
    releaseName: nothing(() => registration.releaseName()),
    refreshPeers: nothing(() => registration.refresh()),
    lookUp: ({ name }) => registration.finder.lookUp(name),
    connect: nothing(({ peer }, abort) => dialler.connect(peer, abort)),
    cancelConnect: nothing(({ peer }) => dialler.cancel(peer)),
    answerConnection: nothing(({ peer, accept }) => {
      if (accept) people.accept(peer);
      links.answer(peer, accept);
      claims.settled(peer);
    }),
    safetyCode: ({ peer }) => ({ code: trust.safetyCode(peer) }),
    verifyPeer: nothing(({ peer, verified }) => trust.verify(peer, verified)),
    blockPeer: nothing(({ peer }) => trust.block(peer)),
    unblockPeer: nothing(({ peer }) => trust.unblock(peer)),
    startAnew: nothing(({ peer, key, verified }) => trust.startAnew(peer, key, verified)),
    setAutoAccept: nothing(({ peer, autoAccept }) => trust.setAutoAccept(peer, autoAccept)),
    doNotDisturb: nothing(({ until }) => doNotDisturb.set(until)),
    disconnect: nothing(({ peer }) => dialler.disconnect(peer)),
    sendText: ({ peer, text, replyTo, id }) => conversations.sendText(peer, text, replyTo, id),
    editMessage: ({ peer, id, text, asOf }) => conversations.edit(peer, id, text, asOf),
    deleteMessage: nothing(({ peer, id }) => conversations.delete(peer, id)),
    react: nothing(({ peer, id, emoji, on }) => conversations.react(peer, id, emoji, on)),
    typing: nothing(({ peer, on }) =>
      links.up(peer)?.handle({ kind: 'aside', frame: { kind: 'typing', on } }),
    ),
    markRead: nothing(({ peer, upTo }) => conversations.markRead(peer, upTo)),
    history: ({ peer, ...page }) => messages.history(peer, page),
    searchMessages: (wish) => messages.search(wish),
    exportConversation: (wish) => exports.write(wish),
    offerFile: (offer, abort) => transfers.offer(offer, abort),
    answerTransfer: nothing(({ id, accept, folder }, abort) => transfers.answer(id, accept, folder, abort)),
    cancelTransfer: nothing(({ id }) => transfers.cancel(id)),
    retryTransfer: ({ id }, abort) => transfers.retry(id, abort),
    share: ({ paths, with: sharedWith }, abort) => shares.share(paths, sharedWith, abort),
    unshare: nothing(({ id }) => shares.unshare(id)),
    fetchShared: ({ folder = doers.settings().downloadFolder, ...fetch }, abort) =>
      fetches.fetch({ ...fetch, folder }, abort),
  };
}

/** For commands whose answer says only that they are done. */
function nothing<In extends unknown[]>(work: (...input: In) => unknown): (...input: In) => Promise<null> {
  return async (...input) => {
    await work(...input);
    return null;
  };
}
