// Mocha's own reporter for people, which also writes the tally: `--reporter scripts/testing/tallyReporter.ts
// --reporter-option tally=FILE`.
import Mocha from 'mocha';
import { recordTally } from './tally.ts';

export default class TallyReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    recordTally(runner, options.reporterOptions.tally);
  }
}
