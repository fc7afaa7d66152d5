import { beforeEach, expect, it, vi } from 'vitest';
import { headStart } from './head_start';
import { LossyRequest } from './lossy_requests';

const multivariant = `#EXTM3U
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",LANGUAGE="fr",URI="../languages/fr/media.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=1000,RESOLUTION=426x240,AUDIO="sound"
240p/media.m3u8
`;
const media = (sequence: number): string => `#EXTM3U
#EXT-X-SERVER-CONTROL:PART-HOLD-BACK=0.6
#EXT-X-MAP:URI="init.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-11-14T08:00:00.000Z
#EXT-X-PART:DURATION=1,URI="${sequence}.0.m4s",INDEPENDENT=YES
`;
const asked = (): string[] => LossyRequest.sent.map(({ address }) => address.replace('http://media/rooms/one/', ''));
const settled = (): Promise<void> => new Promise((done) => setTimeout(done));

beforeEach(() => {
  LossyRequest.sent = [];
  vi.stubGlobal('XMLHttpRequest', LossyRequest);
});

it('follows the playlists to the first parts of picture and sound', async () => {
  const early = headStart('http://media/rooms/one/main/multivariant.m3u8', 'fr', 4e6);
  LossyRequest.to('multivariant.m3u8').answer(multivariant);
  await settled();
  LossyRequest.to('240p/media.m3u8').answer(media(7));
  LossyRequest.to('fr/media.m3u8').answer(media(9));
  await settled();
  expect(asked()).toEqual([
    'main/multivariant.m3u8',
    'main/240p/media.m3u8', 'languages/fr/media.m3u8',
    'main/240p/init.mp4', 'main/240p/7.0.m4s',
    'languages/fr/init.mp4', 'languages/fr/9.0.m4s',
  ]);
  expect(early.take('http://media/rooms/one/main/multivariant.m3u8')).toBeDefined();
});

it('begins with the playlists of a multivariant playlist that is known, and asks for that one anew', async () => {
  headStart('http://media/rooms/one/main/multivariant.m3u8', 'fr', 4e6, multivariant);
  await settled();
  expect(asked()).toEqual(['main/multivariant.m3u8', 'main/240p/media.m3u8', 'languages/fr/media.m3u8']);
});

it('stops where an answer is missing, and leaves the player to find out why', async () => {
  const early = headStart('http://media/rooms/one/main/multivariant.m3u8', 'fr', 4e6);
  LossyRequest.to('multivariant.m3u8').answer('', 404);
  await settled();
  expect(asked()).toHaveLength(1);
  expect(early.take('http://media/rooms/one/main/multivariant.m3u8')).toBeUndefined();
});
