/** The level of a stream's sound, for a `<meter>` in dBFS. */
const EACH = 100;
const QUIETEST = -60;

/** Returns how to stop. */
export function showLevel(stream: MediaStream, meter: HTMLMeterElement): () => void {
  if (stream.getAudioTracks().length === 0) return () => undefined;
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    meter.value = decibels(samples);
  }, EACH);
  return () => {
    clearInterval(timer);
    meter.value = QUIETEST;
    void context.close();
  };
}

/** Root mean square of the samples, dBFS, not below the meter's end. */
export function decibels(samples: Float32Array): number {
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
  return power > 0 ? Math.max(QUIETEST, 10 * Math.log10(power)) : QUIETEST;
}
