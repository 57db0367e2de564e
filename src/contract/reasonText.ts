// What a system, or this engine, says of a place on a disk or of a registry, in the words of people.

type SayPlain = (text: string) => string;

const REASONS: Readonly<Record<string, (t: SayPlain) => string>> = {
  ENOENT: (t) => t('it is not there'),
  ENOTDIR: (t) => t('it is not there'),
  EACCES: (t) => t('you have no permission'),
  EPERM: (t) => t('you have no permission'),
  EROFS: (t) => t('nothing may be written there'),
  EEXIST: (t) => t('a file is in its place'),
  EISDIR: (t) => t('it is a folder'),
  EBUSY: (t) => t('another program is using it'),
  EADDRINUSE: (t) => t('another program is using it'),
  EIO: (t) => t('the disk fails'),
  ENOSPC: (t) => t('the disk is full'),
  EDQUOT: (t) => t('the disk is full'),
  EFBIG: (t) => t('its disk takes no file as large as that'),
  EMFILE: (t) => t('too many files are open'),
  UNKNOWN: (t) => t('the system gives no reason that is known here'),
  'not a file': (t) => t('it is not a file'),
  namesTaken: (t) => t('too many files of that name are there'),
  notOurs: (t) => t('it belongs to another account'),
  openToOthers: (t) => t('other accounts can open it; delete it'),
  denied: (t) => t('access is denied. Check who owns the file'),
  readOnly: (t) => t('it cannot be written. Check who owns the file'),
  inUse: (t) =>
    t('another program has it open, or Hamta on another computer. Close it there, then try again'),
  notOpened: (t) => t('it cannot be opened. Check that its folder exists and may be written'),
  damaged: (t) => t('the file is damaged. It was left as it is; move it away to start with an empty one'),
  noDatabase: (t) =>
    t(
      'the file is no database, or it is damaged. It was left as it is; move it away to start with an empty one',
    ),
  notWhole: (t) => t('it is not whole'),
  noPair: (t) => t('its key and certificate cannot be read or do not belong together'),
  noHttp: (t) => t('it does not speak HTTP'),
  emptyAnswer: (t) => t('an empty answer'),
  tooLarge: (t) => t('an answer that is too large'),
  webPage: (t) => t('a web page'),
  noJson: (t) => t('no JSON'),
  otherKind: (t) => t('an answer of another kind'),
  endless: (t) => t('a directory without an end'),
  keyless: (t) => t('a record without a key'),
  unsigned: (t) => t('a record that its owner has not signed'),
  notTheirs: (t) => t("somebody else's record"),
};

/** What is known by no words of ours stays as it was said, or as it is said `otherwise`. */
export function reasonText(detail: string, t: SayPlain, otherwise = detail): string {
  return Object.hasOwn(REASONS, detail) ? (REASONS[detail]?.(t) ?? otherwise) : otherwise;
}
