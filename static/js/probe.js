// Measures the line: fifty small messages a second over a WebRTC data channel, as a call would send them, each of which
// comes back. What arrived, and when, is written down; what it means is worked out by the server.
// Knows nothing of the page.

const PROBE = 1;
const ECHO = 2;
/** A network that lets UDP through does so well within this time. */
const DOOR = 5_000;
/** Behind an open door a handshake over a bad line may take this long. */
const HANDSHAKE = 12_000;
/** How long the last echoes may take. */
const TAIL = 1_000;
/** A timer that is so late was asleep. */
const ASLEEP = 2_000;
/** Over the WebSocket, where only delay can be measured. */
const WEB_SECONDS = 5;
const WEB_PACE = 20;

/** The visitor ended it. */
export class Stopped extends Error {}
/** The server has a sentence about what went wrong. */
export class Refused extends Error {}

export async function post(address, body) {
  const answer = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const isOurs = answer.headers.get('content-type')?.startsWith('application/json');
  const said = isOurs ? await answer.json() : {};
  if (!answer.ok) throw new Refused(said.error ?? '');
  return said;
}

/**
 * Runs a test. `tell` hears of its phases (connecting, measuring, fallback, finishing), `second` of each second that is
 * over: its number, how long the slowest tenth took there and back, and whether something got lost.
 */
export async function run({ tests, query, connection, tell, second, signal }) {
  const line = new Line(signal);
  try {
    tell('connecting', 0);
    const place = await line.begin(tests);
    const isOpen = place.sdp !== null && (await line.open(place.sdp));
    signal.throwIfAborted();
    if (isOpen) {
      tell('measuring', place.seconds);
      await line.measure(place, second);
    } else {
      tell('fallback', WEB_SECONDS);
      await line.measureWeb(`${tests}/${place.id}/echo`, place, second);
    }
    signal.throwIfAborted();
    tell('finishing', 0);
    return await post(`${tests}/${place.id}/result${query}`, { connection, heard: line.heard });
  } catch (error) {
    if (signal.aborted) throw new Stopped();
    throw error;
  } finally {
    line.close();
  }
}

class Line {
  heard = { sent: 0, echoes: [], web: [], webrtc: false, hidden: false, lag_ms: 0, lag_max_ms: 0, queued: 0 };

  constructor(signal) {
    this.signal = signal;
    this.lags = [];
    this.watch = () => (this.heard.hidden ||= document.visibilityState === 'hidden');
  }

  /** Asks for a place; without WebRTC one where only delay is measured. */
  async begin(tests) {
    let sdp = null;
    try {
      this.connection = new RTCPeerConnection();
      this.channel = this.connection.createDataChannel('probe', { ordered: false, maxRetransmits: 0 });
      this.channel.binaryType = 'arraybuffer';
      await this.connection.setLocalDescription();
      ({ sdp } = this.connection.localDescription);
      this.heard.webrtc = true;
    } catch {
      // switched off, or never there
      this.connection = undefined;
    }
    return post(tests, { sdp });
  }

  /** Waits until messages get through; says whether they do. */
  async open(sdp) {
    const { connection, channel } = this;
    await connection.setRemoteDescription({ type: 'answer', sdp });
    const isThrough = () => ['connected', 'completed'].includes(connection.iceConnectionState);
    const isOpen = () => channel.readyState === 'open';
    const isOver = () => ['failed', 'closed'].includes(connection.iceConnectionState);
    await this.until(() => isThrough() || isOpen() || isOver(), DOOR);
    if (isThrough()) await this.until(() => isOpen() || isOver(), HANDSHAKE);
    return isOpen();
  }

  async until(isSo, patience) {
    const end = performance.now() + patience;
    while (!isSo() && performance.now() < end && !this.signal.aborted) await pause(25);
  }

  async measure({ seconds, pace, size }, second) {
    const { channel, heard } = this;
    const sent = [];
    channel.onmessage = ({ data }) => {
      const view = new DataView(data);
      if (data.byteLength !== size || view.getUint8(0) !== ECHO) return;
      const [number, at] = [view.getUint32(4, true), view.getFloat64(8, true)];
      heard.echoes.push([number, view.getUint32(24, true), at, round(view.getFloat64(16, true)), now()]);
    };
    await this.keepPace(seconds * pace, 1000 / pace, (number) => {
      if (channel.readyState !== 'open') return;
      if (channel.bufferedAmount > 0) heard.queued += 1;
      sent[number] = now();
      channel.send(message(size, number, sent[number]));
      heard.sent = number + 1;
      if ((number + 1) % pace === 0) this.later((number + 1) / pace - 1, pace, second);
    });
    await this.until(() => heard.echoes.length >= heard.sent, TAIL);
    for (let at = 0; at < Math.ceil(heard.sent / pace); at += 1) this.report(at, pace, second);
  }

  /** Tells of a second once its echoes had time to come back. */
  later(at, pace, second) {
    setTimeout(() => this.report(at, pace, second), 400);
  }

  report(at, pace, second) {
    const times = this.heard.echoes.filter(([number]) => Math.floor(number / pace) === at).map(([, , out, , back]) => back - out);
    const unique = new Set(this.heard.echoes.filter(([number]) => Math.floor(number / pace) === at).map(([number]) => number));
    const sent = Math.min(this.heard.sent - at * pace, pace);
    second(at, slowest(times), unique.size < sent);
  }

  async measureWeb(path, { size }, second) {
    const address = new URL(path, location.href);
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(address);
    this.socket = socket;
    socket.binaryType = 'arraybuffer';
    await this.until(() => socket.readyState !== WebSocket.CONNECTING, DOOR);
    if (socket.readyState !== WebSocket.OPEN) return;
    const { web } = this.heard;
    socket.onmessage = ({ data }) => {
      if (data.byteLength === size) web.push([new DataView(data).getFloat64(8, true), now()]);
    };
    let count = 0;
    await this.keepPace(WEB_SECONDS * WEB_PACE, 1000 / WEB_PACE, (number) => {
      if (socket.readyState !== WebSocket.OPEN) return;
      socket.send(message(size, number, now()));
      count = number + 1;
      if (count % WEB_PACE === 0) {
        const at = count / WEB_PACE - 1;
        const from = at * WEB_PACE;
        setTimeout(() => second(at, slowest(web.slice(from, from + WEB_PACE).map(([out, back]) => back - out)), false), 400);
      }
    });
    await this.until(() => web.length >= count, TAIL);
  }

  /** Calls `send` for each number at its time, and writes down how late the timer was. */
  async keepPace(count, step, send) {
    document.addEventListener('visibilitychange', this.watch);
    this.watch();
    const begun = performance.now();
    for (let number = 0; number < count; number += 1) {
      const due = begun + number * step;
      const early = due - performance.now();
      if (early > 0) await pause(early);
      if (this.signal.aborted) break;
      const lag = Math.max(0, performance.now() - due);
      this.lags.push(lag);
      send(number);
      if (lag > ASLEEP || this.heard.hidden) break;
    }
    document.removeEventListener('visibilitychange', this.watch);
    this.lags.sort((a, b) => a - b);
    this.heard.lag_ms = round(this.lags[Math.floor((this.lags.length - 1) * 0.95)] ?? 0);
    this.heard.lag_max_ms = round(this.lags.at(-1) ?? 0);
  }

  close() {
    this.connection?.close();
    this.socket?.close();
    document.removeEventListener('visibilitychange', this.watch);
  }
}

function message(size, number, at) {
  const view = new DataView(new ArrayBuffer(size));
  view.setUint8(0, PROBE);
  view.setUint32(4, number, true);
  view.setFloat64(8, at, true);
  return view.buffer;
}

/** The time that nine of ten stay under; nothing of nothing. */
function slowest(times) {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.round((sorted.length - 1) * 0.9)];
}

const round = (ms) => Math.round(ms * 100) / 100;
const now = () => round(performance.now());
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
