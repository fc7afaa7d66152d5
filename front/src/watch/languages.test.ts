import { expect, it } from 'vitest';
import type { LanguageState } from '../contract/room_state';
import { languageKey } from './languages';

const french: LanguageState = { tag: 'fr', label: 'Français', interpreted: true, source: 'voice', offset: 0 };

it.each<[string, Partial<LanguageState>, string]>([
  ['language-voice', {}, 'zh-Hans'],
  ['language-in-step', { offset: 1.8 }, 'zh-Hans'],
  ['language-replaced', { source: 'floor' }, 'zh-Hans'],
  ['language-silence', { source: 'silence' }, 'zh-Hans'],
  ['language-floor', { source: 'floor' }, 'fr'],
  ['language-floor', { source: 'voice' }, 'fr'],
])('says %s', (key, changes, floor) => {
  expect(languageKey({ ...french, ...changes }, floor)).toBe(key);
});
