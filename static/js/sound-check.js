// The sound check: the level of the microphone, a recording of five seconds to play back, a tone for each ear.
// No sound leaves the browser; the form holds one word about the microphone, which the visitor may send.
// Markup: <form data-sound-check> with the elements that are looked up below.

/** Seconds of listening before the first result. */
const MIN_LISTENING_SECONDS = 3;
const RECORDING_SECONDS = 5;
/** In dBFS: below the first only noise, below the second a faint voice, from the third on clipping. */
const [SILENT_BELOW, QUIET_BELOW, CLIPPING_FROM] = [-50, -35, -0.1];
/** Clipped samples from this count on are no accident. */
const MIN_CLIPPED = 5;
/** Milliseconds between two samples of the level. */
const INTERVAL = 50;

const form = document.querySelector('[data-sound-check]');
const find = (name) => form.querySelector(`[data-${name}]`);
const [listenButton, stopButton, microphones, level] = ['listen', 'stop-listening', 'microphones', 'level'].map(find);
const [recordButton, playButton, recordingStatus, outputDevice] = ['record', 'play', 'recording-status', 'output-device'].map(find);

let context;
let stream;
let levelTimer;
let recording;
let recorded;

const audioContext = () => {
  context ??= new AudioContext();
  context.resume();
  return context;
};

function showResult(name) {
  for (const result of find('microphone-result').children) result.hidden = result.dataset.result !== name;
}

/** Shows the result of the microphone and puts it into the form. */
function setMicrophoneResult(name) {
  showResult(name);
  form.elements.microphone.value = name;
  updateSendButton();
}

function updateSendButton() {
  const hasResult = form.elements.microphone.value || form.querySelector('[name=speakers]:checked');
  find('send-result').hidden = !hasResult;
  // only one primary button at a time
  listenButton.classList.toggle('secondary', Boolean(hasResult));
}

function stopListening() {
  clearInterval(levelTimer);
  stream?.getTracks().forEach((track) => track.stop());
  stream = undefined;
  level.value = level.min;
  const hadFocus = document.activeElement === stopButton;
  find('listening').hidden = true;
  find('recording').hidden = !recording;
  recordButton.hidden = true;
  stopButton.hidden = true;
  listenButton.hidden = false;
  if (hadFocus) listenButton.focus();
}

async function startListening(device) {
  clearInterval(levelTimer);
  stream?.getTracks().forEach((track) => track.stop());
  showResult('asking');
  try {
    // without the browser's processing, which would hide what is wrong
    const audio = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
    if (device) audio.deviceId = { exact: device };
    stream = await navigator.mediaDevices.getUserMedia({ audio });
  } catch (error) {
    stopListening();
    setMicrophoneResult({ NotFoundError: 'none', OverconstrainedError: 'none', NotReadableError: 'busy' }[error.name] ?? 'denied');
    return;
  }
  const [track] = stream.getAudioTracks();
  // unplugged while in use
  track.addEventListener('ended', () => {
    stopListening();
    setMicrophoneResult('none');
  });
  await showDevices(track);
  find('listening').hidden = false;
  find('recording').hidden = !window.MediaRecorder;
  recordButton.hidden = false;
  listenButton.hidden = true;
  stopButton.hidden = false;
  measureLevel();
}

/** Lists the devices, whose names browsers reveal only once one of them is allowed. */
async function showDevices(track) {
  const allDevices = await navigator.mediaDevices.enumerateDevices();
  const used = track.getSettings().deviceId;
  const inputs = allDevices.filter(({ kind }) => kind === 'audioinput');
  microphones.replaceChildren(...inputs.map(({ deviceId, label }) => new Option(label || track.label, deviceId, false, deviceId === used)));
  const outputs = allDevices.filter(({ kind, label }) => kind === 'audiooutput' && label);
  const defaultOutput = outputs.find(({ deviceId }) => deviceId === 'default') ?? outputs[0];
  outputDevice.textContent = defaultOutput ? outputDevice.dataset.outputDevice.replace('{}', defaultOutput.label) : '';
}

function measureLevel() {
  const analyser = audioContext().createAnalyser();
  analyser.fftSize = 4096;
  audioContext().createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  let [listenedSeconds, clipped, loudest] = [0, 0, -Infinity];
  showResult('listening');
  levelTimer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, one) => sum + one * one, 0) / samples.length;
    const peak = samples.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
    const loudness = decibels(Math.sqrt(power));
    level.value = Math.max(level.min, loudness);
    loudest = Math.max(loudest, loudness);
    clipped += decibels(peak) >= CLIPPING_FROM ? 1 : 0;
    listenedSeconds += INTERVAL / 1000;
    if (listenedSeconds < MIN_LISTENING_SECONDS) return;
    if (clipped >= MIN_CLIPPED) setMicrophoneResult('clipped');
    else if (loudest < SILENT_BELOW) setMicrophoneResult('silent');
    else if (loudest < QUIET_BELOW) setMicrophoneResult('quiet');
    else setMicrophoneResult('good');
  }, INTERVAL);
}

const decibels = (amplitude) => 20 * Math.log10(Math.max(amplitude, 1e-6));

async function startRecording() {
  if (!stream || recording?.state === 'recording') return;
  const chunks = [];
  const countdown = recordingStatus.dataset.secondsLeft.split('|');
  const recorder = new MediaRecorder(stream);
  recording = recorder;
  recorder.ondataavailable = ({ data }) => chunks.push(data);
  recordButton.disabled = true;
  playButton.hidden = true;
  const startedAt = performance.now();
  const tick = () => {
    const left = Math.max(0, Math.ceil(RECORDING_SECONDS - (performance.now() - startedAt) / 1000));
    recordingStatus.textContent = countdown[left];
    if (left === 0 && recorder.state === 'recording') recorder.stop();
  };
  recorder.onstop = async () => {
    clearInterval(counting);
    recordButton.disabled = false;
    try {
      const bytes = await new Blob(chunks, { type: recorder.mimeType }).arrayBuffer();
      recorded = await audioContext().decodeAudioData(bytes);
    } catch {
      recordingStatus.textContent = '';
      return;
    }
    recordingStatus.textContent = recordingStatus.dataset.ready;
    playButton.hidden = false;
  };
  recorder.start();
  tick();
  const counting = setInterval(tick, 200);
}

function playRecording() {
  const source = audioContext().createBufferSource();
  source.buffer = recorded;
  source.connect(audioContext().destination);
  recordingStatus.textContent = recordingStatus.dataset.playing;
  source.onended = () => (recordingStatus.textContent = recordingStatus.dataset.ready);
  source.start();
}

/** Plays a tone of one second, faded in and out, on one side. */
function playTone(side) {
  const [oscillator, gain, panner] = [audioContext().createOscillator(), audioContext().createGain(), audioContext().createStereoPanner()];
  const now = audioContext().currentTime;
  oscillator.frequency.value = side < 0 ? 440 : 660;
  panner.pan.value = side;
  gain.gain.setValueAtTime(0, now);
  gain.gain.linearRampToValueAtTime(0.25, now + 0.05);
  gain.gain.setValueAtTime(0.25, now + 0.95);
  gain.gain.linearRampToValueAtTime(0, now + 1);
  oscillator.connect(gain).connect(panner).connect(audioContext().destination);
  oscillator.start(now);
  oscillator.stop(now + 1);
}

document.querySelector('[data-without-script]').hidden = true;
document.querySelector('[data-with-script]').hidden = false;
form.hidden = false;
if (navigator.mediaDevices?.getUserMedia) {
  listenButton.addEventListener('click', () => startListening());
  microphones.addEventListener('change', () => startListening(microphones.value));
  stopButton.addEventListener('click', stopListening);
  recordButton.addEventListener('click', startRecording);
  playButton.addEventListener('click', playRecording);
} else {
  showResult('insecure');
  listenButton.disabled = true;
}
form.querySelectorAll('[data-tone]').forEach((button) => button.addEventListener('click', () => playTone(Number(button.dataset.tone))));
form.addEventListener('change', updateSendButton);
addEventListener('pagehide', stopListening);
