// What is dropped anywhere in the page. While files are held over it, the page says so.

import { useEffect, useState } from 'preact/hooks';
import { canBeFiles, droppedOf, type Incoming } from '../../model/incoming.ts';
import { isForField } from './isForField.ts';

export function useDrop(onDrop: (dropped: Incoming<File>) => void): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const over = (event: DragEvent) => {
      if (event.dataTransfer === null || isForField(event)) return setOver(false);
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
      setOver(canBeFiles(event.dataTransfer.types));
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent) => {
      if (isForField(event)) return;
      event.preventDefault();
      setOver(false);
      if (event.dataTransfer !== null) onDrop(droppedOf(event.dataTransfer));
    };
    document.addEventListener('dragover', over);
    document.addEventListener('dragleave', leave);
    document.addEventListener('drop', drop);
    return () => {
      document.removeEventListener('dragover', over);
      document.removeEventListener('dragleave', leave);
      document.removeEventListener('drop', drop);
    };
  }, [onDrop]);
  return isOver;
}
