/** Asks for all that the first picture needs while the player's own code is still on its way. */
import { EarlyAnswers } from './early_answers';
import { firstVariant, neededFrom, opening, soundOf } from './opening';

declare global {
  interface Window {
    /** What `early/main.ts` has asked for. */
    headStart?: EarlyAnswers;
  }
}

/**
 * `address`: the multivariant playlist's; `known`: its text a moment ago, which spares a round trip. `line`: bits/s.
 * What was asked for is in the answers; failures are the player's to meet.
 */
export function headStart(address: string, language: string | null, line: number, known: string | null = null): EarlyAnswers {
  const early = new EarlyAnswers();
  const begin = async (): Promise<void> => {
    const coming = early.text(address);
    const multivariant = known ?? (await coming) ?? '';
    const [picture, sound] = [firstVariant(multivariant, line), soundOf(multivariant, language)].map((uri) =>
      uri === null ? null : new URL(uri, address).href,
    );
    if (!picture || !sound) return;
    const [seen, heard] = [early.text(picture), early.text(sound)];
    const shown = opening((await seen) ?? '');
    if (shown === null) return;
    for (const uri of shown.needed) early.ask(new URL(uri, picture).href);
    for (const uri of neededFrom((await heard) ?? '', shown.from)) early.ask(new URL(uri, sound).href);
  };
  void begin();
  return early;
}
