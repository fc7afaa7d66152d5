/** Sends a form with its file so that its reader sees how far it is: over a thin line that takes minutes.
 *
 *     const answer = await send(form, (share) => (bar.value = share), new AbortController().signal);
 */

export type Answer =
  | { kind: 'elsewhere'; address: string } // where the form's answer leads
  | { kind: 'page'; text: string }
  | { kind: 'lost' | 'changed' | 'stopped' }; // changed: the file, since it was chosen

const PATIENCE = 60_000; // ms in which nothing leaves
const LAST_PATIENCE = 300_000; // ms until the answer: what has left the browser may still be on this side of a thin line

/** sent: called with the share of the bytes that have left, 0 to 1. */
export async function send(
  form: HTMLFormElement,
  sent: (share: number) => void,
  stop: AbortSignal,
): Promise<Answer> {
  const answer = await exchanged(form, sent, stop);
  return answer.kind === 'lost' && !(await readable(form)) ? { kind: 'changed' } : answer;
}

function exchanged(form: HTMLFormElement, sent: (share: number) => void, stop: AbortSignal): Promise<Answer> {
  const request = new XMLHttpRequest(); // fetch doesn't tell how much of a body has left
  request.open('POST', form.action);
  request.setRequestHeader('X-Tell-Redirect', '1');
  return new Promise((resolve) => {
    let stalled = setTimeout(() => request.abort(), PATIENCE);
    request.upload.addEventListener('progress', ({ loaded, total }) => {
      clearTimeout(stalled);
      stalled = setTimeout(() => request.abort(), loaded < total ? PATIENCE : LAST_PATIENCE);
      sent(total ? loaded / total : 1);
    });
    request.addEventListener('loadend', () => {
      clearTimeout(stalled);
      if (stop.aborted) return resolve({ kind: 'stopped' });
      if (request.status === 0) return resolve({ kind: 'lost' });
      const address = request.status === 204 ? request.getResponseHeader('Location') : null;
      resolve(address ? { kind: 'elsewhere', address } : { kind: 'page', text: request.responseText });
    });
    stop.addEventListener('abort', () => request.abort());
    request.send(new FormData(form));
  });
}

/** A spreadsheet that was saved again is another file to the browser, which refuses to send it. */
async function readable(form: HTMLFormElement): Promise<boolean> {
  const fields = [...form.querySelectorAll<HTMLInputElement>('input[type=file]')];
  const files = fields.flatMap((field) => [...(field.files ?? [])]);
  return Promise.all(files.map((file) => file.slice(0, 1).arrayBuffer())).then(
    () => true,
    () => false,
  );
}
