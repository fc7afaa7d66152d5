/** The player's keys. They never take a key from a field, a button or a shortcut of the browser. */

export type Act = 'play' | 'sound' | 'fullscreen' | 'captions' | 'language' | 'view';

const acts: Readonly<Record<string, Act>> = {
  ' ': 'play',
  k: 'play',
  m: 'sound',
  f: 'fullscreen',
  c: 'captions',
  l: 'language',
  v: 'view',
};

export interface Pressed {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  repeat: boolean;
  /** Tag of the focused element, in capitals; its role if it has one. */
  tag: string;
  editable: boolean;
}

/** What a key means, or null to leave it to the browser. */
export function actOf(pressed: Pressed): Act | null {
  if (pressed.ctrlKey || pressed.metaKey || pressed.altKey || pressed.repeat) return null;
  if (pressed.editable || ['SELECT', 'TEXTAREA'].includes(pressed.tag)) return null;
  if (pressed.key === ' ' && ['BUTTON', 'A', 'SUMMARY', 'INPUT'].includes(pressed.tag)) return null;
  return acts[pressed.key.toLowerCase()] ?? null;
}

export function listenToKeys(act: (act: Act) => void): void {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || !(event.target instanceof HTMLElement)) return;
    const { target } = event;
    const text = target instanceof HTMLInputElement && !['radio', 'checkbox', 'range'].includes(target.type);
    const meant = actOf({
      key: event.key, ctrlKey: event.ctrlKey, metaKey: event.metaKey, altKey: event.altKey, repeat: event.repeat,
      tag: target.tagName, editable: target.isContentEditable || text,
    });
    if (meant === null) return;
    event.preventDefault();
    act(meant);
  });
}
