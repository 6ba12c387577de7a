// An echo call: the microphone goes out as G.711, as in a telephone call, and comes back after a moment.
// <section data-call="address" …> with [data-ring], [data-hang-up], [data-heard] and two places for words.

import { post, Refused } from './probe.js';

const SECONDS = 20;
const DOOR = 8_000;

const section = document.querySelector('[data-call]');
const words = section.dataset;
const left = words.left.split('|');
const [ring, hangUp] = ['[data-ring]', '[data-hang-up]'].map((name) => section.querySelector(name));
const heard = section.querySelector('[data-heard]');
const state = section.querySelector('[data-state-of-call]');
const remaining = section.querySelector('[data-left-of-call]');

let call;

function over(text) {
  clearInterval(call?.ticking);
  call?.connection?.close();
  call?.voice?.getTracks().forEach((track) => track.stop());
  call = undefined;
  heard.srcObject = null;
  state.textContent = text;
  remaining.textContent = '';
  const hadFocus = document.activeElement === hangUp;
  hangUp.hidden = true;
  ring.hidden = false;
  if (hadFocus) ring.focus();
}

async function begin() {
  if (call) return;
  const mine = {};
  call = mine;
  state.textContent = words.allow;
  ring.hidden = true;
  hangUp.hidden = false;
  hangUp.focus();
  try {
    mine.voice = await navigator.mediaDevices.getUserMedia({ audio: true });
    if (call !== mine) return mine.voice.getTracks().forEach((track) => track.stop());
    state.textContent = words.ringing;
    await connect(mine);
    if (call !== mine) return;
    state.textContent = words.talk;
    countDown(mine);
  } catch (error) {
    if (call === mine) over(explained(error));
  }
}

function explained(error) {
  if (['NotFoundError', 'NotReadableError', 'OverconstrainedError'].includes(error.name)) return words.none;
  if (['NotAllowedError', 'SecurityError', 'TypeError'].includes(error.name)) return words.denied;
  return (error instanceof Refused && error.message) || words.failed;
}

async function connect(mine) {
  const connection = new RTCPeerConnection();
  mine.connection = connection;
  connection.ontrack = ({ streams: [stream], track }) => {
    heard.srcObject = stream ?? new MediaStream([track]);
    heard.play().catch(() => {});
  };
  const [track] = mine.voice.getAudioTracks();
  const sender = connection.addTransceiver(track, { direction: 'sendrecv', streams: [mine.voice] });
  const { codecs } = RTCRtpReceiver.getCapabilities('audio');
  sender.setCodecPreferences?.(codecs.filter(({ mimeType }) => mimeType === 'audio/PCMU'));
  await connection.setLocalDescription();
  const { sdp } = await post(words.call, { sdp: connection.localDescription.sdp });
  await connection.setRemoteDescription({ type: 'answer', sdp });
  const end = performance.now() + DOOR;
  while (connection.connectionState !== 'connected') {
    if (call !== mine) return;
    if (performance.now() > end || connection.connectionState === 'failed') throw new Refused('');
    await new Promise((done) => setTimeout(done, 50));
  }
}

function countDown(mine) {
  const end = performance.now() + SECONDS * 1000;
  const tick = () => {
    const seconds = Math.ceil((end - performance.now()) / 1000);
    if (seconds <= 0 || mine.connection.connectionState === 'closed') over(words.over);
    else remaining.textContent = left[Math.min(seconds, left.length - 1)];
  };
  tick();
  mine.ticking = setInterval(tick, 250);
}

ring.addEventListener('click', begin);
hangUp.addEventListener('click', () => over(words.over));
addEventListener('pagehide', () => call && over(''));
// the microphone is there only where the page came safely, and where the browser has WebRTC
section.hidden = !(navigator.mediaDevices && window.RTCPeerConnection);
