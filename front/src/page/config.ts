/**
 * What the page tells its island: `<script type="application/json" id="page-config">`.
 *
 *     const config = pageConfig<WatchConfig>();
 */

export interface PageConfig {
  readonly room: string;
  readonly title: string;
  /** Origin of the media server, without a slash at its end. */
  readonly media: string;
  readonly locale: string;
  readonly texts: Readonly<Record<string, string>>;
  /** Where a POST renews the cookie with the grant; the answer is `{"expiresIn": seconds}`. */
  readonly renew: string;
  /** Seconds between two renewals. */
  readonly renewAfter: number;
}

export interface WatchConfig extends PageConfig {
  readonly views: readonly { readonly id: string; readonly label: string }[];
  readonly languages: readonly {
    readonly tag: string;
    readonly label: string;
    readonly interpreted: boolean;
  }[];
  readonly floor: string;
  /** The language to begin with. */
  readonly language: string;
  readonly profile: string;
  /** On the watch page: the first view's multivariant playlist when the page was made; null while there is none. */
  readonly multivariant?: string | null;
  /** On the replay page: which recording, when it is not the newest one. */
  readonly take?: string | null;
}

/** Throws an Error when the page carries no configuration: then the page is broken and nothing can run. */
export function pageConfig<Config extends PageConfig>(): Config {
  const text = document.getElementById('page-config')?.textContent;
  if (!text) throw new Error('The page carries no page-config.');
  return JSON.parse(text) as Config;
}

/** Address of a view's multivariant playlist: live, or of what was recorded. */
export function playlistOf({ media, room, take }: WatchConfig, view: string, mode: 'live' | 'recorded'): string {
  const recording = take ? `takes/${take}/` : 'replay/';
  return `${media}/rooms/${room}/${mode === 'live' ? '' : recording}${view}/multivariant.m3u8`;
}
