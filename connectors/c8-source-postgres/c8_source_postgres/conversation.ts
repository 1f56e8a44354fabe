/** Checks that the messages of a server come in a valid order, and that an answer has the announced length. */
export interface Conversation {
  /** Takes a complete message; returns what is wrong with it at this point, or undefined. */
  take(letter: string, body: Buffer): string | undefined;
  /** Whether the server has ended an answer or a part of it, so that the next message needs no more work on the server. */
  readonly isEnding: boolean;
}

/** Steps of a SCRAM login, by the code that the server sends, with the step that must come before. */
const saslSteps: Readonly<Record<number, number>> = { 11: 10, 12: 11 };

/** A new conversation, which begins with the login. */
export function conversation(): Conversation {
  const login = new Set<number>();
  let columns: number | undefined;
  let rows = 0;
  let hasAnswered = false;
  /** Whether the extended protocol is used (Parse, Bind and Execute), which runs one statement. */
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
        return `a row has ${body.readInt16BE(0)} columns, but ${columns ?? 'none'} were described`;
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
      return `step ${code} of the login came out of order`;
    login.add(code);
    hasAnswered = code === 0;
    return undefined;
  }

  function endOfCommand(body: Buffer): string | undefined {
    const tag = body.toString('utf8', 0, body.length - 1);
    const isFalse = columns !== undefined && /^SELECT\b| \d+$/.test(tag) && !tag.endsWith(` ${rows}`);
    const problem = isFalse ? `${rows} rows came, but the server counted ${JSON.stringify(tag)}` : undefined;
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

/** Whether a list of fields contains all of these letters. */
function hasFields(body: Buffer, letters: string): boolean {
  const fields = body.toString('latin1').split('\0');
  return [...letters].every((letter) => fields.some((field) => field.startsWith(letter)));
}
