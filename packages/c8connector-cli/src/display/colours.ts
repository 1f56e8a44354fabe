import { styleText } from 'node:util';
import { visible } from 'c8connector';
import type { Painted } from './shown.ts';

type Colour = 'green' | 'yellow' | 'red' | 'dim';

/** Colours texts of our own for a stream that is a terminal; for others, with NO_COLOR set, or on a terminal without colours texts stay as they are. */
export function painter(stream: NodeJS.WriteStream): (colour: Colour, text: string) => Painted {
  const hasColours = stream.isTTY && (process.env.NO_COLOR ?? '') === '' && stream.hasColors(16);
  return (colour, text) => ({ painted: hasColours ? styleText(colour, visible(text)) : visible(text) });
}
