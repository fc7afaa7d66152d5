/**
 * Publishes a stream by WHIP (RFC 9725): one offer with all candidates, one answer, DELETE at the end.
 *
 *     const sender = await publish(address, stream, false);
 *     sender.onLost = …;
 *     await sender.stop();
 */

import { repeat } from '../page/repeat';
import { iceServers } from './ice_servers';

/** The server's refusal; status as in RFC 9110: 409 means that somebody else is sending. */
export class Refused extends Error {
  constructor(readonly status: number) {
    super(`WHIP was answered with ${status}.`);
  }
}

const GATHERING = 1500;
/** Seconds between two held questions. */
const HEED_EACH = 0.1;
/** A picture of an operation or a slide wants sharpness first; bits a second. */
const PICTURE_BITRATE = 3_500_000;

/** What is on its way to the server. `onLost` is called once, when it no longer arrives and nobody has stopped it. */
export class Sender {
  onLost: (takenOver: boolean) => void = () => undefined;
  private readonly stopHeeding: () => void;

  constructor(
    private readonly connection: RTCPeerConnection,
    private readonly resource: string,
  ) {
    connection.addEventListener('connectionstatechange', () => {
      if (connection.connectionState === 'failed' || connection.connectionState === 'disconnected') this.lose(false);
    });
    this.stopHeeding = repeat(HEED_EACH, (signal) => this.heed(signal));
  }

  /** Throws TypeError or Refused when the server can't be reached: it may take the session for alive then. */
  async stop(): Promise<void> {
    this.onLost = () => undefined;
    this.stopHeeding();
    this.connection.close();
    const answer = await fetch(this.resource, { method: 'DELETE', credentials: 'include', keepalive: true });
    if (answer.status >= 500) throw new Refused(answer.status);
  }

  /** The server holds its answer until the session is over: ICE alone would take seconds to notice. */
  private async heed(signal: AbortSignal): Promise<void> {
    const answer = await fetch(`${this.resource}/life`, { credentials: 'include', cache: 'no-store', signal });
    if (answer.status === 404 || answer.status === 409) this.lose(answer.status === 409);
    if (!answer.ok) throw new Error(`The session's life was answered with ${answer.status}.`);
  }

  private lose(takenOver: boolean): void {
    const told = this.onLost;
    this.onLost = () => undefined;
    this.stopHeeding();
    told(takenOver);
  }
}

/** Throws Refused for the server's no, TypeError when it can't be reached. */
export async function publish(address: string, stream: MediaStream, takeover: boolean): Promise<Sender> {
  const asked = await fetch(address, { method: 'OPTIONS', credentials: 'include' });
  const connection = new RTCPeerConnection({ iceServers: iceServers(asked.headers.get('Link')) });
  try {
    for (const track of stream.getTracks()) {
      const transceiver = connection.addTransceiver(track, { direction: 'sendonly', streams: [stream] });
      if (track.kind === 'video') await prepare(transceiver);
    }
    await connection.setLocalDescription();
    await gathered(connection);
    const answer = await fetch(takeover ? `${address}?takeover=1` : address, {
      method: 'POST',
      credentials: 'include',
      headers: { 'Content-Type': 'application/sdp' },
      body: connection.localDescription?.sdp ?? '',
    });
    if (answer.status !== 201) throw new Refused(answer.status);
    await connection.setRemoteDescription({ type: 'answer', sdp: await answer.text() });
    return new Sender(connection, new URL(answer.headers.get('Location') ?? '', address).href);
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** H.264 first, and a bitrate that a theatre's picture deserves. */
async function prepare(transceiver: RTCRtpTransceiver): Promise<void> {
  const codecs = RTCRtpSender.getCapabilities('video')?.codecs ?? [];
  const isH264 = (codec: { mimeType: string }): boolean => codec.mimeType.toLowerCase() === 'video/h264';
  transceiver.setCodecPreferences([...codecs.filter(isH264), ...codecs.filter((codec) => !isH264(codec))]);
  const parameters = transceiver.sender.getParameters();
  for (const encoding of parameters.encodings) encoding.maxBitrate = PICTURE_BITRATE;
  await transceiver.sender.setParameters(parameters);
}

function gathered(connection: RTCPeerConnection): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      if (connection.iceGatheringState === 'complete') resolve();
    };
    connection.addEventListener('icegatheringstatechange', done);
    setTimeout(resolve, GATHERING);
    done();
  });
}
