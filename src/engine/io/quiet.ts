// Whoever reads or writes files asks before each piece of work whether something goes before it.

/** Resolves when nothing does any more; undefined where nothing does now. */
export type Quiet = () => Promise<void> | undefined;

/** Nothing ever does. */
export const alwaysQuiet: Quiet = () => undefined;
