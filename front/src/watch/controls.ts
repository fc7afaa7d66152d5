/** The row of buttons under the stage, and the keys that do the same. */
import type { Words } from '../page/words';
import type { Stage } from '../player/stage';
import type { Mode } from '../player/stage_options';
import { Captions } from './captions';
import type { Act } from './keyboard';
import { dressButton, part, parts } from './page_parts';

/** What WebKit on iPhones has in place of the Fullscreen API. */
interface WebkitVideo {
  webkitEnterFullscreen?: () => void;
}

export class Controls {
  private asked = false;
  private readonly captions: Captions;

  constructor(
    private readonly root: ParentNode,
    private readonly frame: HTMLElement,
    private readonly stage: Stage,
    private readonly words: Words,
    private readonly home: Mode,
    private readonly nextLanguage: () => void,
  ) {
    this.captions = new Captions(root, frame);
    this.on('play', () => this.togglePlay());
    this.on('sound', () => this.toggleSound());
    this.on('side-by-side', () => stage.arrange(stage.layout === 'side' ? 'inset' : 'side'));
    this.on('from-start', () => this.toggleStart());
    this.on('sound-only', () => this.toggleSoundOnly());
    this.on('pip', () => void this.togglePip());
    this.on('fullscreen', () => void this.toggleFullscreen());
    for (const chip of parts(root, '[data-view-choice]')) {
      chip.addEventListener('click', () => stage.choose(chip.dataset['viewChoice'] ?? ''));
    }
    const volume = part<HTMLInputElement>(root, '[data-volume]');
    volume?.addEventListener('input', () => stage.hear(Number(volume.value) > 0, Number(volume.value)));
    document.addEventListener('fullscreenchange', () => this.show());
    for (const button of parts(root, '[data-action="pip"]')) button.hidden = !document.pictureInPictureEnabled;
    // A small picture that is touched becomes the large one.
    frame.addEventListener('click', (event) => {
      const figure = (event.target as Element).closest<HTMLElement>('figure[data-view]');
      if (figure && !figure.hasAttribute('data-main')) stage.choose(figure.dataset['view'] ?? '');
    });
  }

  act(act: Act): void {
    const acts: Record<Act, () => void> = {
      play: () => this.togglePlay(),
      sound: () => this.toggleSound(),
      fullscreen: () => void this.toggleFullscreen(),
      captions: () => this.captions.toggle(),
      language: this.nextLanguage,
      view: () => this.nextView(),
    };
    acts[act]();
  }

  show(): void {
    const { stage, words } = this;
    const dress = (action: string, key: string, pressed: boolean | null = null): void =>
      dressButton(part(this.root, `[data-action="${action}"]:not([data-sound-prompt])`), words.say(key), pressed);
    dress('play', stage.playing ? 'pause' : 'play');
    dress('sound', stage.sound ? 'sound-off' : 'sound-on');
    dress('side-by-side', stage.layout === 'side' ? 'one-picture' : 'side-by-side');
    dress('from-start', stage.mode === 'recorded' ? 'back-to-live' : 'from-start');
    dress('sound-only', stage.content === 'sound' ? 'with-picture' : 'sound-only');
    dress('fullscreen', document.fullscreenElement ? 'leave-full-screen' : 'full-screen');
    this.captions.show();
    const prompt = part(this.root, '[data-sound-prompt]');
    if (prompt) prompt.hidden = stage.sound || this.asked;
    for (const chip of parts(this.root, '[data-view-choice]')) {
      chip.setAttribute('aria-pressed', String(chip.dataset['viewChoice'] === stage.main));
    }
  }

  private on(action: string, act: () => void): void {
    for (const button of parts(this.root, `[data-action="${action}"]`)) button.addEventListener('click', act);
  }

  private togglePlay(): void {
    if (this.stage.playing) this.stage.pause();
    else void this.stage.play();
  }

  private toggleSound(): void {
    // Once somebody has decided about the sound, the large button over the picture has done its work.
    this.asked = true;
    this.stage.hear(!this.stage.sound);
  }

  private toggleStart(): void {
    const { stage } = this;
    if (stage.mode === 'recorded') stage.open(this.home, stage.content);
    else stage.open('recorded', stage.content, 0);
  }

  private toggleSoundOnly(): void {
    const { stage } = this;
    const place = stage.mode === 'recorded' ? (stage.carrier?.video.currentTime ?? null) : null;
    stage.open(stage.mode, stage.content === 'sound' ? 'full' : 'sound', place);
  }

  private nextView(): void {
    const chips = parts(this.root, '[data-view-choice]').map((chip) => chip.dataset['viewChoice'] ?? '');
    const next = chips[(chips.indexOf(this.stage.main) + 1) % chips.length];
    if (next) this.stage.choose(next);
  }

  private async togglePip(): Promise<void> {
    const video = part<HTMLVideoElement>(this.frame, 'figure[data-main] video');
    if (document.pictureInPictureElement) await document.exitPictureInPicture();
    else if (video) await video.requestPictureInPicture().catch(() => undefined);
  }

  private async toggleFullscreen(): Promise<void> {
    if (document.fullscreenElement) await document.exitFullscreen();
    else if (document.fullscreenEnabled) await this.frame.requestFullscreen();
    else (part(this.frame, 'figure[data-main] video') as WebkitVideo | null)?.webkitEnterFullscreen?.();
    this.show();
  }
}
