// While a word is being composed (Japanese, Chinese …) keys belong to the input method.

/** The last Enter of a composition has code 229. */
export function isComposed({ isComposing, keyCode }: KeyboardEvent): boolean {
  return isComposing || keyCode === 229;
}
