/**
 * The watch page and the replay page: the stage, its controls, and what the room says of itself.
 *
 *     new PlayerPage(pageConfig<WatchConfig>(), 'live').start();
 */
import type { RoomState, State } from '../contract/room_state';
import { playlistOf, type WatchConfig } from '../page/config';
import { RoomFeed } from '../page/room_feed';
import { Session } from '../page/session';
import { Words } from '../page/words';
import { EarlyAnswers } from '../player/early_answers';
import { LineMeter, measure } from '../player/line_meter';
import { NativePlayback } from '../player/native';
import { HlsPlayback } from '../player/playback';
import { Stage } from '../player/stage';
import type { Mode } from '../player/stage_options';
import { Controls } from './controls';
import { expose } from './diagnostics';
import { LanguageMenu } from './languages';
import { lineThought, rememberLine } from './line_memory';
import { listenToKeys } from './keyboard';
import { part, say } from './page_parts';
import { QualityMenu } from './qualities';
import { SeekBar } from './seek_bar';
import { statusKey } from './status';

/** A second picture begins only on a line that carries both, bits/s. */
const LINE_FOR_TWO = 1.5e6;
const SHOW_EACH = 500;
/** A wait shorter than this is not worth a word, ms. */
const SHORT_WAIT = 400;
/** How long a word about a choice that could not be met stays, ms. */
const NOTICE = 6000;

export class PlayerPage {
  private readonly words: Words;
  private readonly stage: Stage;
  private readonly session: Session;
  private readonly feed: RoomFeed;
  private readonly languages: LanguageMenu;
  private readonly qualities: QualityMenu;
  private readonly seekBar: SeekBar;
  private readonly controls: Controls;
  private readonly root: HTMLElement;
  private readonly line = new LineMeter(lineThought());
  private room: RoomState | null = null;
  private reachable = true;
  private denied = false;
  private missing = false;
  private waitingSince: number | null = null;
  private firstFrame: number | null = null;
  private noPictureUntil = 0;

  constructor(
    private readonly config: WatchConfig,
    private readonly home: Mode,
    private readonly early: EarlyAnswers = new EarlyAnswers(),
  ) {
    this.root = part(document, '[data-island]') ?? document.body;
    const stage = part(this.root, '[data-stage]');
    if (!stage) throw new Error('The page has no stage.');
    this.words = new Words(config.texts, config.locale);
    this.languages = new LanguageMenu(this.root, this.words, (tag) => this.stage.speak(tag));
    this.stage = this.makeStage(stage);
    this.qualities = new QualityMenu(this.root, this.words, (index) => this.stage.refine(index));
    this.seekBar = new SeekBar(this.root, (place) => this.stage.seek(place));
    this.controls = new Controls(this.root, stage, this.stage, this.words, this.home, () => this.languages.next());
    this.session = new Session(config.renew, config.renewAfter, () => this.refused());
    this.feed = new RoomFeed(`${config.media}/rooms/${config.room}/room.json`, {
      onState: (state) => this.heardState(state),
      onUnreachable: () => this.setReachable(false),
      onDenied: () => void this.renewAndRetry(),
    });
  }

  start(): void {
    measure(this.line);
    if (!HlsPlayback.supported() && !NativePlayback.supported()) {
      this.show(true);
      return;
    }
    // The picture comes first: everything else waits for its first request to be on its way.
    if (this.line.bits < LINE_FOR_TWO) this.stage.arrange('single');
    this.stage.open(this.home);
    this.feed.start();
    this.session.start();
    listenToKeys((act) => this.controls.act(act));
    expose(this.stage, { latency: () => this.behind, firstFrame: () => this.firstFrame, line: () => this.line.bits });
    window.setInterval(() => this.show(), SHOW_EACH);
    window.addEventListener('pagehide', () => this.line.measured && rememberLine(this.line.bits, this.watched));
    // A page that comes back from the browser's cache has stopped asking: begin anew.
    window.addEventListener('pageshow', (event) => event.persisted && window.location.reload());
    window.addEventListener('online', () => this.stage.retry());
    this.show();
  }

  private makeStage(root: HTMLElement): Stage {
    const { config } = this;
    return new Stage({
      root,
      views: config.views.map(({ id }) => id),
      language: this.languages.tag ?? config.language,
      line: this.line,
      early: this.early,
      address: (view, mode) => playlistOf(config, view, mode),
      events: {
        onFirstFrame: () => {
          this.firstFrame ??= performance.now();
          this.missing = false;
          this.show();
        },
        onWaiting: (waiting) => {
          this.waitingSince = waiting ? performance.now() : null;
          window.setTimeout(() => this.show(), SHORT_WAIT + 10);
        },
        onDenied: () => void this.renewAndRetry(),
        onMissing: () => {
          this.missing = true;
          this.show();
        },
        onTracks: () => this.show(),
        onShown: () => this.show(),
        onNoPicture: () => {
          this.noPictureUntil = performance.now() + NOTICE;
          this.show();
        },
      },
    });
  }

  /** Seconds from the theatre to the screen, by media's clock; null when unknown. */
  private get behind(): number | null {
    const moment = this.stage.carrier?.moment ?? null;
    return moment === null || this.stage.mode !== 'live' ? null : Date.now() / 1000 + (this.feed.clockOffset ?? 0) - moment;
  }

  /** Since the first frame, seconds. */
  private get watched(): number {
    return this.firstFrame === null ? 0 : (performance.now() - this.firstFrame) / 1000;
  }

  private heardState(state: RoomState): void {
    const before = this.room?.state ?? null;
    this.room = state;
    this.denied = false;
    this.setReachable(true);
    if (this.stage.mode === 'live' && before === 'ended' && state.state !== 'ended') this.stage.open('live', this.stage.content);
    else if (this.missing && this.there(state)) {
      this.missing = false;
      this.stage.retry();
    }
    // What is heard now says nothing of a recording.
    if (this.home === 'live') this.languages.show(state.languages, state.floor);
    this.show();
  }

  /** What was missing can be asked for again. */
  private there(state: RoomState): boolean {
    if (this.stage.mode === 'recorded') return state.replay !== null;
    return state.views.some(({ id, playlist }) => id === this.stage.main && playlist !== null);
  }

  private setReachable(reachable: boolean): void {
    if (reachable && !this.reachable && this.stage.carrier?.shown === false) this.stage.retry();
    this.reachable = reachable;
  }

  private async renewAndRetry(): Promise<void> {
    if (await this.session.renew()) this.stage.retry();
  }

  private refused(): void {
    this.denied = true;
    this.show();
  }

  private show(unsupported = false): void {
    const { stage, words } = this;
    const { carrier } = stage;
    const view: State | null = this.room?.views.find(({ id }) => id === stage.main)?.state ?? null;
    const waited = this.waitingSince !== null && performance.now() - this.waitingSince > SHORT_WAIT;
    const key = statusKey({
      unsupported, denied: this.denied, mode: stage.mode, room: this.room?.state ?? null, view,
      reachable: this.reachable, shown: carrier?.shown ?? false, waiting: waited,
      soundOnly: stage.content === 'sound', noPicture: performance.now() < this.noPictureUntil,
      missing: this.missing, recording: this.room?.recording ?? null,
    });
    say(part(this.root, '[data-stage] [data-status]'), key === null ? '' : words.say(key));
    const onAir = part(document, '[data-on-air]');
    if (onAir) onAir.hidden = this.room?.state !== 'live' || stage.mode !== 'live';
    this.controls.show();
    this.seekBar.show(stage.mode === 'recorded' ? carrier : null);
    this.showLine();
  }

  private showLine(): void {
    const { carrier } = this.stage;
    const current = carrier?.hls?.currentLevel ?? -1;
    if (carrier) this.qualities.show(carrier.qualities, current, carrier.quality);
    const { behind } = this;
    const rate = carrier?.qualities.find(({ index }) => index === current)?.bitrate;
    const facts = [
      behind === null || !carrier?.shown ? null : this.words.say('latency', { seconds: this.words.number(Math.max(0, behind), 1) }),
      rate === undefined ? null : this.words.rate(rate),
    ];
    say(part(this.root, '[data-latency]'), facts.filter((fact) => fact !== null).join(' · '));
  }
}
