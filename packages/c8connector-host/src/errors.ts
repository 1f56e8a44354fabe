import { ConfigError, isC8Error } from 'c8connector';

/** Whether an error is a ConfigError, of any copy of the core. */
export function isConfigError(error: unknown): error is ConfigError {
  return isC8Error(error) && error.name === 'ConfigError';
}

/** The same error for a part of something larger: each line of its message begins with `part`, and the paths of its problems begin with `property`. */
export function errorOfPart(error: ConfigError, part: string, property: string): ConfigError {
  return new ConfigError(error.message.replace(/^(?! )/gm, `${part}: `), {
    code: error.code,
    problems: error.problems.map((problem) => ({ ...problem, property: `${property}.${problem.property}` })),
    cause: error,
    ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
  });
}
