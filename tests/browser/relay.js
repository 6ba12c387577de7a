// A UDP relay between the browser and the portal that drops and delays packets in each direction, from a seed.

import { createSocket } from 'node:dgram';

/** Within each block of packets exactly the given share is lost, so that a short test is not left to chance. */
const BLOCK = 50;
/** The size of a message, and of the headers around all messages of a datagram; two may share one on a lossy line. */
const [MESSAGE_SIZE, OVERHEAD] = [112, 40];

/** Reproducible random numbers from 0 to 1 (mulberry32). */
function seeded(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

class Direction {
  messages = 0;
  lost = 0;
  block = [];

  constructor({ loss = 0, delay = 0, jitter = 0 } = {}, seed) {
    Object.assign(this, { loss, delay, jitter, random: seeded(seed) });
  }

  /** The delay of a packet in milliseconds, or undefined if it is lost. */
  delayOf(datagram) {
    const isContent = datagram[0] === 23 || (datagram[0] >= 0x20 && datagram[0] < 0x40);
    const messages = isContent ? Math.max(0, Math.floor((datagram.length - OVERHEAD) / MESSAGE_SIZE)) : 0;
    // a lost handshake packet costs seconds, so none is dropped before the first message unless all are
    const isProtected = this.loss < 100 && this.messages === 0;
    const isLost = messages > 0 ? this.next() : !isProtected && this.random() * 100 < this.loss;
    this.messages += messages;
    if (isLost) this.lost += messages;
    return isLost ? undefined : Math.max(0, this.delay + this.jitter * (2 * this.random() - 1));
  }

  next() {
    if (this.block.length === 0) {
      this.block = Array.from({ length: BLOCK }, (_, at) => at < (BLOCK * this.loss) / 100);
      for (let at = BLOCK - 1; at > 0; at -= 1) {
        const other = Math.floor(this.random() * (at + 1));
        [this.block[at], this.block[other]] = [this.block[other], this.block[at]];
      }
    }
    return this.block.pop();
  }
}

async function bindSocket(address) {
  const socket = createSocket('udp4');
  await new Promise((done) => socket.bind(0, address, done));
  return socket;
}

/** A free port. */
export async function freePort(address = '127.0.0.1') {
  const socket = await bindSocket(address);
  const { port } = socket.address();
  await new Promise((done) => socket.close(done));
  return port;
}

/** Relays to `port` of this machine; `configure` sets loss, delay and jitter and resets the counters. */
export async function startRelay(port) {
  const outside = await bindSocket('127.0.0.1');
  let [up, down] = [new Direction({}, 1), new Direction({}, 2)];
  // one socket to the portal for each source port, as a NAT router would have
  const inside = new Map();
  outside.on('message', async (datagram, { port: from, address }) => {
    const delay = up.delayOf(datagram);
    if (!inside.has(from)) {
      inside.set(from, bindSocket('127.0.0.1'));
      (await inside.get(from)).on('message', (answer) => {
        const delay = down.delayOf(answer);
        if (delay !== undefined) setTimeout(() => outside.send(answer, from, address), delay);
      });
    }
    const socket = await inside.get(from);
    if (delay !== undefined) setTimeout(() => socket.send(datagram, port, '127.0.0.1'), delay);
  });
  return {
    address: `127.0.0.1:${outside.address().port}`,
    configure(conditions = {}, seed = 7) {
      [up, down] = [new Direction(conditions.up, seed), new Direction(conditions.down, seed + 1)];
    },
    /** The share of lost packets in percent. */
    get loss() {
      const share = ({ messages, lost }) => (100 * lost) / Math.max(messages, 1);
      return { up: share(up), down: share(down) };
    },
    async stop() {
      outside.close();
      for (const socket of inside.values()) (await socket).close();
    },
  };
}
