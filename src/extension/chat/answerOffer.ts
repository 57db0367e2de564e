// A yes or a no to an offer. A yes waits for the disk of its folder, with a sign of it.

import { inText } from '../inText.ts';
import { l10n } from '../l10n.ts';
import type { Services } from '../services.ts';
import { whileItIsAsked } from './whileItIsRead.ts';

export interface OfferAnswer {
  /** Of the transfer. */
  readonly id: string;
  readonly accept: boolean;
  /** Instead of the download folder. */
  readonly folder?: string;
}

export async function answerOffer({ engine }: Services, answer: OfferAnswer): Promise<void> {
  const name = inText(engine.state?.transfers[answer.id]?.name ?? '', 80);
  await whileItIsAsked(l10n.t('Waiting for the folder of {0}', name), (options) =>
    engine.request('answerTransfer', answer, options),
  );
}
