/**
 * A line and a player that exist only in tests: parts are published by a clock, cross a line with delay, jitter,
 * loss and gaps, or one that was recorded, and are played by an element that does what the controller says. Time is
 * simulated, chance is seeded: each run is the same.
 */
import { LatencyController } from './latency';
import { LiveEdge } from './live_edge';

export interface Line {
  /** Round trip, seconds. */
  roundTrip: number;
  /** Most that chance adds to a crossing, seconds. */
  jitter: number;
  /** Chance that one packet is lost; TCP sends it again. */
  loss: number;
  /** Bits a second. */
  bandwidth: number;
  /** Nothing crosses between these two instants, seconds. */
  gap?: [number, number];
  /** Parts are asked for before they exist (preload hints), so they cost no round trip of their own. */
  hinted: boolean;
}

export interface Room {
  part: number;
  holdBack: number;
  bitrate: number;
}

export interface Moment {
  at: number;
  latency: number;
  rate: number;
  stalled: boolean;
  ahead: number;
  margin: number;
  sought: boolean;
}

const PACKET_BITS = 11_600;
const STEP = 0.01;
const CONTROL_EACH = 0.1;

const seeded = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

/** What a line did in a browser (bench/record_line.py). */
export interface RecordedLine {
  line: { roundTrip: number; bandwidth: number };
  /** When each part was told of, milliseconds behind the end of its time; null for one that was left out. */
  told: (number | null)[];
}

/** When each part's playlist and its bytes are with the player, seconds. */
interface Crossings {
  told: number[];
  arrived: number[];
}

function recorded({ line, told: late }: RecordedLine, room: Room): Crossings {
  const told = late.map((behind, part) => (behind === null ? Infinity : (part + 1) * room.part + behind / 1000));
  // One that was left out came with the next, and none before the one before it.
  for (let part = told.length - 2; part >= 0; part -= 1) told[part] = Math.min(told[part] ?? 0, told[part + 1] ?? 0);
  const arrived: number[] = [];
  for (const at of told) {
    arrived.push(Math.max(at + line.roundTrip, arrived.at(-1) ?? 0) + (room.bitrate * room.part) / line.bandwidth);
  }
  return { told, arrived };
}

function crossings(line: Line, room: Room, seconds: number): Crossings {
  const chance = seeded(7);
  const hold = (at: number): number => (line.gap && at >= line.gap[0] && at < line.gap[1] ? line.gap[1] + line.roundTrip : at);
  const crossing = (bits: number): number => {
    const packets = Math.ceil(bits / PACKET_BITS);
    let extra = chance() * line.jitter;
    for (let packet = 0; packet < packets; packet += 1) {
      // A lost packet in the middle is asked for again by its followers; the last one only by a timer.
      if (chance() < line.loss) extra += packet === packets - 1 ? 0.2 + line.roundTrip : line.roundTrip;
    }
    return line.roundTrip / 2 + bits / line.bandwidth + extra;
  };
  const told: number[] = [];
  const arrived: number[] = [];
  for (let part = 0; part * room.part < seconds; part += 1) {
    const published = (part + 1) * room.part;
    told.push(Math.max(hold(published + crossing(4_000)), told.at(-1) ?? 0));
    const asked = line.hinted ? published - line.roundTrip / 2 : Math.max(told.at(-1) ?? 0, arrived.at(-1) ?? 0);
    const sent = Math.max(published, asked + line.roundTrip / 2);
    arrived.push(Math.max(hold(sent + crossing(room.bitrate * room.part)), arrived.at(-1) ?? 0));
  }
  return { told, arrived };
}

/** Plays for `seconds` from `joinAt` on and returns what was seen each tenth of a second. */
export function play(line: Line | RecordedLine, room: Room, options: { seconds: number; voiced: boolean }): Moment[] {
  const joinAt = 5;
  const until = joinAt + options.seconds;
  const { told, arrived } = 'told' in line ? recorded(line, room) : crossings(line, room, until);
  const controller = new LatencyController();
  const edge = new LiveEdge();
  const moments: Moment[] = [];
  let rate = 1;
  let position = Math.floor(joinAt / room.part) * room.part - room.holdBack;
  let playing = false;
  let begun = false;
  let nextTold = told.findIndex((at) => at >= joinAt);
  let nextArrived = nextTold;
  let control = joinAt;
  for (let now = joinAt; now < until; now += STEP) {
    while ((told[nextTold] ?? Infinity) <= now) {
      edge.observe((nextTold + 1) * room.part, now);
      nextTold += 1;
    }
    while ((arrived[nextArrived] ?? Infinity) <= now) nextArrived += 1;
    const bufferedEnd = nextArrived * room.part;
    // Joining costs 0.35 s, as measured in a browser; a stall ends when two parts are there.
    if (!playing && bufferedEnd > position + (begun ? 2 * room.part : 0.1) && now > joinAt + 0.35) {
      playing = true;
      if (!begun) controller.join(now);
      begun = true;
    }
    if (playing) position += STEP * rate;
    if (playing && position >= bufferedEnd) {
      playing = false;
      position = bufferedEnd;
      controller.stall(now);
    }
    const edgeNow = edge.at(now);
    if (begun && now >= control && edgeNow !== null) {
      control = now + CONTROL_EACH;
      const command = controller.update({
        now, position, bufferedEnd, edge: edgeNow, edgeAge: edge.age(now), holdBack: room.holdBack, voiced: options.voiced,
      });
      rate = command.rate;
      if (command.seekTo !== null) position = command.seekTo;
      moments.push({
        at: now - joinAt, latency: edgeNow - position, rate, stalled: !playing, ahead: bufferedEnd - position,
        margin: controller.margin, sought: command.seekTo !== null,
      });
    }
  }
  return moments;
}
