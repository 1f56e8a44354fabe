import { styleText } from 'node:util';
import { visible } from 'c8connector';
import type { Painted } from './shown.ts';

type Colour = 'green' | 'yellow' | 'red' | 'dim';

/** Colours our own texts when the stream is a terminal with colours and NO_COLOR is not set. */
export function painter(stream: NodeJS.WriteStream): (colour: Colour, text: string) => Painted {
  const hasColours = stream.isTTY && (process.env.NO_COLOR ?? '') === '' && stream.hasColors(16);
  return (colour, text) => ({ painted: hasColours ? styleText(colour, visible(text)) : visible(text) });
}
