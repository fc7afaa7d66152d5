/** The island's texts, in the page's language, with numbers written as that language writes them. */
export class Words {
  constructor(
    private readonly texts: Readonly<Record<string, string>>,
    private readonly locale: string,
  ) {}

  /** The text of `key` with each `{name}` filled in. An unknown key shows itself, so that it is found. */
  say(key: string, values: Readonly<Record<string, string>> = {}): string {
    const text = this.texts[key] ?? key;
    return text.replace(/\{(\w+)\}/g, (all, name: string) => values[name] ?? all);
  }

  has(key: string): boolean {
    return key in this.texts;
  }

  number(value: number, digits: number): string {
    return new Intl.NumberFormat(this.locale, {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    }).format(value);
  }

  /** A bitrate in words: "1.2 Mbit/s", "96 kbit/s". `bits` a second. */
  rate(bits: number): string {
    return bits >= 950_000
      ? this.say('rate-megabits', { value: this.number(bits / 1e6, 1) })
      : this.say('rate-kilobits', { value: this.number(Math.max(1, Math.round(bits / 1000)), 0) });
  }
}
