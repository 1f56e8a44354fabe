/** The letters of the fields of an error, by pg's names for them. */
const names: Readonly<Record<string, string>> = {
  S: 'severity',
  C: 'code',
  M: 'message',
  D: 'detail',
  H: 'hint',
  R: 'routine',
};

/** The error in an error message (E) of the server, as pg would return it. */
export function serverError(body: Buffer): Error {
  const fields: Record<string, string> = {};
  for (const field of body.toString('utf8').split('\0')) {
    const name = names[field.charAt(0)];
    if (name !== undefined) fields[name] = field.slice(1);
  }
  const { message = 'an error without a message', ...rest } = fields;
  return Object.assign(new Error(message), rest);
}
