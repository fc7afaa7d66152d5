import { pageConfig, type WatchConfig } from '../page/config';
import { pageWhole } from '../page/whole';

const config = pageConfig<WatchConfig>();
const { PlayerPage } = await import('../watch/player_page');
await pageWhole();
new PlayerPage(config, 'recorded').start();
