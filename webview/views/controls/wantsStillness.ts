/** Whether less motion is asked for: of the system, or of the editor, which says so with a class of its own. */
export function wantsStillness(): boolean {
  const isAskedOfEditor = document.body.classList.contains('vscode-reduce-motion');
  return isAskedOfEditor || matchMedia('(prefers-reduced-motion: reduce)').matches;
}
