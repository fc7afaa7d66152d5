/** STUN and TURN servers as a WHIP endpoint names them in Link headers (RFC 9725, 4.6; RFC 8288, 3). Pure. */

const LINK = /<([^>]*)>((?:\s*;\s*[\w-]+="(?:[^"\\]|\\.)*")*)/g;
const PARAMETER = /([\w-]+)="((?:[^"\\]|\\.)*)"/g;

/** `header`: all Link headers of an answer, joined by commas; null without any. */
export function iceServers(header: string | null): RTCIceServer[] {
  return [...(header ?? '').matchAll(LINK)].flatMap(([, urls = '', rest = '']) => {
    const said = new Map([...rest.matchAll(PARAMETER)].map(([, name = '', value = '']) => [name, value.replace(/\\(.)/g, '$1')]));
    if (said.get('rel') !== 'ice-server') return [];
    const [username, credential] = [said.get('username'), said.get('credential')];
    return [username === undefined || credential === undefined ? { urls } : { urls, username, credential }];
  });
}
