/** What a stage is told when it is set up. */
import type { EarlyAnswers } from './early_answers';
import type { LineMeter } from './line_meter';
import type { PlaybackEvents } from './playback_kind';

export type Mode = 'live' | 'recorded';

export interface StageEvents extends PlaybackEvents {
  /** What is shown has changed: views, layout or mode. */
  onShown?: () => void;
  /** The camera that was chosen has nothing to show at this moment: the one before stays. */
  onNoPicture?: () => void;
}

export interface StageOptions {
  root: HTMLElement;
  views: readonly string[];
  language: string | null;
  line: LineMeter;
  /** What the head start has asked for, for the first screen. */
  early: EarlyAnswers;
  address: (view: string, mode: Mode) => string;
  events: StageEvents;
}
