// The table of commands: what a window asks for, and who does it.

import type { Settings } from '../contract/commands.ts';
import type { Conversations } from './conversations.ts';
import type { Dialler } from './dialler.ts';
import type { DoNotDisturb } from './doNotDisturb.ts';
import type { Links } from './links.ts';
import type { NoticeClaims } from './noticeClaims.ts';
import type { People } from './people.ts';
import type { Registration } from './registration.ts';
import type { Transfers } from './transfers.ts';
import type { Trust } from './trust.ts';
import type { EngineCommands } from './windows.ts';

export interface Doers {
  readonly people: People;
  readonly conversations: Conversations;
  readonly trust: Trust;
  readonly claims: NoticeClaims;
  readonly doNotDisturb: DoNotDisturb;
  readonly links: Links;
  readonly dialler: Dialler;
  readonly transfers: Transfers;
  readonly registration: Registration;
  configure(settings: Settings): void;
  signOut(): void;
}

export function commandsOf(doers: Doers): EngineCommands {
  const { people, conversations, links, dialler, transfers, registration } = doers;
  const { trust, claims, doNotDisturb } = doers;
  return {
    configure: nothing((settings) => doers.configure(settings)),
    signUp: (as) => registration.signUp(as),
    signOut: nothing(() => doers.signOut()),
    refreshPeers: nothing(() => registration.refresh()),
    lookUp: ({ name }) => registration.lookUp(name),
    connect: nothing(({ peer }, abort) => dialler.connect(peer, abort)),
    cancelConnect: nothing(({ peer }) => dialler.cancel(peer)),
    answerConnection: nothing(({ peer, accept }) => {
      if (accept) people.accept(peer);
      links.answer(peer, accept);
      claims.settled('connection', peer);
    }),
    safetyCode: ({ peer }) => ({ code: trust.safetyCode(peer) }),
    verifyPeer: nothing(({ peer, verified }) => trust.verify(peer, verified)),
    blockPeer: nothing(({ peer }) => trust.block(peer)),
    unblockPeer: nothing(({ peer }) => trust.unblock(peer)),
    startAnew: nothing(({ peer, key, verified }) => trust.startAnew(peer, key, verified)),
    setAutoAccept: nothing(({ peer, autoAccept }) => trust.setAutoAccept(peer, autoAccept)),
    doNotDisturb: nothing(({ until }) => doNotDisturb.set(until)),
    claimNotice: (claim) => claims.claim(claim),
    disconnect: nothing(({ peer }) => dialler.disconnect(peer)),
    sendText: ({ peer, text }) => conversations.sendText(peer, text),
    markRead: nothing(({ peer, upTo }) => conversations.markRead(peer, upTo)),
    history: ({ peer, before, limit }) => conversations.history(peer, before, limit),
    offerFile: (offer) => transfers.offer(offer),
    answerTransfer: nothing(({ id, accept, folder }) => transfers.answer(id, accept, folder)),
    cancelTransfer: nothing(({ id }) => transfers.cancel(id)),
    retryTransfer: ({ id }) => transfers.retry(id),
  };
}

/** For commands whose answer says only that they are done. */
function nothing<In extends unknown[]>(work: (...input: In) => unknown): (...input: In) => Promise<null> {
  return async (...input) => {
    await work(...input);
    return null;
  };
}
