// One codicon. Decoration unless it has a label.

import type { IconName } from '../../model/icons.ts';

interface Props {
  readonly name: IconName;
  readonly label?: string | undefined;
  readonly class?: string;
}

export function Icon({ name, label, class: extra = '' }: Props) {
  const spin = name === 'loading' ? 'codicon-modifier-spin' : '';
  const classes = `codicon codicon-${name} ${spin} ${extra}`;
  if (label === undefined) return <span class={classes} aria-hidden="true" />;
  return <span class={classes} role="img" aria-label={label} title={label} />;
}
