import { canBeFiles } from '../../model/incoming.ts';

/** Text that is dragged over a field is the field's own business: it goes to where the pointer is, and away from where it was. */
export function isForField({ target, dataTransfer }: DragEvent): boolean {
  const isField = target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement;
  return isField && dataTransfer !== null && !canBeFiles(dataTransfer.types);
}
