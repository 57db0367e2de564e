// A button that is pressed once. What is pressed often makes way for another one a moment later (Accept for Cancel), and the second
// press of a double click, or of an impatient hand, is meant for neither of them.

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Button, type ButtonProps } from './Button.tsx';

/** How long a button rests that was pressed, or that has taken the place of such a one. A double click takes half of it on most systems. */
const REST_MS = 1_000;
/** Nobody is in the middle of pressing what was pressed longer ago. */
const PRESSING_MS = 5_000;

/** When one of the buttons that take each other's place was pressed last, by `performance.now()`. */
export interface Place {
  pressedAt: number;
}

export function usePlace(): Place {
  return useRef<Place>({ pressedAt: Number.NEGATIVE_INFINITY }).current;
}

interface Props extends ButtonProps {
  readonly place: Place;
}

/** One that gets another `label` is another button, though its element stays, and with that the focus. */
export function StepButton({ place, ...button }: Props) {
  const { label, onPress } = button;
  const isTakingOver = () => performance.now() - place.pressedAt < PRESSING_MS;
  const [isResting, setResting] = useState(isTakingOver);
  const hasTakenOver = useRef(false);
  const timer = useRef<number | undefined>(undefined);
  const rest = () => {
    clearTimeout(timer.current);
    setResting(true);
    timer.current = setTimeout(() => setResting(false), REST_MS);
  };
  useLayoutEffect(() => {
    hasTakenOver.current = isTakingOver();
    if (hasTakenOver.current) rest();
  }, [label]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const press = (event: MouseEvent) => {
    // A slow double click, as some people have it set.
    const isSecond = event.detail === 2 && hasTakenOver.current;
    if (isResting || isSecond) return;
    place.pressedAt = performance.now();
    rest();
    onPress(event);
  };
  return <Button {...button} isResting={isResting} onPress={press} />;
}
