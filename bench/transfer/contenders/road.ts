// What the transfers of the engine have in common here: a road for one file, whatever lies at its ends.

import type { Disposable } from '../../../src/base/disposable.ts';
import type { Destination, SendingEvents, Source } from '../../../src/engine/carriers/carrier.ts';
import type { Words } from '../contender.ts';

export interface Road {
  /** The receiving end: begins to take the file. `onFinished` when the destination has every block. */
  open(destination: Destination, onFinished: () => void): Promise<Words>;
  /** The sending end, before the clock runs. */
  reach(words: Words): Promise<void>;
  /** Resolves when the receiver has every block. `onDigest` when all was read. */
  pass(source: Source, onDigest: (sha256: string) => void): Promise<void>;
  close(): void;
}

/** The sending session that `begin` makes, until it has finished. */
export function sent(
  onDigest: (sha256: string) => void,
  begin: (events: SendingEvents) => Disposable,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const told = Promise.withResolvers<void>();
    const session = begin({
      onProgress: () => undefined,
      onDigest(sha256) {
        onDigest(sha256);
        told.resolve();
      },
      async onFinished() {
        await told.promise;
        session.dispose();
        resolve();
      },
      onStalled: () => reject(new Error('stalled')),
      onFailed: reject,
    });
  });
}
