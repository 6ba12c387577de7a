// The client of the line test: sends fifty small messages a second over a WebRTC data channel, as a call would, and
// records when each of them comes back. The server works out the result. Independent of the page.

const PROBE = 1;
const ECHO = 2;
/** Milliseconds; a network that lets UDP through does so well within this time. */
const CONNECT_TIMEOUT = 5_000;
/** Once ICE has connected, the DTLS handshake over a bad line may take this long. */
const HANDSHAKE_TIMEOUT = 12_000;
/** How long to wait for the last echoes. */
const LAST_ECHO_TIMEOUT = 1_000;
/** A timer that is this late means that the computer was suspended. */
const SUSPENDED_AFTER = 2_000;
/** The fallback over a WebSocket, where only delay can be measured. */
const WEBSOCKET_SECONDS = 5;
const WEBSOCKET_PACE = 20;

/** The visitor stopped the test. */
export class TestStopped extends Error {}
/** The server refused the request; `message` is its explanation, which may be empty. */
export class RequestRefused extends Error {}

export async function post(url, data) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(data),
  });
  const isJson = response.headers.get('content-type')?.startsWith('application/json');
  const body = isJson ? await response.json() : {};
  if (!response.ok) throw new RequestRefused(body.error ?? '');
  return body;
}

/**
 * Runs a test. `onPhase` is called with each phase (connecting, measuring, fallback, finishing) and its length in seconds,
 * `onSecond` after each second with its number, the 90th percentile of the round trip in milliseconds, and whether a
 * packet was lost.
 */
export async function run({ testsUrl, query, connection, onPhase, onSecond, signal }) {
  const line = new LineTestSession(signal);
  try {
    onPhase('connecting', 0);
    const session = await line.open(testsUrl);
    const isOpen = session.sdp !== null && (await line.connect(session.sdp));
    signal.throwIfAborted();
    if (isOpen) {
      onPhase('measuring', session.seconds);
      await line.measure(session, onSecond);
    } else {
      onPhase('fallback', WEBSOCKET_SECONDS);
      await line.measureByWebSocket(`${testsUrl}/${session.id}/echo`, session, onSecond);
    }
    signal.throwIfAborted();
    onPhase('finishing', 0);
    return await post(`${testsUrl}/${session.id}/result${query}`, { connection, report: line.report });
  } catch (error) {
    if (signal.aborted) throw new TestStopped();
    throw error;
  } finally {
    line.close();
  }
}

class LineTestSession {
  report = { sent: 0, echoes: [], web: [], webrtc: false, hidden: false, lag_ms: 0, lag_max_ms: 0, queued: 0 };

  constructor(signal) {
    this.signal = signal;
    this.lags = [];
    this.noteVisibility = () => (this.report.hidden ||= document.visibilityState === 'hidden');
  }

  /** Opens a test session; without WebRTC one in which only delay is measured. */
  async open(testsUrl) {
    let sdp = null;
    try {
      this.connection = new RTCPeerConnection();
      this.channel = this.connection.createDataChannel('probe', { ordered: false, maxRetransmits: 0 });
      this.channel.binaryType = 'arraybuffer';
      await this.connection.setLocalDescription();
      ({ sdp } = this.connection.localDescription);
      this.report.webrtc = true;
    } catch {
      // WebRTC is switched off or missing
      this.connection = undefined;
    }
    return post(testsUrl, { sdp });
  }

  /** Waits for the data channel; returns whether it opened. */
  async connect(sdp) {
    const { connection, channel } = this;
    await connection.setRemoteDescription({ type: 'answer', sdp });
    const isIceConnected = () => ['connected', 'completed'].includes(connection.iceConnectionState);
    const isOpen = () => channel.readyState === 'open';
    const hasFailed = () => ['failed', 'closed'].includes(connection.iceConnectionState);
    await this.waitFor(() => isIceConnected() || isOpen() || hasFailed(), CONNECT_TIMEOUT);
    if (isIceConnected()) await this.waitFor(() => isOpen() || hasFailed(), HANDSHAKE_TIMEOUT);
    return isOpen();
  }

  async waitFor(condition, timeout) {
    const deadline = performance.now() + timeout;
    while (!condition() && performance.now() < deadline && !this.signal.aborted) await sleep(25);
  }

  async measure({ seconds, pace, size }, onSecond) {
    const { channel, report } = this;
    const sent = [];
    channel.onmessage = ({ data }) => {
      const view = new DataView(data);
      if (data.byteLength !== size || view.getUint8(0) !== ECHO) return;
      const [number, sentAt] = [view.getUint32(4, true), view.getFloat64(8, true)];
      report.echoes.push([number, view.getUint32(24, true), sentAt, round(view.getFloat64(16, true)), now()]);
    };
    await this.keepPace(seconds * pace, 1000 / pace, (number) => {
      if (channel.readyState !== 'open') return;
      if (channel.bufferedAmount > 0) report.queued += 1;
      sent[number] = now();
      channel.send(probeMessage(size, number, sent[number]));
      report.sent = number + 1;
      if ((number + 1) % pace === 0) this.reportLater((number + 1) / pace - 1, pace, onSecond);
    });
    await this.waitFor(() => report.echoes.length >= report.sent, LAST_ECHO_TIMEOUT);
    for (let at = 0; at < Math.ceil(report.sent / pace); at += 1) this.reportSecond(at, pace, onSecond);
  }

  /** Reports a second once its echoes had time to come back. */
  reportLater(at, pace, onSecond) {
    setTimeout(() => this.reportSecond(at, pace, onSecond), 400);
  }

  reportSecond(at, pace, onSecond) {
    const times = this.report.echoes.filter(([number]) => Math.floor(number / pace) === at).map(([, , sentAt, , receivedAt]) => receivedAt - sentAt);
    const unique = new Set(this.report.echoes.filter(([number]) => Math.floor(number / pace) === at).map(([number]) => number));
    const sent = Math.min(this.report.sent - at * pace, pace);
    onSecond(at, percentile90(times), unique.size < sent);
  }

  async measureByWebSocket(path, { size }, onSecond) {
    const address = new URL(path, location.href);
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(address);
    this.socket = socket;
    socket.binaryType = 'arraybuffer';
    await this.waitFor(() => socket.readyState !== WebSocket.CONNECTING, CONNECT_TIMEOUT);
    if (socket.readyState !== WebSocket.OPEN) return;
    const { web } = this.report;
    socket.onmessage = ({ data }) => {
      if (data.byteLength === size) web.push([new DataView(data).getFloat64(8, true), now()]);
    };
    let sentCount = 0;
    await this.keepPace(WEBSOCKET_SECONDS * WEBSOCKET_PACE, 1000 / WEBSOCKET_PACE, (number) => {
      if (socket.readyState !== WebSocket.OPEN) return;
      socket.send(probeMessage(size, number, now()));
      sentCount = number + 1;
      if (sentCount % WEBSOCKET_PACE === 0) {
        const at = sentCount / WEBSOCKET_PACE - 1;
        const from = at * WEBSOCKET_PACE;
        setTimeout(() => onSecond(at, percentile90(web.slice(from, from + WEBSOCKET_PACE).map(([sentAt, receivedAt]) => receivedAt - sentAt)), false), 400);
      }
    });
    await this.waitFor(() => web.length >= sentCount, LAST_ECHO_TIMEOUT);
  }

  /** Calls `send` for each number when it is due, and records how late the timer was. */
  async keepPace(total, step, send) {
    document.addEventListener('visibilitychange', this.noteVisibility);
    this.noteVisibility();
    const startedAt = performance.now();
    for (let number = 0; number < total; number += 1) {
      const dueAt = startedAt + number * step;
      const wait = dueAt - performance.now();
      if (wait > 0) await sleep(wait);
      if (this.signal.aborted) break;
      const lag = Math.max(0, performance.now() - dueAt);
      this.lags.push(lag);
      send(number);
      if (lag > SUSPENDED_AFTER || this.report.hidden) break;
    }
    document.removeEventListener('visibilitychange', this.noteVisibility);
    this.lags.sort((a, b) => a - b);
    this.report.lag_ms = round(this.lags[Math.floor((this.lags.length - 1) * 0.95)] ?? 0);
    this.report.lag_max_ms = round(this.lags.at(-1) ?? 0);
  }

  close() {
    this.connection?.close();
    this.socket?.close();
    document.removeEventListener('visibilitychange', this.noteVisibility);
  }
}

function probeMessage(size, number, at) {
  const view = new DataView(new ArrayBuffer(size));
  view.setUint8(0, PROBE);
  view.setUint32(4, number, true);
  view.setFloat64(8, at, true);
  return view.buffer;
}

/** The 90th percentile; undefined for no times. */
function percentile90(times) {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.round((sorted.length - 1) * 0.9)];
}

const round = (ms) => Math.round(ms * 100) / 100;
const now = () => round(performance.now());
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
