// A picture or file in the conversation: what it is, how far it is, and what can be done with it.

import type { Transfer } from '../../../src/contract/transfer.ts';
import { type Other, type TransferStatus, transferView } from '../../model/transferView.ts';
import { Icon } from '../controls/Icon.tsx';
import { ProgressBar } from '../controls/ProgressBar.tsx';
import { StepButton, usePlace } from '../controls/StepButton.tsx';
import { useSurroundings } from '../controls/surroundings.ts';
import { Picture } from './Picture.tsx';

interface Props {
  /** Of the element that says all of it. */
  readonly id: string;
  readonly transfer: Transfer;
  readonly peer: Other;
}

export function TransferCard({ id, transfer, peer }: Props) {
  const { send, format } = useSurroundings();
  const place = usePlace();
  const { name, facts, note, box, icon, status, progress, actions } = transferView(transfer, peer, format);
  return (
    <section
      class={`card ${status.tone}${box === undefined ? '' : ' with-picture'}`}
      aria-label={`${name}, ${facts}`}
    >
      {box !== undefined && <Picture transfer={transfer} box={box} />}
      <div class="card-body" id={id}>
        <div class="caption">
          {box === undefined && <Icon name={icon} />}
          <div class="caption-words">
            <bdi class="file-name">{name}</bdi> <span class="facts">{facts}</span>
          </div>
        </div>
        {note !== undefined && <div class="card-note">{note}</div>}
        <Status {...status} />
        {progress !== undefined && <ProgressBar label={`${status.text}: ${name}`} progress={progress} />}
        {actions.length > 0 && (
          <div class="actions">
            {actions.map(({ label, icon: of, isMain, intent }) => (
              <StepButton
                key={label}
                place={place}
                label={label}
                icon={of}
                look={lookOf(status.tone, isMain)}
                tooltip={`${label}: ${name}`}
                onPress={() => send(intent)}
              />
            ))}
          </div>
        )}
      </div>
    </section>
  );
}

/** A question has buttons; what may be done later stays quiet. */
function lookOf(tone: TransferStatus['tone'], isMain: boolean): 'main' | 'secondary' | 'link' {
  if (isMain) return 'main';
  return tone === 'question' ? 'secondary' : 'link';
}

function Status({ tone, text }: TransferStatus) {
  return (
    <div class={`card-status ${tone}`}>
      {tone === 'good' && <Icon name="pass" />}
      {tone === 'bad' && <Icon name="error" />}
      <span>{text}</span>
    </div>
  );
}
