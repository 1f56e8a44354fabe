const plainCell = /[^",\r\n]*/y;

/** The rows of a CSV text, strictly by RFC 4180, the header first. An empty cell without quotes is null, one with quotes is ''. Throws where a character stands outside of the grammar. */
export function readCsv(text: string): (string | null)[][] {
  const rows: (string | null)[][] = [];
  let at = 0;
  const cell = (): string | null => {
    if (text[at] !== '"') {
      plainCell.lastIndex = at;
      const [plain = ''] = plainCell.exec(text) ?? [];
      at += plain.length;
      return plain === '' ? null : plain;
    }
    for (let start = at + 1; ; ) {
      const end = text.indexOf('"', start);
      if (end < 0) throw new Error('a quote without an end');
      if (text[end + 1] !== '"') {
        const quoted = text.slice(at + 1, end).replaceAll('""', '"');
        at = end + 1;
        return quoted;
      }
      start = end + 2;
    }
  };
  while (at < text.length) {
    const row = [cell()];
    while (text[at] === ',') {
      at += 1;
      row.push(cell());
    }
    if (text.slice(at, at + 2) !== '\r\n')
      throw new Error(`no end of a row at ${at}: ${JSON.stringify(text.slice(at - 20, at + 20))}`);
    at += 2;
    rows.push(row);
  }
  return rows;
}
