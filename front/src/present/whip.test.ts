import { beforeEach, describe, expect, it, vi } from 'vitest';
import { publish, Refused } from './whip';

class FakeConnection extends EventTarget {
  static last: FakeConnection;
  connectionState = 'new';
  iceGatheringState = 'complete';
  localDescription = { sdp: 'our offer' };
  remote: unknown = null;
  closed = false;
  readonly transceivers: { kind: string; preferences: { mimeType: string }[]; bitrate: number | null }[] = [];

  constructor(readonly configuration: RTCConfiguration) {
    super();
    FakeConnection.last = this;
  }
  addTransceiver(track: { kind: string }, { direction }: { direction: string }): object {
    const made = { kind: track.kind, preferences: [] as { mimeType: string }[], bitrate: null as number | null };
    this.transceivers.push(made);
    expect(direction).toBe('sendonly');
    return {
      setCodecPreferences: (all: { mimeType: string }[]) => (made.preferences = all),
      sender: {
        getParameters: () => ({ encodings: [{}] }),
        setParameters: ({ encodings }: { encodings: { maxBitrate: number }[] }) => {
          made.bitrate = encodings[0]?.maxBitrate ?? null;
        },
      },
    };
  }
  setLocalDescription(): void {}
  setRemoteDescription(description: unknown): void {
    this.remote = description;
  }
  close(): void {
    this.closed = true;
  }
  become(state: string): void {
    this.connectionState = state;
    this.dispatchEvent(new Event('connectionstatechange'));
  }
}

const stream = { getTracks: () => [{ kind: 'video' }, { kind: 'audio' }] } as unknown as MediaStream;
const address = 'http://media/rooms/one/views/main/whip';
const fetched = vi.fn();
const answers = (status: number, headers: Record<string, string> = {}): void =>
  void fetched.mockResolvedValue({ status, headers: new Headers(headers), text: () => Promise.resolve('their answer') });

beforeEach(() => {
  fetched.mockReset();
  vi.stubGlobal('fetch', fetched);
  vi.stubGlobal('RTCPeerConnection', FakeConnection);
  vi.stubGlobal('RTCRtpSender', {
    getCapabilities: () => ({ codecs: [{ mimeType: 'video/VP8' }, { mimeType: 'video/H264' }] }),
  });
});

describe('publishing', () => {
  it('sends one offer and takes the answer', async () => {
    answers(201, { Location: '/rooms/one/sessions/7' });
    await publish(address, stream, false);
    const [asked, init] = fetched.mock.calls[1] as [string, RequestInit];
    expect(asked).toBe(address);
    expect(init).toMatchObject({ method: 'POST', body: 'our offer', credentials: 'include' });
    expect(new Headers(init.headers).get('Content-Type')).toBe('application/sdp');
    expect(FakeConnection.last.remote).toEqual({ type: 'answer', sdp: 'their answer' });
  });

  it('prefers H.264 and gives the picture room', async () => {
    answers(201, { Location: '7' });
    await publish(address, stream, false);
    const [picture, sound] = FakeConnection.last.transceivers;
    expect(picture?.preferences.map(({ mimeType }) => mimeType)).toEqual(['video/H264', 'video/VP8']);
    expect(picture?.bitrate).toBeGreaterThan(1e6);
    expect(sound?.bitrate).toBeNull();
  });

  it('uses the servers that it is told of before it offers', async () => {
    answers(201, { Location: '7', Link: '<stun:stun.example.net>; rel="ice-server"' });
    await publish(address, stream, false);
    expect(fetched.mock.calls[0]).toEqual([address, { method: 'OPTIONS', credentials: 'include' }]);
    expect(FakeConnection.last.configuration).toEqual({ iceServers: [{ urls: 'stun:stun.example.net' }] });
  });

  it('says when it takes over', async () => {
    answers(201, { Location: '7' });
    await publish(address, stream, true);
    expect(fetched.mock.calls[1]?.[0]).toBe(`${address}?takeover=1`);
  });

  it.each([401, 409, 503])('throws a refusal with %d and lets the connection go', async (status) => {
    answers(status);
    const refused = publish(address, stream, false);
    await expect(refused).rejects.toBeInstanceOf(Refused);
    await expect(refused).rejects.toMatchObject({ status });
    expect(FakeConnection.last.closed).toBe(true);
  });

  it('lets the connection go when nobody can be reached', async () => {
    answers(204);
    fetched.mockResolvedValueOnce({ headers: new Headers() }).mockRejectedValueOnce(new TypeError('offline'));
    await expect(publish(address, stream, false)).rejects.toThrow(TypeError);
    expect(FakeConnection.last.closed).toBe(true);
  });
});

describe('a sender', () => {
  it('tells that the line is lost', async () => {
    answers(201, { Location: '7' });
    const sender = await publish(address, stream, false);
    const told = vi.fn();
    sender.onLost = told;
    FakeConnection.last.become('connected');
    expect(told).not.toHaveBeenCalled();
    FakeConnection.last.become('failed');
    expect(told).toHaveBeenCalledOnce();
    FakeConnection.last.become('disconnected');
    expect(told).toHaveBeenCalledOnce();
  });

  it('tells that the server has lost the session, as soon as it says so', async () => {
    answers(201, { Location: '/rooms/one/sessions/7' });
    let say: (answer: { status: number; ok: boolean }) => void = () => undefined;
    fetched.mockResolvedValueOnce({ headers: new Headers() });
    fetched.mockResolvedValueOnce({ status: 201, headers: new Headers({ Location: '/rooms/one/sessions/7' }), text: () => Promise.resolve('') });
    fetched.mockReturnValueOnce(new Promise((resolve) => (say = resolve)));
    const sender = await publish(address, stream, false);
    const told = vi.fn();
    sender.onLost = told;
    expect(fetched.mock.calls[2]?.[0]).toBe('http://media/rooms/one/sessions/7/life');
    await Promise.resolve();
    expect(told).not.toHaveBeenCalled();
    say({ status: 404, ok: false });
    await vi.waitFor(() => expect(told).toHaveBeenCalledExactlyOnceWith(false));
    expect((fetched.mock.calls[2]?.[1] as RequestInit).signal?.aborted).toBe(true);
  });

  it('deletes what the server named, and is not lost by that', async () => {
    answers(201, { Location: '/rooms/one/sessions/7' });
    const sender = await publish(address, stream, false);
    const lost = vi.fn();
    sender.onLost = lost;
    await sender.stop();
    FakeConnection.last.become('disconnected');
    expect(fetched.mock.calls.at(-1)).toEqual(['http://media/rooms/one/sessions/7', expect.objectContaining({ method: 'DELETE', keepalive: true })]);
    expect(FakeConnection.last.closed).toBe(true);
    expect(lost).not.toHaveBeenCalled();
  });
});
