/** Checks that the messages of a server come in an order that has a meaning, and that an answer is as long as it says. */
export interface Conversation {
  /** Takes a message that is whole; gives what is wrong with it here, undefined when nothing is. */
  take(letter: string, body: Buffer): string | undefined;
  /** The server has ended an answer or a part of it, and what follows needs no work of it. */
  readonly isEnding: boolean;
}

/** A conversation from its first message on: the login. */
export function conversation(): Conversation {
  let columns: number | undefined;
  let rows = 0;
  let hasAnswered = false;
  let isLoggedIn = false;
  let isEnding = false;

  function check(letter: string, body: Buffer): string | undefined {
    switch (letter) {
      case 'R':
        isLoggedIn ||= body.readInt32BE(0) === 0;
        return undefined;
      case 'T':
        columns = body.readInt16BE(0);
        rows = 0;
        return undefined;
      case 'D':
        rows += 1;
        if (columns === body.readInt16BE(0)) return undefined;
        return `a row of ${body.readInt16BE(0)} columns where ${columns ?? 'none'} were described`;
      case 'C':
        return endOfCommand(body);
      case 'E':
      case 'I':
        columns = undefined;
        hasAnswered = true;
        return undefined;
      case 'Z':
        if (!isLoggedIn) return 'it takes queries before the login';
        if (!hasAnswered) return 'it takes the next query and has not answered the last one';
        // The first one ends the login, which is an answer of its own.
        hasAnswered = false;
        return undefined;
      default:
        return undefined;
    }
  }

  function endOfCommand(body: Buffer): string | undefined {
    const tag = body.toString('utf8', 0, body.length - 1);
    const isFalse = columns !== undefined && /^SELECT\b| \d+$/.test(tag) && !tag.endsWith(` ${rows}`);
    const found = rows;
    columns = undefined;
    rows = 0;
    hasAnswered = true;
    return isFalse ? `${found} rows came where it counted ${JSON.stringify(tag)}` : undefined;
  }

  return {
    take(letter, body) {
      if (letter === 'R' && body.readInt32BE(0) === 0) hasAnswered = true;
      isEnding = letter === 'C' || letter === 'c' || letter === 'E' || (isEnding && letter === 'N');
      return check(letter, body);
    },
    get isEnding() {
      return isEnding;
    },
  };
}
