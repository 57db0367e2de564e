// What an engine in a process of its own has said in its log of a transfer.

import type { LogFields } from '../../src/base/logger.ts';
import type { FoundRecord, TransferRecord } from '../../src/engine/files/transferRecords.ts';
import type { HeadlessEngine } from './headlessEngine.ts';

export function foundBy(engine: HeadlessEngine, id: string): FoundRecord | undefined {
  return saidOf('found', engine, id);
}

/** Its log takes another road than what it shows, and may come a little later. Undefined when it has not come in time. */
export async function recordOf<Kind extends TransferRecord['record']>(
  kind: Kind,
  engine: HeadlessEngine,
  id: string,
  patienceMs: number,
) {
  for (const deadline = performance.now() + patienceMs; performance.now() < deadline; ) {
    const said = saidOf(kind, engine, id);
    if (said !== undefined) return said;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return undefined;
}

/** The last that the engine has said of this transfer. */
function saidOf<Kind extends TransferRecord['record']>(kind: Kind, { lines }: HeadlessEngine, id: string) {
  const isIt = (said: LogFields | undefined): said is Extract<TransferRecord, { record: Kind }> =>
    said?.record === kind && said.transfer === id;
  return lines.map(({ fields }) => fields).findLast(isIt);
}
