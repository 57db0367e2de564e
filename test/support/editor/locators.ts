// Small makers of what Playwright's locators are given.

/** Text that is exactly this, save for space around it: `hasText` with a string would also take what merely contains it. */
export function exactly(text: string): RegExp {
  return new RegExp(`^\\s*${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*$`);
}

/** A value as it stands in an attribute selector: `[id=${quoted(id)}]`. */
export function quoted(value: string): string {
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}
