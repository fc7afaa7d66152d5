/** Sends a form with its file so that its reader sees how far it is: over a thin line that takes minutes. */

export type Answer =
  | { kind: 'elsewhere'; address: string }
  | { kind: 'page'; text: string }
  | { kind: 'lost' };

/** sent: called with the share of the bytes that have left, 0 to 1. */
export function send(form: HTMLFormElement, sent: (share: number) => void): Promise<Answer> {
  const request = new XMLHttpRequest(); // fetch doesn't tell how much of a body has left
  request.open('POST', form.action);
  request.setRequestHeader('X-Tell-Redirect', '1');
  request.upload.addEventListener('progress', ({ loaded, total }) => sent(total ? loaded / total : 1));
  return new Promise((resolve) => {
    request.addEventListener('load', () => {
      const address = request.status === 204 ? request.getResponseHeader('Location') : null;
      resolve(address ? { kind: 'elsewhere', address } : { kind: 'page', text: request.responseText });
    });
    request.addEventListener('error', () => resolve({ kind: 'lost' }));
    request.send(new FormData(form));
  });
}
