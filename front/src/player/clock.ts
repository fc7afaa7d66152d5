/** Seconds since the page began. */
export const now = (): number => performance.now() / 1000;
