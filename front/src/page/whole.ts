/** Resolves once the page's elements are all there: an island that begins early waits for them here. */
export async function pageWhole(): Promise<void> {
  if (document.readyState !== 'loading') return;
  await new Promise((whole) => document.addEventListener('DOMContentLoaded', whole, { once: true }));
}
