import Hls from 'hls.js'; console.log(Hls.version);
