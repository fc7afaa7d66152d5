import { expect, it } from 'vitest';
import { actOf, type Pressed } from './keyboard';

const plain: Pressed = {
  key: 'k', ctrlKey: false, metaKey: false, altKey: false, repeat: false, tag: 'BODY', editable: false,
};

it.each([
  [' ', 'play'],
  ['k', 'play'],
  ['M', 'sound'],
  ['f', 'fullscreen'],
  ['c', 'captions'],
  ['l', 'language'],
  ['v', 'view'],
  ['ArrowLeft', null],
])('%s means %s', (key, act) => {
  expect(actOf({ ...plain, key })).toBe(act);
});

it("leaves the browser's and the fields' keys alone", () => {
  expect(actOf({ ...plain, ctrlKey: true })).toBeNull();
  expect(actOf({ ...plain, editable: true })).toBeNull();
  expect(actOf({ ...plain, tag: 'SELECT' })).toBeNull();
  expect(actOf({ ...plain, key: ' ', tag: 'BUTTON' })).toBeNull();
  expect(actOf({ ...plain, tag: 'BUTTON' })).toBe('play');
});
