import { describe, expect, it } from 'vitest';
import { Words } from './words';

const texts = { latency: '{seconds} s derrière', 'rate-megabits': '{value} Mbit/s', 'rate-kilobits': '{value} kbit/s' };
const words = new Words(texts, 'fr');

describe('words', () => {
  it('fills in names and writes numbers as the language does', () => {
    expect(words.say('latency', { seconds: words.number(1.08, 1) })).toBe('1,1 s derrière');
    expect(words.rate(1_234_000)).toBe('1,2 Mbit/s');
    expect(words.rate(96_400)).toBe('96 kbit/s');
  });

  it('show an unknown key, and leave an unknown name', () => {
    expect(words.say('nothing')).toBe('nothing');
    expect(words.say('latency')).toBe('{seconds} s derrière');
  });
});
