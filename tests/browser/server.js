// Starts a portal for a test file: a new database with the demo tickets, on a free port, removed afterwards.

import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = process.env.DZWONI_BIN ?? path.join(root, 'target/debug/dzwoni');

/** The demo's sign-in. */
export const DEMO = { email: 'demo@example.com', password: 'dzwoni na probe', name: 'Kamil Wrona' };

/**
 * Starts the portal and waits until it is ready; returns its `url`, and `stop`, which ends it and removes its data.
 * `settings` are environment variables, `mail` are messages delivered to its maildir once it is ready.
 */
export async function startPortal({ settings = {}, mail = [] } = {}) {
  const data = await mkdtemp(path.join(tmpdir(), 'dzwoni-browser-'));
  // started by root, PostgreSQL runs as another account: shut out, it would keep its data elsewhere, and leave it there
  await chmod(data, 0o755);
  // settings of the shell must not affect the tests
  const isInherited = ([name]) => name !== 'DATABASE_URL' && (!name.startsWith('DZWONI_') || name === 'DZWONI_BIN');
  const env = { ...Object.fromEntries(Object.entries(process.env).filter(isInherited)), ...settings };
  const maildir = path.join(data, 'mail');
  if (mail.length) {
    for (const part of ['tmp', 'new', 'cur']) await mkdir(path.join(maildir, part), { recursive: true });
    env.DZWONI_MAILDIR = maildir;
  }
  const portal = spawn(program, ['serve', '--demo', '--listen', '127.0.0.1:0', '--data', data], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  portal.stderr.on('data', (chunk) => (log += chunk));
  // also when the tests are aborted
  process.once('exit', () => portal.kill('SIGTERM'));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
  const ended = new Promise((resolve) => portal.once('close', (code) => resolve(code)));

  const stop = async () => {
    portal.kill('SIGTERM');
    const code = await ended;
    await rm(data, { recursive: true, force: true });
    if (code !== 0) throw new Error(`the portal ended with ${code}\n${log}`);
  };

  const url = await new Promise((resolve, reject) => {
    portal.once('error', reject);
    ended.then((code) => reject(new Error(`the portal ended with ${code} before it was ready\n${log}`)));
    createInterface({ input: portal.stdout }).on('line', (line) => {
      const address = /^The portal: +(http:\/\/[^/]+)/.exec(line);
      if (address) resolve(address[1]);
    });
  });
  const ready = await fetch(`${url}/readyz`);
  if (!ready.ok) {
    await stop();
    throw new Error(`/readyz answered ${ready.status}\n${log}`);
  }
  for (const [number, message] of mail.entries()) {
    await writeFile(path.join(maildir, 'tmp', `${number}`), message);
    await rename(path.join(maildir, 'tmp', `${number}`), path.join(maildir, 'new', `${number}`));
  }
  return { url, stop };
}
