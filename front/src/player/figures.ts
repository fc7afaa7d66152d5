/** The figures of the page that hold the views' pictures: which are seen, which is large. */

export type Layout = 'single' | 'inset' | 'side';

export class Figures {
  constructor(
    private readonly root: HTMLElement,
    private readonly views: readonly string[],
  ) {}

  /** Throws an Error for a view that the page doesn't have. */
  of(view: string): HTMLElement {
    const figure = this.root.querySelector<HTMLElement>(`figure[data-view="${CSS.escape(view)}"]`);
    if (!figure) throw new Error(`The stage has no view ${view}.`);
    return figure;
  }

  /** `seen`: views that play, be it unseen in preparation. */
  dress(layout: Layout, seen: ReadonlySet<string | undefined>, large: string | undefined): void {
    this.root.dataset['layout'] = layout;
    for (const view of this.views) {
      const figure = this.of(view);
      figure.hidden = !seen.has(view);
      figure.toggleAttribute('data-main', view === large);
    }
  }
}
