// Code in colours, as soon as the highlighter is there; the same text without them until then.

import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Highlight } from '../../model/tokens.ts';
import { useSurroundings } from '../controls/surroundings.ts';

interface Props {
  readonly language: string;
  readonly text: string;
}

export function CodeLines({ language, text }: Props) {
  const highlight = useHighlighter(language !== '');
  const tokens = useMemo(() => highlight?.(text, language), [highlight, text, language]);
  if (tokens === undefined) return <code>{text}</code>;
  return (
    <code>
      {tokens.map((token, at) =>
        token.kind === undefined ? (
          token.text
        ) : (
          <span key={at} class={`token ${token.kind}`}>
            {token.text}
          </span>
        ),
      )}
    </code>
  );
}

function useHighlighter(isNeeded: boolean): Highlight | undefined {
  const { loadHighlighter } = useSurroundings();
  const [highlight, setHighlight] = useState<Highlight | undefined>(undefined);
  useEffect(() => {
    if (!isNeeded) return;
    let isHere = true;
    void loadHighlighter().then((loaded) => isHere && setHighlight(() => loaded));
    return () => {
      isHere = false;
    };
  }, [isNeeded, loadHighlighter]);
  return highlight;
}
