// Formats of numbers and dates, each made once: making one takes as long as some hundred uses of it, and the Peers view has
// thousands of rows.

const numbers = new Map<string, Intl.NumberFormat>();
const dates = new Map<string, Intl.DateTimeFormat>();

export function numberFormat(locale: string, options: Intl.NumberFormatOptions = {}): Intl.NumberFormat {
  return kept(numbers, [locale, options], () => new Intl.NumberFormat(locale, options));
}

/** One goes by the time zone in which it was made, and a computer may be taken to another. */
export function dateFormat(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const zone = new Date().getTimezoneOffset();
  return kept(dates, [locale, options, zone], () => new Intl.DateTimeFormat(locale, options));
}

function kept<Format>(formats: Map<string, Format>, kind: readonly unknown[], make: () => Format): Format {
  const key = JSON.stringify(kind);
  const known = formats.get(key);
  if (known !== undefined) return known;
  const made = make();
  formats.set(key, made);
  return made;
}
