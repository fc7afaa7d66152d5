// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EarlyAnswers } from './early_answers';
import { LineMeter } from './line_meter';
import type { PlaybackEvents } from './playback_kind';
import type { Wish } from './settings';
import { Stage } from './stage';
import type { StandIn } from './stand_in';

interface FakeScreen {
  view: string;
  address: string;
  wish: Wish;
  prepare: boolean;
  playback: StandIn;
  closed: boolean;
  seen: boolean;
}

const made = vi.hoisted(() => ({ screens: [] as FakeScreen[] }));

vi.mock('./screen', async () => {
  const { standIn: make } = await import('./stand_in');
  return {
    Screen: class implements FakeScreen {
      closed = false;
      seen = false;
      playback: StandIn;
      constructor(
        readonly view: string,
        readonly figure: HTMLElement,
        readonly address: string,
        readonly wish: Wish,
        events: PlaybackEvents,
        _share: unknown,
        readonly prepare: boolean,
      ) {
        this.playback = make({ shown: false, moment: null }, wish, events);
        made.screens.push(this);
      }
      get video(): HTMLVideoElement {
        return this.playback.video;
      }
      unveil(): void {
        this.seen = true;
      }
      close(): void {
        this.closed = true;
      }
    },
  };
});

const events = { onShown: vi.fn(), onWaiting: vi.fn(), onFirstFrame: vi.fn(), onNoPicture: vi.fn() };
let stage: Stage;
let root: HTMLElement;

const newest = (): FakeScreen => made.screens.at(-1) as FakeScreen;
const open = (): FakeScreen[] => made.screens.filter(({ closed }) => !closed);

/** Its first picture comes, at the carrier's moment. */
function shows(screen: FakeScreen, moment = 100): void {
  screen.playback.shown = true;
  screen.playback.moment = moment;
  screen.playback.events.onFirstFrame?.();
  vi.advanceTimersByTime(25);
}

function stageOf(...views: string[]): void {
  root = document.createElement('div');
  root.innerHTML = views.map((view) => `<figure data-view="${view}"><video></video></figure>`).join('');
  stage = new Stage({
    root, views, language: 'zh-Hans', line: new LineMeter(4e6), early: new EarlyAnswers(), events,
    address: (view, mode) => `${mode}/${view}`,
  });
  stage.open('live');
  shows(newest());
}

beforeEach(() => {
  made.screens = [];
  vi.useFakeTimers();
  for (const event of Object.values(events)) event.mockReset();
});
afterEach(() => {
  stage.close();
  vi.useRealTimers();
});

describe('the first picture', () => {
  it('comes alone; the second view follows once it is there', () => {
    root = document.createElement('div');
    root.innerHTML = '<figure data-view="a"><video></video></figure><figure data-view="b"><video></video></figure>';
    stage = new Stage({ root, views: ['a', 'b'], language: null, line: new LineMeter(4e6), early: new EarlyAnswers(), events, address: String });
    stage.open('live');
    vi.advanceTimersByTime(500);
    expect(open().map(({ view }) => view)).toEqual(['a']);
    shows(newest());
    expect(open().map(({ view }) => view)).toEqual(['a', 'b']);
    expect(newest().wish.content).toBe('picture');
  });
});

describe('a change of camera with one picture', () => {
  beforeEach(() => stageOf('a', 'b'));
  beforeEach(() => {
    stage.arrange('single');
    stage.choose('b');
  });

  it('keeps the old picture until the new one shows the same moment', () => {
    expect(stage.carrier).toBe(made.screens[0]?.playback);
    expect(newest().wish.moment).toBeGreaterThan(100);
    expect(newest().playback.video.muted).toBe(true);
    shows(newest());
    expect(stage.carrier).toBe(newest().playback);
    expect(open()).toHaveLength(1);
    expect(newest().playback.video.muted).toBe(false);
    expect(root.querySelector('[data-main]')?.getAttribute('data-view')).toBe('b');
    expect(stage.switchTime).not.toBeNull();
  });

  it('is taken for what was chosen from the touch on', () => {
    let seen = '';
    events.onShown.mockImplementation(() => { seen = stage.main; });
    stage.choose('a');
    expect(seen).toBe('a');
    stage.choose('b');
    expect(seen).toBe('b');
  });

  it('is taken back, and said to be, when there is nothing to show', () => {
    events.onShown.mockReset();
    vi.advanceTimersByTime(15_100);
    expect(stage.main).toBe('a');
    expect(open().map(({ view }) => view)).toEqual(['a']);
    expect(events.onNoPicture).toHaveBeenCalledOnce();
    expect(events.onShown).toHaveBeenCalled();
  });

  it('keeps its camera when a language is chosen meanwhile', () => {
    stage.speak('fr');
    expect(stage.main).toBe('b');
    shows(newest());
    expect(newest().view).toBe('b');
    expect(stage.carrier?.language).toBe('fr');
    expect(root.querySelector('[data-main]')?.getAttribute('data-view')).toBe('b');
  });

  it('is taken back by choosing the first camera again', () => {
    stage.choose('a');
    expect(open().map(({ view }) => view)).toEqual(['a']);
    expect(stage.main).toBe('a');
  });
});

describe('a change of language', () => {
  beforeEach(() => stageOf('a', 'b'));
  beforeEach(() => shows(newest()));

  it('is made where the sound is, and nothing else is opened or closed', () => {
    const { carrier, companion } = stage;
    stage.speak('fr');
    expect(carrier?.language).toBe('fr');
    expect(companion?.language).toBe('zh-Hans');
    expect([stage.carrier, stage.companion]).toEqual([carrier, companion]);
    expect(open()).toHaveLength(2);
  });

  it('holds for sound alone and for the camera that comes next', () => {
    stage.speak('fr');
    stage.open('live', 'sound');
    expect(newest().wish).toMatchObject({ content: 'sound', language: 'fr' });
  });
});

describe('the sound', () => {
  it('stays as it was set when the carrier changes', () => {
    stageOf('a', 'b');
    stage.hear(false, 0.5);
    stage.arrange('single');
    stage.choose('b');
    shows(newest());
    expect(newest().playback.video.muted).toBe(true);
    expect(newest().playback.video.volume).toBe(0.5);
  });
});

it('counts the stalls of all carriers', () => {
  stageOf('a', 'b');
  newest().playback.stalls = 7;
  (made.screens[0] as FakeScreen).playback.stalls = 2;
  stage.arrange('single');
  stage.choose('b');
  shows(newest());
  newest().playback.stalls = 1;
  expect(stage.stalls).toBe(3);
});
