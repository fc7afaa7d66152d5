// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { capture, listDevices } from './capture';

const devices = { getUserMedia: vi.fn(), getDisplayMedia: vi.fn(), enumerateDevices: vi.fn() };
const choice = { camera: 'c1', microphone: 'm1' };
const asked = (): MediaStreamConstraints => devices.getUserMedia.mock.calls[0]?.[0] as MediaStreamConstraints;

beforeEach(() => {
  for (const one of Object.values(devices)) one.mockReset();
  vi.stubGlobal('navigator', { mediaDevices: devices });
  vi.stubGlobal('MediaStream', class {
    constructor(readonly tracks: unknown[]) {}
  });
});

describe('capture', () => {
  it('takes the chosen camera and microphone, without echo cancellation', async () => {
    await capture({ ...choice, what: 'camera' });
    expect(asked().video).toMatchObject({ deviceId: { exact: 'c1' }, height: { ideal: 720 } });
    expect(asked().audio).toMatchObject({ deviceId: { exact: 'm1' }, echoCancellation: false });
  });

  it('leaves the choice to the browser where none was made', async () => {
    await capture({ what: 'camera', camera: '', microphone: '' });
    expect(asked().video).not.toHaveProperty('deviceId');
    expect(asked().audio).not.toHaveProperty('deviceId');
  });

  it('asks for no camera when only the voice is wanted', async () => {
    await capture({ ...choice, what: 'microphone' });
    expect(asked()).not.toHaveProperty('video');
  });

  it('puts the screen and the voice together', async () => {
    devices.getDisplayMedia.mockResolvedValue({ getVideoTracks: () => ['screen'] });
    devices.getUserMedia.mockResolvedValue({ getAudioTracks: () => ['voice'] });
    const stream = await capture({ ...choice, what: 'screen' });
    expect((stream as unknown as { tracks: unknown[] }).tracks).toEqual(['screen', 'voice']);
  });

  it("passes on the browser's refusal", async () => {
    devices.getUserMedia.mockRejectedValue(new DOMException('no', 'NotAllowedError'));
    await expect(capture({ ...choice, what: 'camera' })).rejects.toMatchObject({ name: 'NotAllowedError' });
  });
});

it('lists what is plugged in by kind, numbers what has no name, and keeps the choice', async () => {
  // happy-dom has no Option constructor.
  vi.stubGlobal('Option', function option(text: string, value: string) {
    return Object.assign(document.createElement('option'), { text, value });
  });
  document.body.innerHTML = '<select data-devices="videoinput"><option value="c2" selected></option></select>';
  const select = document.querySelector('select') as HTMLSelectElement;
  devices.enumerateDevices.mockResolvedValue([
    { kind: 'videoinput', deviceId: 'c1', label: 'Laparoscope' },
    { kind: 'audioinput', deviceId: 'm1', label: 'Voice' },
    { kind: 'videoinput', deviceId: 'c2', label: '' },
    { kind: 'videoinput', deviceId: '', label: 'not yet allowed' },
  ]);
  await listDevices([select]);
  expect([...select.options].map((option) => [option.value, option.text])).toEqual([['c1', 'Laparoscope'], ['c2', '2']]);
  expect(select.value).toBe('c2');
});
