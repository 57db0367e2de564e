// Above the composer: which message is answered or changed, and the way out of it.

import type { Transfer } from '../../src/contract/transfer.ts';
import { isolated } from '../model/isolate.ts';
import { excerptOf, NEW, type Writing } from '../model/writing.ts';
import { Button } from './Button.tsx';
import { Icon } from './Icon.tsx';
import { useSurroundings } from './surroundings.ts';

interface Props {
  readonly writing: Writing;
  readonly name: string;
  readonly transfers: Readonly<Record<string, Transfer>>;
}

export function ModeStrip({ writing, name, transfers }: Props) {
  const { dispatch } = useSurroundings();
  if (writing.kind === 'new') return null;
  const { message } = writing;
  const isEdit = writing.kind === 'edit';
  const whom = message.from === 'me' ? 'yourself' : isolated(name);
  const target = { kind: 'message', order: message.order, isSought: true } as const;
  return (
    <div class="mode-strip">
      <Icon name={isEdit ? 'edit' : 'reply'} />
      <button
        type="button"
        class="quote"
        title="Go to this message"
        onClick={() => dispatch({ kind: 'goTo', target })}
      >
        <span class="quote-writer">{isEdit ? 'Editing your message' : `Replying to ${whom}`}</span>
        <span class="quote-words" dir="auto">
          {excerptOf(message, transfers)}
        </span>
      </button>
      <Button
        label={isEdit ? 'Stop editing' : 'Do not reply'}
        tooltip={`${isEdit ? 'Stop editing' : 'Do not reply'} (Esc)`}
        icon="close"
        look="icon"
        onPress={() => dispatch({ kind: 'write', writing: NEW })}
      />
    </div>
  );
}
