/** What a lecturer sends: a camera, the screen with the microphone, or the microphone alone. */

export type What = 'camera' | 'screen' | 'microphone';

export interface Choice {
  what: What;
  camera: string;
  microphone: string;
}

const PICTURE = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } };

/** Throws what the browser throws: NotAllowedError, NotFoundError … */
export async function capture({ what, camera, microphone }: Choice): Promise<MediaStream> {
  const audio: MediaTrackConstraints = {
    ...(microphone ? { deviceId: { exact: microphone } } : {}),
    echoCancellation: false,
    noiseSuppression: true,
  };
  if (what === 'microphone') return navigator.mediaDevices.getUserMedia({ audio });
  if (what === 'camera') {
    const video = { ...PICTURE, ...(camera ? { deviceId: { exact: camera } } : {}) };
    return navigator.mediaDevices.getUserMedia({ video, audio });
  }
  const screen = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { ideal: 30 } } });
  const voice = await navigator.mediaDevices.getUserMedia({ audio });
  return new MediaStream([...screen.getVideoTracks(), ...voice.getAudioTracks()]);
}

/** Fills a `<select data-devices="videoinput">` with what is plugged in; keeps the choice. */
export async function listDevices(selects: Iterable<HTMLSelectElement>): Promise<void> {
  const devices = await navigator.mediaDevices.enumerateDevices();
  for (const select of selects) {
    const chosen = select.value;
    const fitting = devices.filter((device) => device.kind === select.dataset.devices && device.deviceId);
    select.replaceChildren(...fitting.map((device, place) => new Option(device.label || String(place + 1), device.deviceId)));
    if (fitting.some((device) => device.deviceId === chosen)) select.value = chosen;
  }
}
