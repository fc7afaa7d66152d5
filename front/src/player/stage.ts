/**
 * The pictures on the stage: one that carries the sound, and maybe a second, in step with it.
 *
 * `data-layout` of the stage is `single`, `inset` (the second one small) or `side` (both equal); the figure with
 * `data-main` is the large one. The sound stays with the *carrier*, whichever of the two is large.
 */
import { EACH, Pace } from './pace';
import type { Playback } from './playback_kind';
import { Figures, type Layout } from './figures';
import { follow, LEAD, Wings } from './rehearsal';
import { Screen } from './screen';
import type { Wish } from './settings';
import type { Content } from './manifest';
import type { Mode, StageOptions } from './stage_options';

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
  private readonly wings = new Wings(() => this.carrier);
  private readonly figures: Figures;
  private pacer: Pace | null = null;
  private language: string | null;
  private height: number | null = null;
  private stallsBefore = 0;
  private readonly ticker: number;

  constructor(private readonly options: StageOptions) {
    this.figures = new Figures(options.root, options.views);
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
    const before = this.large();
    this.main = view;
    const asked = performance.now();
    const shown = (): void => {
      this.switchTime = performance.now() - asked;
    };
    if (view === this.carrierScreen.view || view === this.companionScreen?.view) {
      this.wings.cancel();
      shown();
    } else {
      const stay = (): void => {
        this.main = before ?? view;
        this.dress();
        this.options.events.onNoPicture?.();
      };
      const single = this.layout === 'single';
      const take = (screen: Screen): void => {
        if (single) this.replaceCarrier(screen);
        else this.replaceCompanion(screen);
        shown();
      };
      this.prepare(view, single ? 'full' : 'picture', take, stay);
    }
    this.dress();
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

  /** Another language, heard from what is not yet buffered on. */
  speak(language: string): void {
    this.language = language;
    for (const playback of [this.carrier, this.wings.screen?.playback]) if (playback) playback.language = language;
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

  private wish(content: Content, startAt: number | null, small: boolean, line: number): Wish {
    const moment = this.carrier?.moment ?? null;
    return {
      content, startAt, small, line, height: small ? null : this.height, language: this.language,
      live: this.mode === 'live',
      moment: moment === null ? null : moment + LEAD,
    };
  }

  private screen(view: string, content: Content, startAt: number | null, prepare: boolean): Screen {
    const figure = this.figures.of(view);
    const small = content === 'picture' && this.layout === 'inset';
    const { events, line } = this.options;
    // The picture with the sound comes first: the second one takes what is left, and at least its least quality.
    const taken = (): number => (content === 'picture' ? this.carrier?.rate : this.companion?.qualities[0]?.bitrate) ?? 0;
    const share = line.share(taken, () => this.wings.screen !== null);
    const own = (): boolean => this.carrierScreen === screen;
    const screen: Screen = new Screen(view, figure, this.options.address(view, this.mode), this.wish(content, startAt, small, share.bits), {
      onFirstFrame: () => {
        if (!own()) return;
        events.onFirstFrame?.();
        if (this.layout !== 'single') this.addCompanion();
      },
      onWaiting: (waiting) => own() && events.onWaiting?.(waiting),
      onDenied: () => events.onDenied?.(),
      onMissing: () => own() && events.onMissing?.(),
      onTracks: () => own() && events.onTracks?.(),
    }, share, prepare, prepare ? undefined : this.options.early);
    return screen;
  }

  private prepare(view: string, content: Content, ready: (screen: Screen) => void, givenUp = (): void => undefined): void {
    this.wings.cancel();
    // Another view may have begun at another moment: it looks for its place by the programme's time.
    const screen = this.screen(view, content, null, true);
    this.wings.prepare(screen, !this.paused, {
      ready: () => {
        ready(screen);
        if (this.layout !== 'single') this.addCompanion();
      },
      givenUp,
      inStepOnly: content === 'full',
    });
  }

  private addCompanion(): void {
    if (this.companionScreen || this.wings.screen || !this.carrierScreen?.playback.shown || this.content === 'sound') return;
    const others = this.options.views.filter((view) => view !== this.carrierScreen?.view);
    const other = others.includes(this.main) ? this.main : others[0];
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
    if (screen.view !== before?.view) this.dropCompanion();
    this.become(screen);
    screen.unveil();
    this.dress();
    this.options.events.onTracks?.();
  }

  private become(screen: Screen): void {
    const heard = (): boolean => !screen.video.muted && screen.video.volume > 0;
    const live = this.mode === 'live';
    this.carrierScreen = screen;
    this.pacer = live ? (this.pacer?.passTo(screen.playback, heard) ?? new Pace(screen.playback, heard)) : null;
  }

  private dropCompanion(): void {
    this.companionScreen?.close();
    this.companionScreen = null;
  }

  private closeAll(): void {
    this.wings.cancel();
    this.pacer = null;
    this.stallsBefore += this.carrier?.stalls ?? 0;
    this.dropCompanion();
    this.carrierScreen?.close();
    this.carrierScreen = null;
  }

  /** Makes the page show what is so. */
  private dress(): void {
    const second = this.companionScreen !== null;
    const playing = new Set([this.carrierScreen?.view, this.companionScreen?.view, this.wings.screen?.view]);
    this.figures.dress(second ? this.layout : 'single', playing, this.large());
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
