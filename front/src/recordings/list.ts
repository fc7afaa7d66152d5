/**
 * A list whose children are replaced only where they have changed, so that the keyboard's place in it stays.
 *
 *     follow(document.querySelector('[data-recordings]'), html);
 *
 * Each child carries `data-key`, the same as long as it is the same thing, and `data-version`.
 */

/** What became of an export since the last time, by the recording's time in words. */
export interface ExportEnd {
  readonly when: string;
  readonly export: 'ready' | 'failed';
}

/** Brings `list` to what `html` says. Tells which exports have ended meanwhile. */
export function follow(list: HTMLElement, html: string): ExportEnd[] {
  const fresh = document.createElement('template');
  fresh.innerHTML = html;
  const before = new Map(children(list).map((child) => [child.dataset.key, child]));
  const after = children(fresh.content);
  const ends = after.flatMap((child) => ended(before.get(child.dataset.key), child));
  const focused = document.activeElement?.id;
  const wanted = after.map((child) => {
    const old = before.get(child.dataset.key);
    return old && old.dataset.version === child.dataset.version ? old : child;
  });
  const shown = children(list);
  if (wanted.length !== shown.length || wanted.some((child, place) => child !== shown[place])) {
    list.replaceChildren(...wanted);
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  }
  return ends;
}

function ended(before: HTMLElement | undefined, now: HTMLElement): ExportEnd[] {
  const state = now.dataset.export;
  if (before?.dataset.export !== 'running' || (state !== 'ready' && state !== 'failed')) return [];
  return [{ when: now.dataset.when ?? '', export: state }];
}

function children(parent: ParentNode): HTMLElement[] {
  return [...parent.children].filter((child): child is HTMLElement => child instanceof HTMLElement);
}
