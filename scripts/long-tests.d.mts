export interface LongTest {
  readonly path: string;
  readonly seconds: number;
}
export function secondsOf(text: string): number | undefined;
export function longTests(): readonly LongTest[];
export function drawLongTests(seed: string, tests: readonly LongTest[]): readonly string[];
