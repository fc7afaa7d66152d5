import { pageConfig, type WatchConfig } from '../page/config';
import { PlayerPage } from '../watch/player_page';

new PlayerPage(pageConfig<WatchConfig>(), 'recorded').start();
