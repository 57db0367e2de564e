// A safety code: 60 digits made of two people's keys, the same for both. Whoever reads the same ones to each other knows that
// nobody stands between them. engine/identity/safetyCode.ts makes it.

declare const brand: unique symbol;
/** 60 decimal digits without spaces. */
export type SafetyCode = string & { readonly [brand]: 'SafetyCode' };

const GROUP = 5;
const GROUPS_PER_LINE = 4;

/** Twelve groups of five digits, in the order in which they are read aloud. */
export function safetyGroups(code: SafetyCode): readonly string[] {
  return code.match(new RegExp(`\\d{${GROUP}}`, 'g')) ?? [];
}

/** Three lines of four groups. */
export function safetyLines(code: SafetyCode): readonly string[] {
  const groups = safetyGroups(code);
  const lines = Math.ceil(groups.length / GROUPS_PER_LINE);
  return Array.from({ length: lines }, (_, line) =>
    groups.slice(line * GROUPS_PER_LINE, (line + 1) * GROUPS_PER_LINE).join(' '),
  );
}
