import { pageConfig, type WatchConfig } from '../page/config';
import { PlayerPage } from './player_page';

new PlayerPage(pageConfig<WatchConfig>(), 'live', window.headStart).start();
