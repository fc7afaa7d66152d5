/** Runs before the page is whole: asks for the first picture, then fetches the player. */
import { pageConfig, playlistOf, type WatchConfig } from '../page/config';
import { pageWhole } from '../page/whole';
import { headStart } from '../player/head_start';
import { lineThought } from './line_memory';

const config = pageConfig<WatchConfig>();
const [view] = config.views;
const early = headStart(view ? playlistOf(config, view.id, 'live') : '', config.language, lineThought());
const { PlayerPage } = await import('./player_page');
await pageWhole();
new PlayerPage(config, 'live', early).start();
