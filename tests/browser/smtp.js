// A real mail server (smtp-server, from npm) that does as it is told: one JSON object a line on standard input, and one a
// line on standard output for what happens. `node smtp.js '{"port": 0}'` says {"listening": port} first.
//
//   {"refuse": {"stage": "connect" | "auth" | "mail" | "rcpt" | "data", "code": 450, "text": "later", "to": "jan@…"}}
//                           answers so until told otherwise; `to` limits it to one recipient
//   {"hold": "greeting" | "data"}  says nothing there until {"release": true}
//   {"cut": "mail" | "data"}       ends the line there, once, without an answer
//   {"perLine": n}          ends a line after so many letters, as servers do
//   {"obey": true}          takes everything again
//   {"stop": true}, {"start": true}   is away; is back on the same port
//
// It tells {"letter": {from, to, text, secure, user}} when it has taken one, {"line": n} for each line that is opened, and
// {"held": "data"} when somebody waits.

import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

import { SMTPServer } from 'smtp-server';

/** Starts a server; `told` is called with what happens. */
export async function mailServer({ port = 0, tls, user, told = () => {} } = {}) {
  let orders = {};
  let held = [];
  let lines = 0;
  let server;

  const refusal = (stage, to) => {
    const { refuse } = orders;
    if (refuse?.stage !== stage || (refuse.to && to !== undefined && refuse.to !== to)) return undefined;
    return Object.assign(new Error(refuse.text ?? 'no'), { responseCode: refuse.code });
  };
  const cut = (stage, session) => {
    if (orders.cut !== stage) return false;
    delete orders.cut;
    for (const connection of server.connections) if (connection.session.id === session.id) connection._socket.destroy();
    return true;
  };
  const wait = (stage, then) => {
    if (orders.hold !== stage) return then();
    held.push(then);
    told({ held: stage });
  };

  const options = {
    authOptional: !user,
    disabledCommands: user ? [] : ['AUTH'],
    hideSTARTTLS: !tls,
    secure: Boolean(tls?.fromTheStart),
    ...(tls && { key: tls.key, cert: tls.cert }),
    closeTimeout: 100,
    disableReverseLookup: true,
    onConnect(session, done) {
      lines += 1;
      told({ line: lines });
      wait('greeting', () => done(refusal('connect')));
    },
    onAuth(auth, session, done) {
      const no = refusal('auth');
      if (no) return done(no);
      if (auth.username !== user.name || auth.password !== user.password) return done(new Error('wrong'));
      done(null, { user: auth.username });
    },
    onMailFrom(address, session, done) {
      const full = session.transaction > (orders.perLine ?? Infinity);
      if (full) return done(Object.assign(new Error('enough'), { responseCode: 421 }));
      if (!cut('mail', session)) done(refusal('mail'));
    },
    onRcptTo(address, session, done) {
      done(refusal('rcpt', address.address));
    },
    onData(stream, session, done) {
      const chunks = [];
      stream.on('data', (chunk) => chunks.push(chunk));
      stream.on('end', () => {
        if (cut('data', session)) return;
        const to = session.envelope.rcptTo.map((one) => one.address);
        const no = refusal('data', to[0]);
        if (no) return done(no);
        const text = Buffer.concat(chunks).toString();
        told({ letter: { from: session.envelope.mailFrom.address, to, text, secure: session.secure, user: session.user } });
        wait('data', () => done());
      });
    },
  };

  const start = () =>
    new Promise((ready, failed) => {
      server = new SMTPServer(options);
      // a line that is cut is no fault here
      server.on('error', (error) => (server.server.listening ? undefined : failed(error)));
      server.listen(port, '127.0.0.1', () => {
        port = server.server.address().port;
        ready(port);
      });
    });
  const release = () => {
    delete orders.hold;
    const waiting = held;
    held = [];
    for (const then of waiting) then();
  };
  const stop = () => {
    for (const connection of server.connections) connection._socket?.destroy();
    return new Promise((stopped) => server.close(() => stopped()));
  };

  await start();
  return {
    get port() {
      return port;
    },
    async order(order) {
      if (order.stop) await stop();
      else if (order.start) await start();
      else if (order.release) release();
      else if (order.obey) {
        orders = {};
        release();
      } else orders = { ...orders, ...order };
    },
    stop,
  };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const told = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);
  const server = await mailServer({ ...JSON.parse(process.argv[2] ?? '{}'), told });
  told({ listening: server.port });
  const orders = createInterface({ input: process.stdin });
  for await (const line of orders) {
    await server.order(JSON.parse(line));
    told({ done: true });
  }
  // who started it has gone
  process.exit(0);
}
