import assert from 'node:assert/strict';
import { askedFor, helpOf } from '../../bench/commandLine.ts';
import { type Part, part } from '../../bench/part.ts';

const quick = part({
  ...{ name: 'quick', about: 'bytes', isUsual: true, amounts: { rounds: 7 }, paths: ['here', 'far'] },
  ...{ measure: () => 1, print: () => undefined },
});
const slow = part({
  ...{ name: 'slow', about: 'files', amounts: { files: 500, rounds: 3 } },
  ...{ measure: () => 1, print: () => undefined },
});
const ALL = [quick, slow];

function toldTo(one: Part, ...args: string[]) {
  const { paths, emulator, ...amounts } = askedFor(args, ALL)?.toldTo(one) ?? {};
  return { paths, emulator, amounts };
}

describe('what the benchmark is asked for', () => {
  it('is the usual parts where nothing is said, with their usual amounts', () => {
    const asked = askedFor([], ALL);
    assert.deepEqual([asked?.parts, asked?.isJson], [[quick], false]);
    assert.deepEqual(toldTo(quick), { paths: undefined, emulator: undefined, amounts: { rounds: 7 } });
  });

  it('is one part, with the amounts that are said', () => {
    const asked = askedFor(['--only', 'slow', '--json', '--files', '2'], ALL);
    assert.deepEqual([asked?.parts, asked?.isJson], [[slow], true]);
    assert.deepEqual(asked?.toldTo(slow), { files: 2, rounds: 3, paths: undefined, emulator: undefined });
  });

  it('is some of the paths of a part, and a program that makes bad ones', () => {
    const { paths, emulator } = toldTo(quick, '--path', 'far,here', '--emulator', '/lab');
    assert.deepEqual([paths, emulator], [['far', 'here'], '/lab']);
  });

  it('is nothing where help is asked for, which names each part with all that it can be told', () => {
    assert.equal(askedFor(['-h'], ALL), undefined);
    for (const words of ['quick', '--rounds 7', '--path ID,ID of here far', '--files 500 --rounds 3'])
      assert.ok(helpOf(ALL).includes(words), words);
  });

  for (const [args, problem] of [
    ['--only nothing', '--only takes one of quick, slow'],
    ['--only slow --files many', '--files takes a whole number above zero, and not many'],
    ['--only slow --files 0', '--files takes a whole number above zero, and not 0'],
    ['--rounds 0.5', '--rounds takes a whole number above zero, and not 0.5'],
    ['--files 5', '--files is nothing for quick'],
    ['--path far,fra', '--path fra is nothing for quick'],
    ['--only slow --emulator /lab', '--emulator is nothing for slow'],
    ['--fiels 5', "Unknown option '--fiels'"],
  ] as const)
    it(`is refused rather than measured otherwise: ${args}`, () => {
      assert.throws(() => askedFor(args.split(' '), ALL), { message: problem });
    });
});
