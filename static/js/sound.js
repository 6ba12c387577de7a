// The sound check: a microphone's level while somebody speaks, five seconds to record and to hear, a tone for each ear.
// Nothing of it leaves the browser; the form has one word about the microphone, and the visitor decides whether to send it.
// <form data-sound> with the parts that are looked up below.

/** Seconds of speaking before anything is said about the microphone. */
const ENOUGH = 3;
const RECORDING = 5;
/** In dBFS: nothing but noise; hardly a voice; the end of the scale. */
const [SILENT, QUIET, FULL] = [-50, -35, -0.1];
/** So many moments at the end of the scale are no accident. */
const CLIPPED = 5;
const STEP = 50;

const form = document.querySelector('[data-sound]');
const find = (name) => form.querySelector(`[data-${name}]`);
const [listen, enough, devices, level] = ['listen', 'enough', 'devices', 'level'].map(find);
const [record, play, recorder, output] = ['record', 'play', 'recorder', 'output'].map(find);

let context;
let voice;
let ticking;
let recording;
let playing;

const sound = () => {
  context ??= new AudioContext();
  context.resume();
  return context;
};

function say(name) {
  for (const one of find('found').children) one.hidden = one.dataset.is !== name;
}

/** What is known of the microphone, for the form. */
function found(name) {
  say(name);
  form.elements.microphone.value = name;
  offer();
}

function offer() {
  const hasFound = form.elements.microphone.value || form.querySelector('[name=speakers]:checked');
  find('send').hidden = !hasFound;
  // one button is the first choice
  listen.classList.toggle('quiet', Boolean(hasFound));
}

function stop() {
  clearInterval(ticking);
  voice?.getTracks().forEach((track) => track.stop());
  voice = undefined;
  level.value = level.min;
  const hadFocus = document.activeElement === enough;
  find('listening').hidden = true;
  find('recording').hidden = !recording;
  record.hidden = true;
  enough.hidden = true;
  listen.hidden = false;
  if (hadFocus) listen.focus();
}

async function start(device) {
  clearInterval(ticking);
  voice?.getTracks().forEach((track) => track.stop());
  say('asking');
  try {
    // as the microphone is: what the browser would do to it in a call hides what is wrong with it
    const audio = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
    if (device) audio.deviceId = { exact: device };
    voice = await navigator.mediaDevices.getUserMedia({ audio });
  } catch (error) {
    stop();
    found({ NotFoundError: 'none', OverconstrainedError: 'none', NotReadableError: 'busy' }[error.name] ?? 'denied');
    return;
  }
  const [track] = voice.getAudioTracks();
  // pulled out while it was on
  track.addEventListener('ended', () => {
    stop();
    found('none');
  });
  await name(track);
  find('listening').hidden = false;
  find('recording').hidden = !window.MediaRecorder;
  record.hidden = false;
  listen.hidden = true;
  enough.hidden = false;
  watch();
}

/** The names of the devices, which browsers tell only once one of them is allowed. */
async function name(track) {
  const all = await navigator.mediaDevices.enumerateDevices();
  const used = track.getSettings().deviceId;
  const inputs = all.filter(({ kind }) => kind === 'audioinput');
  devices.replaceChildren(...inputs.map(({ deviceId, label }) => new Option(label || track.label, deviceId, false, deviceId === used)));
  const outputs = all.filter(({ kind, label }) => kind === 'audiooutput' && label);
  const usual = outputs.find(({ deviceId }) => deviceId === 'default') ?? outputs[0];
  output.textContent = usual ? output.dataset.output.replace('{}', usual.label) : '';
}

function watch() {
  const analyser = sound().createAnalyser();
  analyser.fftSize = 4096;
  sound().createMediaStreamSource(voice).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  let [spoken, clipped, loudest] = [0, 0, -Infinity];
  say('listening');
  ticking = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, one) => sum + one * one, 0) / samples.length;
    const peak = samples.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
    const loudness = decibels(Math.sqrt(power));
    level.value = Math.max(level.min, loudness);
    loudest = Math.max(loudest, loudness);
    clipped += decibels(peak) >= FULL ? 1 : 0;
    spoken += STEP / 1000;
    if (spoken < ENOUGH) return;
    if (clipped >= CLIPPED) found('clipped');
    else if (loudest < SILENT) found('silent');
    else if (loudest < QUIET) found('quiet');
    else found('good');
  }, STEP);
}

const decibels = (amplitude) => 20 * Math.log10(Math.max(amplitude, 1e-6));

async function take() {
  if (!voice || recording?.state === 'recording') return;
  const parts = [];
  const words = recorder.dataset.left.split('|');
  const mine = new MediaRecorder(voice);
  recording = mine;
  mine.ondataavailable = ({ data }) => parts.push(data);
  record.disabled = true;
  play.hidden = true;
  const begun = performance.now();
  const tick = () => {
    const left = Math.max(0, Math.ceil(RECORDING - (performance.now() - begun) / 1000));
    recorder.textContent = words[left];
    if (left === 0 && mine.state === 'recording') mine.stop();
  };
  mine.onstop = async () => {
    clearInterval(counting);
    record.disabled = false;
    try {
      const bytes = await new Blob(parts, { type: mine.mimeType }).arrayBuffer();
      playing = await sound().decodeAudioData(bytes);
    } catch {
      recorder.textContent = '';
      return;
    }
    recorder.textContent = recorder.dataset.ready;
    play.hidden = false;
  };
  mine.start();
  tick();
  const counting = setInterval(tick, 200);
}

function hear() {
  const source = sound().createBufferSource();
  source.buffer = playing;
  source.connect(sound().destination);
  recorder.textContent = recorder.dataset.playing;
  source.onended = () => (recorder.textContent = recorder.dataset.ready);
  source.start();
}

/** A tone of one second, soft at both ends, on one side. */
function tone(side) {
  const [oscillator, gain, panner] = [sound().createOscillator(), sound().createGain(), sound().createStereoPanner()];
  const now = sound().currentTime;
  oscillator.frequency.value = side < 0 ? 440 : 660;
  panner.pan.value = side;
  gain.gain.setValueAtTime(0, now);
  gain.gain.linearRampToValueAtTime(0.25, now + 0.05);
  gain.gain.setValueAtTime(0.25, now + 0.95);
  gain.gain.linearRampToValueAtTime(0, now + 1);
  oscillator.connect(gain).connect(panner).connect(sound().destination);
  oscillator.start(now);
  oscillator.stop(now + 1);
}

document.querySelector('[data-without-script]').hidden = true;
document.querySelector('[data-with-script]').hidden = false;
form.hidden = false;
if (navigator.mediaDevices?.getUserMedia) {
  listen.addEventListener('click', () => start());
  devices.addEventListener('change', () => start(devices.value));
  enough.addEventListener('click', stop);
  record.addEventListener('click', take);
  play.addEventListener('click', hear);
} else {
  say('insecure');
  listen.disabled = true;
}
form.querySelectorAll('[data-tone]').forEach((button) => button.addEventListener('click', () => tone(Number(button.dataset.tone))));
form.addEventListener('change', offer);
addEventListener('pagehide', stop);
