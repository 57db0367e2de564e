// What can be answered or cancelled now, as entries to pick from: where a command came without its row of the tree.

import type { Fingerprint } from '../../contract/fingerprint.ts';
import type { Peer } from '../../contract/peer.ts';
import type { State } from '../../contract/state.ts';
import { isFinal, isOpenOffer, type Transfer } from '../../contract/transfer.ts';
import { nameInText } from '../inText.ts';
import type { Language } from '../language.ts';
import { plainText } from '../plainText.ts';
import { isAsking } from './openQuestions.ts';
import { transferText } from './transferText.ts';

export interface OpenChoice<Id> {
  readonly label: string;
  readonly description: string;
  readonly id: Id;
}

/** Those who want to connect. */
export function askingChoices({ peers }: State, { t }: Language): OpenChoice<Fingerprint>[] {
  return Object.values<Peer>(peers)
    .filter(isAsking)
    .map(({ name, fingerprint }) => ({
      label: plainText(name),
      description: t('wants to connect'),
      id: fingerprint,
    }));
}

/** Files that wait for my answer. */
export function offerChoices(state: State, language: Language): OpenChoice<string>[] {
  return transferChoices(state, language, isOpenOffer);
}

/** Transfers that can be cancelled: an offer to me is rejected instead. */
export function cancellableChoices(state: State, language: Language): OpenChoice<string>[] {
  return transferChoices(state, language, (transfer) => !isFinal(transfer.state) && !isOpenOffer(transfer));
}

function transferChoices(
  { transfers, peers }: State,
  language: Language,
  isChoice: (transfer: Transfer) => boolean,
): OpenChoice<string>[] {
  return Object.values(transfers)
    .filter(isChoice)
    .map((transfer) => {
      const who = nameInText(peers[transfer.peer]);
      const description = language.t('{0} · {1}', who, transferText(transfer, language));
      return { label: plainText(transfer.name), description, id: transfer.id };
    });
}
