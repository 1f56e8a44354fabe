import { styleText } from 'node:util';

type Colour = 'green' | 'yellow' | 'red' | 'dim';

/** Colours texts for a stream that is a terminal; for others, with NO_COLOR set, or on a terminal without colours texts stay as they are. */
export function painter(stream: NodeJS.WriteStream): (colour: Colour, text: string) => string {
  const hasColours = stream.isTTY && (process.env.NO_COLOR ?? '') === '' && stream.hasColors(16);
  return (colour, text) => (hasColours ? styleText(colour, text) : text);
}
