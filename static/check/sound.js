// Sound: how loud a track is, and sounds of our own making.

// newMeter measures a track: level() is its loudness at this moment, 0 to 1. It ends with signal.
export function newMeter(track, signal) {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 2048;
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  context.resume().catch(() => {}); // it was closed meanwhile
  signal.addEventListener("abort", () => context.close());
  const samples = new Float32Array(analyser.fftSize);
  return {
    level() {
      analyser.getFloatTimeDomainData(samples);
      return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
    },
  };
}

// MELODY is what the loudspeaker plays: [Hz, seconds from the start].
const MELODY = [[523.25, 0], [659.25, 0.22], [783.99, 0.44], [1046.5, 0.66]];

// newMelody gives an element that carries the sound, so that its loudspeaker can be chosen,
// and play(), which plays the melody once. It ends with signal.
export function newMelody(signal) {
  const context = new AudioContext();
  const out = context.createMediaStreamDestination();
  const element = new Audio();
  element.srcObject = out.stream;
  signal.addEventListener("abort", () => {
    element.pause();
    element.srcObject = null;
    context.close();
  });
  return {
    element,
    async play() {
      await Promise.all([context.resume(), element.play()]);
      for (const [pitch, after] of MELODY) note(context, out, pitch, context.currentTime + 0.05 + after);
    },
  };
}

// note strikes a bell that fades away.
function note(context, out, pitch, at) {
  const bell = context.createOscillator();
  const loudness = context.createGain();
  bell.frequency.value = pitch;
  loudness.gain.setValueAtTime(0, at);
  loudness.gain.linearRampToValueAtTime(0.4, at + 0.02);
  loudness.gain.exponentialRampToValueAtTime(0.001, at + 0.6);
  bell.connect(loudness).connect(out);
  bell.start(at);
  bell.stop(at + 0.65);
}

// newHum is a track of quiet sound, for a call without a microphone. It ends with signal.
export function newHum(signal) {
  const context = new AudioContext();
  const out = context.createMediaStreamDestination();
  const hum = context.createOscillator();
  const loudness = context.createGain();
  loudness.gain.value = 0.1;
  hum.connect(loudness).connect(out);
  hum.start();
  context.resume().catch(() => {}); // it was closed meanwhile
  signal.addEventListener("abort", () => context.close());
  return out.stream.getAudioTracks()[0];
}
