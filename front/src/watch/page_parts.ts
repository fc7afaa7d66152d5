/** Finding and changing what the server has laid out. The island adds no layout of its own. */

export function part<Kind extends HTMLElement>(root: ParentNode, selector: string): Kind | null {
  return root.querySelector<Kind>(selector);
}

export const parts = <Kind extends HTMLElement>(root: ParentNode, selector: string): Kind[] => [
  ...root.querySelectorAll<Kind>(selector),
];

/** Changes text only when it differs, so that a screen reader hears each change once. */
export function say(element: Element | null, text: string): void {
  if (element && element.textContent !== text) element.textContent = text;
}

/** A button's words and whether it is pressed; `pressed` null for one that has no such state. */
export function dressButton(button: Element | null, label: string, pressed: boolean | null = null): void {
  if (!button) return;
  say(button.querySelector('[data-label]') ?? button, label);
  if (pressed !== null) button.setAttribute('aria-pressed', String(pressed));
}
