// A camera for a page that publishes: a canvas of 1280 x 720 at 30 pictures a second, each with the clock strip
// (src/amphitheatre/camera/clock_strip.py) of the moment it was drawn. window.film() starts it and gives its stream.
(() => {
  const WIDTH = 1280, HEIGHT = 720, ROWS = 4, COLUMNS = 12, BLOCK = 16, MARGIN = 16, RATE = 30;
  // Luma 150 and 16 of BT.709 in full range, as a canvas wants it.
  const BRIGHT = 'rgb(156 156 156)', DARK = '#000';

  const bitsOf = (time) => {
    const bits = Array.from({ length: 42 }, (_, place) => Math.floor(time / 2 ** (41 - place)) % 2);
    let crc = 0x3f;
    for (const bit of bits) {
      const feedback = (crc >> 5) ^ bit;
      crc = (crc << 1) & 0x3f;
      if (feedback & 1) crc ^= 0x03;
    }
    for (let place = 5; place >= 0; place--) bits.push((crc >> place) & 1);
    return bits;
  };

  window.film = () => {
    const canvas = document.body.appendChild(document.createElement('canvas'));
    canvas.width = WIDTH; canvas.height = HEIGHT;
    const context = canvas.getContext('2d');
    const stream = canvas.captureStream(0);
    const [track] = stream.getVideoTracks();
    const backdrop = context.createLinearGradient(0, 0, WIDTH, HEIGHT);
    backdrop.addColorStop(0, '#311'); backdrop.addColorStop(0.5, '#a54'); backdrop.addColorStop(1, '#412');
    const draw = () => {
      const now = Date.now();
      context.fillStyle = backdrop;
      context.fillRect(0, 0, WIDTH, HEIGHT);
      context.fillStyle = '#dcb';
      for (let k = 0; k < 24; k++) {
        const angle = now / 900 + k;
        context.beginPath();
        context.arc(640 + 400 * Math.cos(angle), 330 + 220 * Math.sin(1.3 * angle), 12 + k, 0, 7);
        context.fill();
      }
      context.fillStyle = DARK;
      context.fillRect(0, HEIGHT - 2 * MARGIN - ROWS * BLOCK, 2 * MARGIN + COLUMNS * BLOCK, 2 * MARGIN + ROWS * BLOCK);
      context.fillStyle = BRIGHT;
      bitsOf(now).forEach((bit, place) => {
        const row = Math.floor(place / COLUMNS), column = place % COLUMNS;
        const y = HEIGHT - MARGIN - (ROWS - row) * BLOCK;
        if (bit) context.fillRect(MARGIN + column * BLOCK, y, BLOCK, BLOCK);
      });
      track.requestFrame();
    };
    setInterval(draw, 1000 / RATE);
    return stream;
  };
})();
