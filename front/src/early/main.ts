/** Stands in the watch page itself and runs while that is read: asks for the first picture before any script has come. */
import { pageConfig, playlistOf, type WatchConfig } from '../page/config';
import { headStart } from '../player/head_start';
import { lineThought } from '../watch/line_memory';

const config = pageConfig<WatchConfig>();
const [view] = config.views;
if (view) {
  const address = playlistOf(config, view.id, 'live');
  window.headStart = headStart(address, config.language, lineThought(), config.multivariant);
}
