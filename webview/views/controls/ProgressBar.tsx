// A bar with its numbers. Its changes are not read out by themselves: they would never end.

import { Fragment } from 'preact';
import type { TransferProgress } from '../../model/transferView.ts';
import { t } from '../../model/words.ts';

interface Props {
  readonly label: string;
  readonly progress: TransferProgress;
}

export function ProgressBar({ label, progress: { fraction, facts } }: Props) {
  const percent = fraction === undefined ? undefined : Math.floor(fraction * 100);
  return (
    <div class="progress" aria-live="off">
      <div
        class={`progress-bar${fraction === undefined ? ' unmeasured' : ''}`}
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        aria-valuetext={facts.length > 0 ? facts.join(', ') : undefined}
      >
        <div
          class="progress-done"
          style={{ inlineSize: fraction === undefined ? '' : `${fraction * 100}%` }}
        />
      </div>
      {facts.length > 0 && (
        <div class="progress-facts" aria-hidden="true">
          {facts.map((fact, at) => (
            <Fragment key={at}>
              {at > 0 && t(' · ')}
              <span>{fact}</span>
            </Fragment>
          ))}
        </div>
      )}
    </div>
  );
}
