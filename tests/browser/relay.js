// A bad line: a relay for UDP between the browser and the portal, which loses and delays packets each way, from a seed.

import { createSocket } from 'node:dgram';

/** Within so many packets exactly the share is lost: the figures of a short test need no luck. */
const BLOCK = 50;
/** What one message takes, and what is around them all; two may share a datagram on a line that loses much. */
const [MESSAGE, AROUND] = [112, 40];

/** Numbers from 0 to 1 that are the same each time (mulberry32). */
function seeded(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

class Way {
  messages = 0;
  lost = 0;
  block = [];

  constructor({ loss = 0, delay = 0, jitter = 0 } = {}, seed) {
    Object.assign(this, { loss, delay, jitter, random: seeded(seed) });
  }

  /** Nothing for a packet that is lost, or how many milliseconds it takes. */
  fate(datagram) {
    const isContent = datagram[0] === 23 || (datagram[0] >= 0x20 && datagram[0] < 0x40);
    const messages = isContent ? Math.max(0, Math.floor((datagram.length - AROUND) / MESSAGE)) : 0;
    // a handshake that has to be repeated takes seconds: below a wall it is spared until the first message
    const isSpared = this.loss < 100 && this.messages === 0;
    const isLost = messages > 0 ? this.next() : !isSpared && this.random() * 100 < this.loss;
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

async function bound(address) {
  const socket = createSocket('udp4');
  await new Promise((done) => socket.bind(0, address, done));
  return socket;
}

/** A port that is free now. */
export async function freePort(address = '127.0.0.1') {
  const socket = await bound(address);
  const { port } = socket.address();
  await new Promise((done) => socket.close(done));
  return port;
}

/** Stands before `port` of this machine; `become` gives the line new manners and forgets what was counted. */
export async function relay(port) {
  const outside = await bound('127.0.0.1');
  let [up, down] = [new Way({}, 1), new Way({}, 2)];
  // one way to the portal for each that comes, as a router would have
  const inside = new Map();
  outside.on('message', async (datagram, { port: from, address }) => {
    const after = up.fate(datagram);
    if (!inside.has(from)) {
      inside.set(from, bound('127.0.0.1'));
      (await inside.get(from)).on('message', (answer) => {
        const after = down.fate(answer);
        if (after !== undefined) setTimeout(() => outside.send(answer, from, address), after);
      });
    }
    const socket = await inside.get(from);
    if (after !== undefined) setTimeout(() => socket.send(datagram, port, '127.0.0.1'), after);
  });
  return {
    address: `127.0.0.1:${outside.address().port}`,
    become(ways = {}, seed = 7) {
      [up, down] = [new Way(ways.up, seed), new Way(ways.down, seed + 1)];
    },
    /** What was lost of what came, in percent. */
    get counted() {
      const share = ({ messages, lost }) => (100 * lost) / Math.max(messages, 1);
      return { up: share(up), down: share(down) };
    },
    async stop() {
      outside.close();
      for (const socket of inside.values()) (await socket).close();
    },
  };
}
