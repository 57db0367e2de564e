// How texts for people are made. Handed in, so that what decides on them runs without the editor.

export interface Language {
  /** `vscode.l10n.t`: the translation of `text`, with {0}, {1} ... replaced. */
  t(text: string, ...values: (string | number)[]): string;
  /** BCP 47, for numbers and dates. */
  readonly locale: string;
}
