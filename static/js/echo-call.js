// An echo call: sends the microphone to the server as G.711, as a telephone call would, and plays what comes back.
// Markup: <section data-echo-call-url …> with [data-start-call], [data-hang-up], [data-echo-audio], [data-call-status] and
// [data-call-time-left].

const CALL_SECONDS = 20;
const CONNECT_TIMEOUT = 8_000;

const section = document.querySelector('[data-echo-call-url]');
const texts = section.dataset;
const timeLeftTexts = texts.secondsLeft.split('|');
const [startButton, hangUpButton] = ['[data-start-call]', '[data-hang-up]'].map((name) => section.querySelector(name));
const echoAudio = section.querySelector('[data-echo-audio]');
const status = section.querySelector('[data-call-status]');
const timeLeft = section.querySelector('[data-call-time-left]');

let call;
let client;

function endCall(text) {
  clearInterval(call?.timer);
  call?.connection?.close();
  call?.microphone?.getTracks().forEach((track) => track.stop());
  call = undefined;
  echoAudio.srcObject = null;
  status.textContent = text;
  timeLeft.textContent = '';
  const hadFocus = document.activeElement === hangUpButton;
  hangUpButton.hidden = true;
  startButton.hidden = false;
  if (hadFocus) startButton.focus();
}

async function startCall() {
  if (call) return;
  const thisCall = {};
  call = thisCall;
  status.textContent = texts.allow;
  startButton.hidden = true;
  hangUpButton.hidden = false;
  hangUpButton.focus();
  try {
    client ??= await import('./line-test-client.js').catch(() => {
      throw new Error('the script did not load');
    });
    thisCall.microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
    if (call !== thisCall) return thisCall.microphone.getTracks().forEach((track) => track.stop());
    status.textContent = texts.ringing;
    await connect(thisCall);
    if (call !== thisCall) return;
    status.textContent = texts.connected;
    countDown(thisCall);
  } catch (error) {
    if (call === thisCall) endCall(errorText(error));
  }
}

function errorText(error) {
  if (['NotFoundError', 'NotReadableError', 'OverconstrainedError'].includes(error.name)) return texts.noMicrophone;
  if (['NotAllowedError', 'SecurityError', 'TypeError'].includes(error.name)) return texts.denied;
  return (client && error instanceof client.RequestRefused && error.message) || texts.failed;
}

async function connect(thisCall) {
  const connection = new RTCPeerConnection();
  thisCall.connection = connection;
  connection.ontrack = ({ streams: [stream], track }) => {
    echoAudio.srcObject = stream ?? new MediaStream([track]);
    echoAudio.play().catch(() => {});
  };
  const [track] = thisCall.microphone.getAudioTracks();
  const sender = connection.addTransceiver(track, { direction: 'sendrecv', streams: [thisCall.microphone] });
  const { codecs } = RTCRtpReceiver.getCapabilities('audio');
  sender.setCodecPreferences?.(codecs.filter(({ mimeType }) => mimeType === 'audio/PCMU'));
  await connection.setLocalDescription();
  const { sdp } = await client.post(texts.echoCallUrl, { sdp: connection.localDescription.sdp });
  await connection.setRemoteDescription({ type: 'answer', sdp });
  const deadline = performance.now() + CONNECT_TIMEOUT;
  while (connection.connectionState !== 'connected') {
    if (call !== thisCall) return;
    if (performance.now() > deadline || connection.connectionState === 'failed') throw new client.RequestRefused('');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function countDown(thisCall) {
  const deadline = performance.now() + CALL_SECONDS * 1000;
  const tick = () => {
    const seconds = Math.ceil((deadline - performance.now()) / 1000);
    if (seconds <= 0 || thisCall.connection.connectionState === 'closed') endCall(texts.ended);
    else timeLeft.textContent = timeLeftTexts[Math.min(seconds, timeLeftTexts.length - 1)];
  };
  tick();
  thisCall.timer = setInterval(tick, 250);
}

startButton.addEventListener('click', startCall);
hangUpButton.addEventListener('click', () => endCall(texts.ended));
addEventListener('pagehide', () => call && endCall(''));
// browsers offer the microphone only over HTTPS, and some have no WebRTC
section.hidden = !(navigator.mediaDevices && window.RTCPeerConnection);
