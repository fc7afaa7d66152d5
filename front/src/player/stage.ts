/**
 * The pictures on the stage: one that carries the sound, and maybe a second, in step with it.
 *
 * `data-layout` of the stage is `single`, `inset` (the second one small) or `side` (both equal); the figure with
 * `data-main` is the large one. The sound stays with the *carrier*, whichever of the two is large.
 */
import { EACH, Pace } from './pace';
import type { Playback, PlaybackEvents } from './playback_kind';
import { follow, Rehearsal } from './rehearsal';
import { Screen } from './screen';
import type { Wish } from './settings';
import type { Content } from './manifest';

export type Layout = 'single' | 'inset' | 'side';
export type Mode = 'live' | 'recorded';

export interface StageEvents extends PlaybackEvents {
  /** What is shown has changed: views, layout or mode. */
  onShown?: () => void;
}

export interface StageOptions {
  root: HTMLElement;
  views: readonly string[];
  language: string | null;
  line: number;
  address: (view: string, mode: Mode) => string;
  events: StageEvents;
}

export class Stage {
  mode: Mode = 'live';
  content: Content = 'full';
  layout: Layout;
  main: string;
  /** Milliseconds the last change of camera took, from the wish to its first frame. */
  switchTime: number | null = null;
  volume = 1;
  private muted = false;
  private paused = false;
  private carrierScreen: Screen | null = null;
  private companionScreen: Screen | null = null;
  private coming: Rehearsal | null = null;
  private pacer: Pace | null = null;
  private language: string | null;
  private height: number | null = null;
  private stallsBefore = 0;
  private readonly ticker: number;

  constructor(private readonly options: StageOptions) {
    this.language = options.language;
    this.main = options.views[0] ?? '';
    this.layout = options.views.length > 1 ? 'inset' : 'single';
    this.ticker = window.setInterval(() => this.tick(), EACH);
  }

  get carrier(): Playback | null {
    return this.carrierScreen?.playback ?? null;
  }

  get companion(): Playback | null {
    return this.companionScreen?.playback ?? null;
  }

  get pace(): Pace | null {
    return this.pacer;
  }

  get stalls(): number {
    return this.stallsBefore + (this.carrier?.stalls ?? 0);
  }

  get playing(): boolean {
    return !this.paused;
  }

  get sound(): boolean {
    return !this.muted;
  }

  /** Second picture minus first, seconds of programme time; null with one picture. */
  get skew(): number | null {
    const [first, second] = [this.carrier?.moment ?? null, this.companion?.moment ?? null];
    return first === null || second === null ? null : second - first;
  }

  /** Begins with the main view, anew if it has begun before. */
  open(mode: Mode, content: Content = 'full', startAt: number | null = null): void {
    this.closeAll();
    this.mode = mode;
    this.content = content;
    const screen = this.screen(this.main, content, startAt, false);
    this.become(screen);
    screen.figure.hidden = false;
    this.paused = false;
    this.dress();
    void this.begin(screen.playback);
    screen.playback.start();
  }

  /** Shows `view` large, at the same moment of the programme. */
  choose(view: string): void {
    if (view === this.main || !this.carrierScreen || this.content === 'sound') return;
    this.main = view;
    const asked = performance.now();
    const shown = (): void => {
      this.switchTime = performance.now() - asked;
    };
    this.cancel();
    if (view === this.carrierScreen.view || view === this.companionScreen?.view) {
      this.dress();
      shown();
    } else if (this.layout === 'single') this.prepare(view, 'full', (screen) => { this.replaceCarrier(screen); shown(); });
    else this.prepare(view, 'picture', (screen) => { this.replaceCompanion(screen); shown(); });
  }

  arrange(layout: Layout): void {
    this.layout = this.options.views.length > 1 ? layout : 'single';
    if (this.layout !== 'single') this.addCompanion();
    else if (this.carrierScreen && this.carrierScreen.view !== this.main) {
      this.prepare(this.main, 'full', (screen) => this.replaceCarrier(screen));
    } else this.dropCompanion();
    this.dress();
  }

  async play(): Promise<void> {
    this.paused = false;
    await Promise.all([this.carrier?.play(), this.companion?.play()]);
    this.options.events.onShown?.();
  }

  pause(): void {
    this.paused = true;
    this.carrier?.pause();
    this.companion?.pause();
    this.options.events.onShown?.();
  }

  hear(sound: boolean, volume = this.volume): void {
    this.muted = !sound;
    this.volume = volume;
    if (this.carrier) this.carrier.video.muted = this.muted;
    if (this.carrier) this.carrier.video.volume = volume;
    this.options.events.onShown?.();
  }

  speak(language: string): void {
    this.language = language;
    if (this.carrier) this.carrier.language = language;
  }

  /** Chooses a quality by its index in the carrier's list, -1 for automatic. */
  refine(index: number): void {
    if (!this.carrier) return;
    this.carrier.quality = index;
    this.height = this.carrier.wish.height;
  }

  /** Goes to a place of a recording, seconds. */
  seek(place: number): void {
    if (this.carrier) this.carrier.video.currentTime = place;
  }

  retry(): void {
    this.carrier?.retry();
    this.companion?.retry();
  }

  close(): void {
    window.clearInterval(this.ticker);
    this.closeAll();
  }

  private async begin(playback: Playback): Promise<void> {
    playback.video.muted = this.muted;
    playback.video.volume = this.volume;
    if (await playback.play()) return;
    // The browser wants a gesture before sound: pictures first, with one clear button for the sound.
    this.muted = true;
    playback.video.muted = true;
    this.options.events.onShown?.();
    await playback.play();
  }

  private wish(content: Content, startAt: number | null, small: boolean): Wish {
    const line = this.carrier?.line ?? Number.NaN;
    return {
      content, startAt, small, height: small ? null : this.height, language: this.language,
      live: this.mode === 'live', line: Number.isFinite(line) ? line : this.options.line,
    };
  }

  private screen(view: string, content: Content, startAt: number | null, prepare: boolean): Screen {
    const figure = this.figure(view);
    const small = content === 'picture' && this.layout === 'inset';
    const { events } = this.options;
    const own = (): boolean => this.carrierScreen === screen;
    const screen: Screen = new Screen(view, figure, this.options.address(view, this.mode), this.wish(content, startAt, small), {
      onFirstFrame: () => {
        if (!own()) return;
        events.onFirstFrame?.();
        if (this.layout !== 'single') this.addCompanion();
      },
      onWaiting: (waiting) => own() && events.onWaiting?.(waiting),
      onDenied: () => events.onDenied?.(),
      onMissing: () => own() && events.onMissing?.(),
      onTracks: () => own() && events.onTracks?.(),
    }, prepare);
    return screen;
  }

  private prepare(view: string, content: Content, ready: (screen: Screen) => void): void {
    const startAt = this.mode === 'recorded' ? (this.carrier?.video.currentTime ?? null) : null;
    const screen = this.screen(view, content, startAt, true);
    this.cancel();
    const over = (): void => {
      this.coming = null;
    };
    this.coming = new Rehearsal(screen, () => this.carrier, () => { over(); ready(screen); }, () => { over(); screen.close(); });
    this.coming.start(!this.paused);
  }

  private cancel(): void {
    this.coming?.stop();
    this.coming?.screen.close();
    this.coming = null;
  }

  private addCompanion(): void {
    if (this.companionScreen || this.coming || !this.carrierScreen?.playback.shown || this.content === 'sound') return;
    const other = this.options.views.find((view) => view !== this.carrierScreen?.view);
    if (other !== undefined) this.prepare(other, 'picture', (screen) => this.replaceCompanion(screen));
  }

  private replaceCompanion(screen: Screen): void {
    this.companionScreen?.close();
    this.companionScreen = screen;
    screen.unveil();
    this.dress();
  }

  private replaceCarrier(screen: Screen): void {
    const before = this.carrierScreen;
    screen.video.volume = this.volume;
    screen.video.muted = this.muted;
    if (before) before.video.muted = true;
    this.stallsBefore += before?.playback.stalls ?? 0;
    before?.close();
    this.dropCompanion();
    this.become(screen);
    screen.unveil();
    this.dress();
    this.options.events.onTracks?.();
  }

  private become(screen: Screen): void {
    this.carrierScreen = screen;
    this.pacer = this.mode === 'live' ? new Pace(screen.playback, () => !screen.video.muted && screen.video.volume > 0) : null;
  }

  private dropCompanion(): void {
    this.companionScreen?.close();
    this.companionScreen = null;
  }

  private closeAll(): void {
    this.cancel();
    this.stallsBefore += this.carrier?.stalls ?? 0;
    this.dropCompanion();
    this.carrierScreen?.close();
    this.carrierScreen = null;
  }

  private figure(view: string): HTMLElement {
    const figure = this.options.root.querySelector<HTMLElement>(`figure[data-view="${CSS.escape(view)}"]`);
    if (!figure) throw new Error(`The stage has no view ${view}.`);
    return figure;
  }

  /** Makes the page show what is so. */
  private dress(): void {
    const shown = new Set([this.carrierScreen?.view, this.companionScreen?.view, this.coming?.screen.view]);
    const second = this.companionScreen !== null;
    this.options.root.dataset['layout'] = second ? this.layout : 'single';
    for (const view of this.options.views) {
      const figure = this.figure(view);
      figure.hidden = !shown.has(view);
      figure.toggleAttribute('data-main', view === this.large());
    }
    for (const screen of [this.carrierScreen, this.companionScreen]) {
      if (screen) screen.playback.small = second && this.layout === 'inset' && screen.view !== this.large();
    }
    this.options.events.onShown?.();
  }

  /** The view that is large now: the chosen one once it plays. */
  private large(): string | undefined {
    return this.companionScreen?.view === this.main ? this.main : this.carrierScreen?.view;
  }

  private tick(): void {
    this.pacer?.tick();
    if (this.carrier && this.companion && !this.paused) follow(this.carrier, this.companion);
  }
}
