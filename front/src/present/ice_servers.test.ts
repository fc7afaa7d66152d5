import { expect, it } from 'vitest';
import { iceServers } from './ice_servers';

it('reads what RFC 9725 shows', () => {
  const header = '<stun:stun.example.net>; rel="ice-server", '
    + '<turn:turn.example.net?transport=udp>; rel="ice-server"; username="user"; credential="pass\\"w,o>rd"; credential-type="password"';
  expect(iceServers(header)).toEqual([
    { urls: 'stun:stun.example.net' },
    { urls: 'turn:turn.example.net?transport=udp', username: 'user', credential: 'pass"w,o>rd' },
  ]);
});

it('leaves other links alone', () => {
  expect(iceServers('</next>; rel="next", <nonsense')).toEqual([]);
  expect(iceServers(null)).toEqual([]);
});
