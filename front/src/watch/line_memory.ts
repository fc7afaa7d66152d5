/** What the line carried the last time, so that the next visit begins with a fitting picture. */

/** Assumed before anything was measured, bits/s: a good line, so that most see a good picture from the first frame. */
const LINE_ASSUMED = 4e6;
const KEY = 'amphitheatre.line';
/** A line once measured may be worse today: begin a little below it. */
const CAUTION = 0.8;
/** A shorter visit has measured little but its own start and is not believed, seconds. */
const MEASURED = 10;

/** Bits a second for the types of the Network Information API that are too thin for the best picture. */
const THIN: Readonly<Record<string, number>> = { 'slow-2g': 100_000, '2g': 200_000, '3g': 900_000 };

interface Connection {
  effectiveType?: string;
  saveData?: boolean;
}

/** Bits a second to begin with. */
export function lineThought(): number {
  const connection = (navigator as { connection?: Connection }).connection;
  if (connection?.saveData) return 300_000;
  const remembered = Number(read());
  if (remembered > 0) return Math.max(150_000, remembered * CAUTION);
  // What a browser tells before it has measured is a guess; only its warning of a thin line is worth something.
  return THIN[connection?.effectiveType ?? ''] ?? LINE_ASSUMED;
}

/** `watched`: how long pictures have been on the screen, seconds. */
export function rememberLine(bits: number, watched: number): void {
  if (!Number.isFinite(bits) || bits <= 0 || watched < MEASURED) return;
  try {
    localStorage.setItem(KEY, String(Math.round(bits)));
  } catch {
    // Storage may be forbidden or full; then the next visit begins with the assumption.
  }
}

function read(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
