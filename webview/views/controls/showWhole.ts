/**
 * Scrolls `list` until all of `element` is in sight, or its upper end where it is higher than the list. Not scrollIntoView: it
 * would also move what the editor has put around the page.
 */
export function showWhole(list: HTMLElement, element: HTMLElement): void {
  const [outer, inner] = [list.getBoundingClientRect(), element.getBoundingClientRect()];
  if (inner.top < outer.top || inner.height > outer.height) list.scrollTop += inner.top - outer.top;
  else if (inner.bottom > outer.bottom) list.scrollTop += inner.bottom - outer.bottom;
}
