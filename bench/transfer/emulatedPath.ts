// A cable that is bad in a given way, made by an emulator outside of this project, for the hosts `alice` and `bob`. CONTRIBUTING.md
// says what that program must understand.

import { command, commandIfPossible } from './command.ts';
import { LeftOut, type Path } from './path.ts';

/** `congestion`: TCP's, inside of the two hosts alone. */
export function openEmulated(
  emulator: string | undefined,
  settings: string,
  sizeBytes: number,
  congestion?: string,
): Path {
  if (emulator === undefined) throw new LeftOut('needs --emulator PATH');
  const lab = ['--lab', `bench${process.pid}`];
  const close = () => {
    process.off('exit', close);
    commandIfPossible(emulator, ...lab, 'down');
  };
  process.on('exit', close);
  try {
    command(emulator, ...lab, 'up', 'link', '--link', settings);
    for (const name of congestion === undefined ? [] : ['alice', 'bob'])
      setCongestion((...words) => command(emulator, ...lab, 'exec', name, ...words), `${congestion}`);
  } catch (error) {
    close();
    throw new LeftOut(String(error));
  }
  const placeOf = (name: string) => ({
    host:
      command(emulator, ...lab, 'addr', name)
        .trim()
        .split(/\s+/)[0] ?? '',
    inside: [emulator, ...lab, 'exec', name],
  });
  return { sender: placeOf('alice'), receiver: placeOf('bob'), sizeBytes, close };
}

/** By the routes of one host: the system's own setting is everybody's, and Node has none for a socket. */
function setCongestion(inside: (...words: string[]) => string, congestion: string): void {
  for (const route of inside('ip', '-4', 'route', 'show').trim().split('\n'))
    inside('ip', 'route', 'replace', ...route.trim().split(/\s+/), 'congctl', congestion);
}
