// Something the person at the keyboard can mend: its text is shown alone, without a stack.
export class SetupError extends Error {}
