/** Stands in the watch page itself and runs while that is read: asks for the first picture before any script has come. */
import { pageConfig, playlistOf, type WatchConfig } from '../page/config';
import { headStart } from '../player/head_start';
import { lineThought } from '../watch/line_memory';

const config = pageConfig<WatchConfig>();
const [view] = config.views;
if (view) window.headStart = headStart(playlistOf(config, view.id, 'live'), config.language, lineThought());
