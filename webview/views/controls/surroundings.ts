// What every view may need and no view changes: the road out, the words for numbers, and where files are.

import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { FromPanel } from '../../../src/contract/panel.ts';
import type { LoadHighlighter } from '../../highlighterScript.ts';
import type { Choice } from '../../model/choice.ts';
import type { Format } from '../../model/format.ts';
import type { PageAction } from '../../model/page.ts';

export interface Surroundings {
  send(intent: FromPanel): void;
  dispatch(action: PageAction): void;
  readonly format: Format;
  readonly fileBase: string;
  readonly reading: Reading;
  readonly loadHighlighter: LoadHighlighter;
}

/** Where the conversation is read, over the times that the panel is hidden. */
export interface Reading {
  /** The order of the message that was at the top; undefined at the end. */
  readonly saved: number | undefined;
  keep(order: number | undefined): void;
}

export const SurroundingsContext = createContext<Surroundings | undefined>(undefined);

export function useSurroundings(): Surroundings {
  const surroundings = useContext(SurroundingsContext);
  if (surroundings === undefined) throw new Error('a view stands outside of the page');
  return surroundings;
}

/** Does what was chosen. What did not work before is over with that: the same words again would look like no answer. */
export function useChoosing(): (choice: Choice) => void {
  const { send, dispatch } = useSurroundings();
  return ({ intent }) => {
    dispatch({ kind: 'troubleDismissed' });
    send(intent);
  };
}
