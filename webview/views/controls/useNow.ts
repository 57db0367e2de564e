// The time, renewed each minute: enough for "away 5 min" and for "Today" to end at midnight.

import { useEffect, useState } from 'preact/hooks';

const RENEW_MS = 60_000;

export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), RENEW_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}
