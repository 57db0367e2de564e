// Sends files that were pasted or dropped, one after the other, and shows each at once.

import { useCallback, useRef } from 'preact/hooks';
import { troubleWith } from '../../model/incoming.ts';
import { isolated } from '../../model/isolate.ts';
import { t } from '../../model/words.ts';
import { useSurroundings } from '../controls/surroundings.ts';
import { readFile } from './readFile.ts';

export function useSendFiles(): (files: readonly File[]) => Promise<void> {
  const { send, dispatch, format } = useSurroundings();
  const nextKey = useRef(0);
  const sendFile = async (file: File) => {
    const trouble = troubleWith(file, format);
    if (trouble !== undefined) return dispatch({ kind: 'trouble', trouble });
    const { intent, preview } = await readFile(file, new Date());
    nextKey.current += 1;
    const about = { key: nextKey.current, name: intent.name, sizeBytes: file.size };
    const item = preview === undefined ? about : { ...about, preview };
    dispatch({ kind: 'preparing', item });
    send(intent);
  };
  return useCallback(
    async (files) => {
      for (const file of files) await sendFile(file).catch(() => dispatch(unreadable(file)));
    },
    [send, dispatch, format],
  );
}

function unreadable(file: File) {
  const text = t('{0} could not be read. If it is a folder, send its files one by one.', isolated(file.name));
  return { kind: 'trouble', trouble: { text } } as const;
}
