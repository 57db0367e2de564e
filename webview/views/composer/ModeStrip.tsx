// Above the composer: which message is answered or changed, and the way out of it.

import type { Transfer } from '../../../src/contract/transfer.ts';
import { isolated } from '../../model/isolate.ts';
import { t } from '../../model/words.ts';
import { excerptOf, NEW, type Writing } from '../../model/writing.ts';
import { Button } from '../controls/Button.tsx';
import { Icon } from '../controls/Icon.tsx';
import { useSurroundings } from '../controls/surroundings.ts';

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
  const answering = message.from === 'me' ? t('Replying to yourself') : t('Replying to {0}', isolated(name));
  const target = { kind: 'message', order: message.order, isSought: true } as const;
  return (
    <div class="mode-strip">
      <Icon name={isEdit ? 'edit' : 'reply'} />
      <button
        type="button"
        class="quote"
        title={t('Go to this message')}
        onClick={() => dispatch({ kind: 'goTo', target })}
      >
        <span class="quote-writer">{isEdit ? t('Editing your message') : answering}</span>
        <span class="quote-words" dir="auto">
          {excerptOf(message, transfers)}
        </span>
      </button>
      <Button
        label={isEdit ? t('Stop editing') : t('Do not reply')}
        tooltip={isEdit ? t('Stop editing (Esc)') : t('Do not reply (Esc)')}
        icon="close"
        look="icon"
        onPress={() => dispatch({ kind: 'write', writing: NEW })}
      />
    </div>
  );
}
