// Other people's words inside the editor's own texts, where [links](command:…) and $(icons) would come alive.

const MAX_SHOWN = 160;

/**
 * One line of at most `limit` characters. Notifications run `command:` links and the status bar and quick picks draw icons:
 * a name, a file name or a message must not be able to make either. Safety, not looks.
 */
export function plainText(text: string, limit = MAX_SHOWN): string {
  const line = text
    .slice(0, limit * 8)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/\](?=\()/g, '] ')
    .replace(/\$(?=\()/g, '$ ')
    .trim();
  const characters = [...line];
  return characters.length <= limit ? line : `${characters.slice(0, limit - 1).join('')}…`;
}
