// A real mail server (smtp-server, from npm) that is controlled by JSON lines on standard input and reports events as JSON
// lines on standard output. `node smtp.js '{"port": 0}'` first prints {"listening": port}.
//
//   {"refuse": {"stage": "connect" | "auth" | "mail" | "rcpt" | "data", "code": 450, "text": "later", "to": "jan@…"}}
//                           refuses at that stage until reset; `to` limits it to one recipient
//   {"hold": "greeting" | "data"}  does not answer at that stage until {"release": true}
//   {"disconnect": "mail" | "data"}  closes the connection at that stage, once, without an answer
//   {"maxPerConnection": n}  closes a connection after n messages, as servers do
//   {"reset": true}         accepts everything again
//   {"stop": true}, {"start": true}   stops; starts again on the same port
//
// Events: {"message": {from, to, text, secure, user}} for each accepted message, {"connection": n} for each connection, and
// {"held": "data"} while a client is held.

import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

import { SMTPServer } from 'smtp-server';

/** Starts a server; `onEvent` is called with each event. */
export async function startMailServer({ port = 0, tls, user, onEvent = () => {} } = {}) {
  let orders = {};
  let held = [];
  let connections = 0;
  let server;

  const refusal = (stage, to) => {
    const { refuse } = orders;
    if (refuse?.stage !== stage || (refuse.to && to !== undefined && refuse.to !== to)) return undefined;
    return Object.assign(new Error(refuse.text ?? 'no'), { responseCode: refuse.code });
  };
  const disconnect = (stage, session) => {
    if (orders.disconnect !== stage) return false;
    delete orders.disconnect;
    for (const connection of server.connections) if (connection.session.id === session.id) connection._socket.destroy();
    return true;
  };
  const wait = (stage, then) => {
    if (orders.hold !== stage) return then();
    held.push(then);
    onEvent({ held: stage });
  };

  const options = {
    authOptional: !user,
    disabledCommands: user ? [] : ['AUTH'],
    hideSTARTTLS: !tls,
    secure: Boolean(tls?.implicit),
    ...(tls && { key: tls.key, cert: tls.cert }),
    closeTimeout: 100,
    disableReverseLookup: true,
    onConnect(session, done) {
      connections += 1;
      onEvent({ connection: connections });
      wait('greeting', () => done(refusal('connect')));
    },
    onAuth(auth, session, done) {
      const error = refusal('auth');
      if (error) return done(error);
      if (auth.username !== user.name || auth.password !== user.password) return done(new Error('wrong'));
      done(null, { user: auth.username });
    },
    onMailFrom(address, session, done) {
      const isFull = session.transaction > (orders.maxPerConnection ?? Infinity);
      if (isFull) return done(Object.assign(new Error('enough'), { responseCode: 421 }));
      if (!disconnect('mail', session)) done(refusal('mail'));
    },
    onRcptTo(address, session, done) {
      done(refusal('rcpt', address.address));
    },
    onData(stream, session, done) {
      const chunks = [];
      stream.on('data', (chunk) => chunks.push(chunk));
      stream.on('end', () => {
        if (disconnect('data', session)) return;
        const to = session.envelope.rcptTo.map((one) => one.address);
        const error = refusal('data', to[0]);
        if (error) return done(error);
        const text = Buffer.concat(chunks).toString();
        onEvent({ message: { from: session.envelope.mailFrom.address, to, text, secure: session.secure, user: session.user } });
        wait('data', () => done());
      });
    },
  };

  const start = () =>
    new Promise((ready, failed) => {
      server = new SMTPServer(options);
      // a connection that was closed on purpose is no error
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
      else if (order.reset) {
        orders = {};
        release();
      } else orders = { ...orders, ...order };
    },
    stop,
  };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const onEvent = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);
  const server = await startMailServer({ ...JSON.parse(process.argv[2] ?? '{}'), onEvent });
  onEvent({ listening: server.port });
  const orders = createInterface({ input: process.stdin });
  for await (const line of orders) {
    await server.order(JSON.parse(line));
    onEvent({ done: true });
  }
  // standard input is closed
  process.exit(0);
}
