// Stands in for the native module @vscode/spdlog in the VS Code that tests and `npm start` run. VS Code starts without it,
// but then output channels stay empty and no log file is written. This is the part that it calls, synchronous and without
// rotation.
const fs = require('node:fs');
const path = require('node:path');

const LEVELS = ['trace', 'debug', 'info', 'warning', 'error', 'critical', 'off'];
const INFO = LEVELS.indexOf('info');

class Logger {
  #file;
  #level = INFO;
  #isPlain = false;

  constructor(_kind, _name, file) {
    this.#file = file;
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.appendFileSync(file, '');
  }

  trace(text) {
    this.#write(0, text);
  }
  debug(text) {
    this.#write(1, text);
  }
  info(text) {
    this.#write(2, text);
  }
  warn(text) {
    this.#write(3, text);
  }
  error(text) {
    this.#write(4, text);
  }
  critical(text) {
    this.#write(5, text);
  }

  getLevel() {
    return this.#level;
  }
  setLevel(level) {
    this.#level = level;
  }
  /** VS Code asks for one pattern only: time, level, text. */
  setPattern() {
    this.#isPlain = false;
  }
  clearFormatters() {
    this.#isPlain = true;
  }
  flush() {}
  drop() {
    this.#file = undefined;
  }

  #write(level, text) {
    if (level < this.#level || !this.#file) return;
    try {
      fs.appendFileSync(this.#file, this.#isPlain ? text : `${localTime()} [${LEVELS[level]}] ${text}\n`);
    } catch {
      // The folder was removed while the editor stops.
    }
  }
}

function localTime() {
  const now = new Date();
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000);
  return local.toISOString().replace('T', ' ').slice(0, 23);
}

exports.version = 0;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.Logger = Logger;
exports.createRotatingLogger = async (name, file) => new Logger('rotating', name, file);
exports.createAsyncRotatingLogger = async (name, file) => new Logger('rotating_async', name, file);
