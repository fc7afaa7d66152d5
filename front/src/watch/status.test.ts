import { describe, expect, it } from 'vitest';
import { statusKey, type Situation } from './status';

const well: Situation = {
  unsupported: false, denied: false, mode: 'live', room: 'live', view: 'live', reachable: true, shown: true,
  waiting: false, soundOnly: false, noPicture: false, missing: false, recording: 'on',
};

describe('the status', () => {
  it('is nothing while all is well', () => {
    expect(statusKey(well)).toBeNull();
    expect(statusKey({ ...well, room: 'ended', mode: 'recorded' })).toBeNull();
  });

  it.each<[string, Partial<Situation>]>([
    ['status-unsupported', { unsupported: true, denied: true }],
    ['status-denied', { denied: true, shown: false }],
    ['status-connecting', { shown: false, room: null, view: null }],
    ['status-waiting', { shown: false, room: 'waiting', view: 'waiting' }],
    ['status-offline', { shown: false, reachable: false }],
    ['status-lost', { room: 'lost' }],
    ['status-lost', { view: 'lost' }],
    ['status-buffering', { waiting: true }],
    ['status-offline', { waiting: true, reachable: false }],
    ['status-ended', { room: 'ended' }],
    ['status-sound-only', { soundOnly: true }],
    ['status-no-picture', { noPicture: true }],
    ['status-no-picture', { noPicture: true, mode: 'recorded' }],
    ['status-lost', { noPicture: true, room: 'lost' }],
    ['status-replay-soon', { mode: 'recorded', shown: false, missing: true, recording: 'on' }],
    ['status-no-replay', { mode: 'recorded', shown: false, missing: true, recording: 'off' }],
  ])('is %s', (key, changes) => {
    expect(statusKey({ ...well, ...changes })).toBe(key);
  });

  it('does not complain of a line that is away while the picture still moves', () => {
    expect(statusKey({ ...well, reachable: false })).toBeNull();
  });
});
