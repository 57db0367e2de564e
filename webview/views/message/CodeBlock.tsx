// A block of code with a button that copies it.

import { useEffect, useState } from 'preact/hooks';
import { t } from '../../model/words.ts';
import { Button } from '../controls/Button.tsx';
import { useSurroundings } from '../controls/surroundings.ts';
import { CodeLines } from './CodeLines.tsx';

const SHOW_COPIED_MS = 2000;

export function CodeBlock({ language, text }: { readonly language: string; readonly text: string }) {
  const { send } = useSurroundings();
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), SHOW_COPIED_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = () => {
    send({ kind: 'copyText', text });
    setCopied(true);
  };
  return (
    <figure class="code-block" dir="ltr">
      <figcaption>
        <span>{language}</span>
        <Button
          label={isCopied ? t('Copied') : t('Copy code')}
          icon={isCopied ? 'check' : 'copy'}
          look="icon"
          onPress={copy}
        />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines must scroll by keyboard too */}
      <pre tabIndex={0}>
        <CodeLines language={language} text={text} />
      </pre>
    </figure>
  );
}
