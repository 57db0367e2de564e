import assert from 'node:assert/strict';
import { createPublicKey, verify, X509Certificate } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FailureError } from '../../../src/contract/failure.ts';
import { loadIdentity } from '../../../src/engine/identity/identity.ts';
import { patientRename } from '../../../src/engine/io/patientRename.ts';
import { fingerprintDigits, isSignedBy, parsePublicKey } from '../../../src/wire/signedRecord.ts';
import { heldFor } from '../../support/badDisks.ts';

/** Windows has no modes; there the user's profile folder is what keeps others out. */
const onPosix = process.platform === 'win32' ? () => {} : it;

describe('identity', () => {
  let parent: string;
  let folder: string;
  let file: string;

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'hamta-identity-'));
    folder = join(parent, 'engine');
    file = join(folder, 'identity.pem');
  });
  afterEach(() => rm(parent, { recursive: true }));

  const isUnusable = (error: unknown) =>
    error instanceof FailureError &&
    error.failure.code === 'identityUnusable' &&
    error.failure.details.path === file;

  it('is made at the first start and is the same ever after', async () => {
    const first = await loadIdentity(folder);
    const again = await loadIdentity(folder);
    assert.match(first.fingerprint, /^[0-9a-f]{64}$/);
    assert.equal(again.fingerprint, first.fingerprint);
    assert.equal(again.keyPem, first.keyPem);
    assert.equal(again.certPem, first.certPem);
  });

  it('is made on Windows, too, while a virus scanner looks at it', async () => {
    using _ = heldFor(2, /identity\.pem\.tmp$/);
    const onWindows = { platform: 'win32', pause: async () => undefined } as const;
    const made = await loadIdentity(folder, (from, to) => patientRename(from, to, onWindows));
    assert.equal((await loadIdentity(folder)).fingerprint, made.fingerprint);
  });

  it('is another one in another folder', async () => {
    const mine = await loadIdentity(folder);
    const theirs = await loadIdentity(join(parent, 'other'));
    assert.notEqual(mine.fingerprint, theirs.fingerprint);
  });

  it('has the SHA-256 of its public key as fingerprint, in the certificate, too', async () => {
    const { fingerprint, publicKey, certPem } = await loadIdentity(folder);
    const inCertificate = new X509Certificate(certPem).publicKey.export({ format: 'der', type: 'spki' });
    assert.equal(fingerprint, fingerprintDigits(inCertificate));
    assert.equal(publicKey, inCertificate.toString('base64'));
  });

  it('signs so that whoever has the public key can tell', async () => {
    const identity = await loadIdentity(folder);
    const said = Buffer.from('سلام');
    const key = parsePublicKey(identity.publicKey);
    assert.ok(key);
    assert.ok(isSignedBy(key.key, said, identity.sign(said)));
    assert.ok(!isSignedBy(key.key, Buffer.from('other'), identity.sign(said)));
    assert.equal(Buffer.from(identity.sign(said), 'base64').length, 64);
  });

  it('has a certificate signed by its own key, valid for longer than any pin, that says nothing of its owner', async () => {
    const certificate = new X509Certificate((await loadIdentity(folder)).certPem);
    assert.ok(certificate.verify(certificate.publicKey));
    assert.equal(certificate.subject, 'CN=hamta');
    assert.equal(new Date(certificate.validTo).getUTCFullYear(), 9999);
    assert.equal(new Date(certificate.validFrom).getUTCFullYear(), 2020);
  });

  it('has a key that is the private half', async () => {
    const { keyPem, publicKey } = await loadIdentity(folder);
    const derived = createPublicKey(keyPem);
    assert.equal(derived.export({ format: 'der', type: 'spki' }).toString('base64'), publicKey);
  });

  onPosix('leaves one private file and nothing else', async () => {
    await loadIdentity(folder);
    assert.deepEqual(await readdir(folder), ['identity.pem']);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    assert.equal((await stat(folder)).mode & 0o777, 0o700);
  });

  onPosix('stays private even where an unfinished file that others can read was left behind', async () => {
    await mkdir(folder);
    await writeFile(`${file}.tmp`, '', { mode: 0o644 });
    await loadIdentity(folder);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
  });

  it('is made anew after a crash that left only the unfinished file', async () => {
    await loadIdentity(folder);
    const whole = await readFile(file, 'utf8');
    await rm(file);
    await writeFile(`${file}.tmp`, whole.slice(0, 100));
    await loadIdentity(folder);
    assert.deepEqual(await readdir(folder), ['identity.pem']);
  });

  for (const [what, spoil] of Object.entries<(text: string) => string>({
    'an empty file': () => '',
    'half of a file': (text) => text.slice(0, text.length / 2),
    'a file without its key': (text) => text.slice(text.indexOf('-----BEGIN CERTIFICATE')),
    'a file with flipped letters': (text) => text.replace(/MIG/, 'MIH'),
    'a text': () => 'hello',
  })) {
    it(`is not replaced for ${what}: that is said, and the file is left as it is`, async () => {
      await loadIdentity(folder);
      const spoilt = spoil(await readFile(file, 'utf8'));
      await writeFile(file, spoilt);
      await assert.rejects(loadIdentity(folder), isUnusable);
      assert.equal(await readFile(file, 'utf8'), spoilt);
    });
  }

  onPosix('is not replaced where its file is out of reach', async () => {
    await mkdir(folder);
    await symlink(file, file);
    await assert.rejects(loadIdentity(folder), isUnusable);
    assert.equal(await readlink(file), file);
  });

  it("is refused when its certificate is somebody else's", async () => {
    const mine = await loadIdentity(folder);
    const theirs = await loadIdentity(join(parent, 'other'));
    await writeFile(file, mine.keyPem + theirs.certPem);
    await assert.rejects(loadIdentity(folder), isUnusable);
  });

  it('says so when the folder cannot be made', async () => {
    await writeFile(folder, 'a file stands in the way');
    await assert.rejects(loadIdentity(folder), isUnusable);
  });
});

describe('a signature', () => {
  it('is plain ECDSA that others can check without our code', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hamta-identity-'));
    const identity = await loadIdentity(folder);
    const key = createPublicKey(identity.certPem);
    const signature = Buffer.from(identity.sign(Buffer.from('x')), 'base64');
    assert.ok(verify('sha256', Buffer.from('x'), { key, dsaEncoding: 'ieee-p1363' }, signature));
    await rm(folder, { recursive: true });
  });
});
