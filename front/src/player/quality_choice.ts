/**
 * hls.js chooses the quality as ever, by what our meter says of the line; a better one only when it would have done so for
 * a while. Near the live edge every change costs most of what is buffered.
 */
import Hls from 'hls.js';
import { now } from './clock';
import type { Share } from './line_meter';

/** A line must carry so many times the average bitrate of what is played. */
const AIR = 1.15;
/** A better quality must have been fit for this long, and twice as long after each one that didn't last; seconds. */
const PATIENCE = 3;
const PATIENCE_MOST = 60;
/** One that had to be left sooner than this didn't last, seconds. */
const LASTING = 30;

/** `share`: of the picture that is chosen for. */
export function choiceBy(share: Share): typeof Hls.DefaultConfig.abrController {
  return class QualityChoice extends Hls.DefaultConfig.abrController {
    private patience = PATIENCE;
    private betterSince: number | null = null;
    private before = -1;
    private roseAt = -Infinity;

    constructor(hls: Hls) {
      super(hls);
      this.listen();
    }

    /** hls.js gives up a part that comes too slowly: the line carries less than was thought. */
    override resetEstimator(estimate?: number): void {
      super.resetEstimator(estimate);
      this.listen();
      if (estimate) share.doubt(estimate);
    }

    override get nextAutoLevel(): number {
      const found = Math.min(super.nextAutoLevel, this.carried);
      const { loadLevel } = this.hls;
      this.notice(loadLevel);
      if (loadLevel < 0 || found <= loadLevel) {
        this.betterSince = null;
        return found;
      }
      this.betterSince ??= now();
      return now() - this.betterSince < this.patience ? loadLevel : found;
    }

    override set nextAutoLevel(level: number) {
      super.nextAutoLevel = level;
    }

    /** What has become of the last choice. */
    private notice(level: number): void {
      if (level > this.before && this.before >= 0) this.roseAt = now();
      else if (level < this.before && now() - this.roseAt < LASTING) {
        this.patience = Math.min(PATIENCE_MOST, 2 * this.patience);
        this.roseAt = -Infinity;
      }
      if (level !== this.before) this.betterSince = null;
      this.before = level;
    }

    /** The best level that leaves the line some air. */
    private get carried(): number {
      const { levels, minAutoLevel } = this.hls;
      const bits = this.bwEstimator.getEstimate();
      return Math.max(minAutoLevel, levels.findLastIndex(({ averageBitrate }) => AIR * averageBitrate <= bits));
    }

    private listen(): void {
      const { bwEstimator } = this;
      const own = bwEstimator.getEstimate.bind(bwEstimator);
      bwEstimator.getEstimate = () => (share.measured ? share.bits : own());
    }
  };
}
