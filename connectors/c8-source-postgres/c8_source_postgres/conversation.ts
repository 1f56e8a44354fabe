/** Checks that the messages of a server come in an order that has a meaning, and that an answer is as long as it says. */
export interface Conversation {
  /** Takes a message that is whole; returns what is wrong with it here, undefined when nothing is. */
  take(letter: string, body: Buffer): string | undefined;
  /** The server has ended an answer or a part of it, and what follows needs no work of it. */
  readonly isEnding: boolean;
}

/** Steps of a login with SCRAM, by the code that the server sends: each follows the one before it. */
const saslSteps: Readonly<Record<number, number>> = { 11: 10, 12: 11 };

/** A conversation from its first message on: the login. */
export function conversation(): Conversation {
  const login = new Set<number>();
  let columns: number | undefined;
  let rows = 0;
  let hasAnswered = false;
  /** By Parse, Bind and Execute, which run one statement. */
  let isExtended = false;
  let isEnding = false;

  function check(letter: string, body: Buffer): string | undefined {
    switch (letter) {
      case 'R':
        return stepOfLogin(body.readInt32BE(0));
      case '1':
        isExtended = true;
        return undefined;
      case 'T':
        columns = body.readInt16BE(0);
        rows = 0;
        return undefined;
      case 'D':
        rows += 1;
        if (columns === body.readInt16BE(0)) return undefined;
        return `a row of ${body.readInt16BE(0)} columns, and ${columns ?? 'none'} were described`;
      case 'C':
        return endOfCommand(body);
      case 'E':
        columns = undefined;
        hasAnswered = true;
        return hasFields(body, 'SCM') ? undefined : 'an error without its severity, code or message';
      case 'I':
        hasAnswered = true;
        return undefined;
      case 'Z':
        return readiness();
      case 'H':
      case 'd':
        return 'rows of a copy that was not requested';
      default:
        return undefined;
    }
  }

  function stepOfLogin(code: number): string | undefined {
    const before = saslSteps[code];
    if (login.has(0) || login.has(code) || (before !== undefined && !login.has(before)))
      return `step ${code} of the login out of order`;
    login.add(code);
    hasAnswered = code === 0;
    return undefined;
  }

  function endOfCommand(body: Buffer): string | undefined {
    const tag = body.toString('utf8', 0, body.length - 1);
    const isFalse = columns !== undefined && /^SELECT\b| \d+$/.test(tag) && !tag.endsWith(` ${rows}`);
    const problem = isFalse ? `${rows} rows came, and the server counted ${JSON.stringify(tag)}` : undefined;
    const isSecond = isExtended && hasAnswered;
    columns = undefined;
    rows = 0;
    hasAnswered = true;
    return isSecond ? 'two answers to one query' : problem;
  }

  function readiness(): string | undefined {
    if (!login.has(0)) return 'it accepts queries before the login';
    if (!hasAnswered) return 'it accepts the next query before it has answered the last one';
    hasAnswered = false;
    isExtended = false;
    return undefined;
  }

  return {
    take(letter, body) {
      isEnding = 'CcE'.includes(letter) || (isEnding && 'NSA'.includes(letter));
      return check(letter, body);
    },
    get isEnding() {
      return isEnding;
    },
  };
}

/** Whether a list of fields holds all of these letters. */
function hasFields(body: Buffer, letters: string): boolean {
  const fields = body.toString('latin1').split('\0');
  return [...letters].every((letter) => fields.some((field) => field.startsWith(letter)));
}
