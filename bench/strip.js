// Reads the clock strip (src/amphitheatre/camera/clock_strip.py) from each picture that a page's own <video> shows.
// window.readings: [performance.now(), milliseconds of delay]; window.presented: performance.now() of every picture.
(() => {
  const ROWS = 4, COLUMNS = 12, BLOCK = 16, MARGIN = 16, UNITS = 720;
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const followed = new WeakSet();
  window.readings = []; window.presented = []; window.moments = {};

  const crc = (bits) => {
    let value = 0x3f;
    for (const bit of bits) {
      const feedback = (value >> 5) ^ bit;
      value = (value << 1) & 0x3f;
      if (feedback & 1) value ^= 0x03;
    }
    return value;
  };

  const read = (video) => {
    const unit = video.videoHeight / UNITS;
    const width = Math.ceil((MARGIN + COLUMNS * BLOCK) * unit), height = Math.ceil((MARGIN + ROWS * BLOCK) * unit);
    canvas.width = width; canvas.height = height;
    context.drawImage(video, 0, video.videoHeight - height, width, height, 0, 0, width, height);
    const pixels = context.getImageData(0, 0, width, height).data;
    const levels = [];
    for (let row = 0; row < ROWS; row++) {
      for (let column = 0; column < COLUMNS; column++) {
        const x = Math.round((MARGIN + (column + 0.5) * BLOCK) * unit);
        const y = Math.round(height - (MARGIN + (ROWS - row - 0.5) * BLOCK) * unit);
        let sum = 0, count = 0;
        for (let dy = -2; dy <= 2; dy++) for (let dx = -2; dx <= 2; dx++) {
          const at = 4 * ((y + Math.round(dy * unit)) * width + x + Math.round(dx * unit));
          if (at >= 0 && at < pixels.length) { sum += pixels[at + 1]; count++; }
        }
        levels.push(sum / count);
      }
    }
    const low = Math.min(...levels), high = Math.max(...levels);
    if (high - low < 40) return null;
    const bits = levels.map((level) => (level > (low + high) / 2 ? 1 : 0));
    if (crc(bits.slice(0, 42)) !== bits.slice(42).reduce((value, bit) => 2 * value + bit, 0)) return null;
    return bits.slice(0, 42).reduce((value, bit) => 2 * value + bit, 0);
  };

  const follow = (video) => {
    if (followed.has(video)) return;
    followed.add(video);
    let count = 0;
    const look = () => {
      const now = performance.now(), wall = Date.now();
      const view = video.closest('[data-view]')?.dataset.view ?? 'main';
      window.firstPicture ??= now;
      if (count++ % (window.readEvery ?? 3) === 0 && video.videoHeight) {
        const time = read(video);
        if (time !== null) { window.readings.push([now, wall - time]); window.moments[view] = [wall, time]; }
      }
      window.presented.push(now);
      video.requestVideoFrameCallback(look);
    };
    video.requestVideoFrameCallback(look);
  };
  const all = () => document.querySelectorAll('video').forEach(follow);
  new MutationObserver(all).observe(document, { childList: true, subtree: true });
  all();
})();
