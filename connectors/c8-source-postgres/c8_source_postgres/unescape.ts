const backslash = 0x5c;

/** The control character that a letter stands for behind a backslash in COPY text; 0 for all that stand for themselves. */
function controlOf(letter: number): number {
  if (letter === 0x6e) return 0x0a;
  if (letter === 0x74) return 0x09;
  if (letter === 0x72) return 0x0d;
  if (letter === 0x62) return 0x08;
  if (letter === 0x66) return 0x0c;
  return letter === 0x76 ? 0x0b : 0;
}

/** Copies a field of COPY text to the beginning of `scratch`, as the server's own text, and gives its length. */
export function unescapeField(bytes: Uint8Array, start: number, end: number, scratch: Uint8Array): number {
  let length = 0;
  for (let from = start; from < end; from++) {
    let byte = bytes[from] ?? 0;
    if (byte === backslash) {
      const letter = bytes[++from] ?? 0;
      byte = controlOf(letter) || letter;
    }
    scratch[length++] = byte;
  }
  return length;
}
