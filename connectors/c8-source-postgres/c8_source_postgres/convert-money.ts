import { type Anomalies, type Convert, putText, textOf } from 'c8connector-sql';

/** Money in the format of the locale C, always with two digits after the point. */
const moneyText = /^(-?)\$(\d{1,3}(?:,\d{3})*)\.(\d\d)$/;

/**
 * Converts `-$1,234.56` to a number. The server stores an integer, and the locale decides where its point is. C puts it before the last two digits, so the digits are read
 * without the point and scaled by `scale`, the fraction digits of the database's own locale. With `isQuoted` the number is written as a JSON string.
 */
export function convertMoney(scale: number, isQuoted: boolean, anomalies: Anomalies): Convert {
  return (bytes, start, end, out, at) => {
    const [, sign = '', whole, fraction = ''] = moneyText.exec(textOf(bytes, start, end)) ?? [];
    if (whole === undefined) anomalies.malformed('an amount of money');
    const number = `${sign}${scaled(BigInt(`${whole.replaceAll(',', '')}${fraction}`), scale)}`;
    return putText(isQuoted ? `"${number}"` : number, out, at);
  };
}

function scaled(units: bigint, scale: number): string {
  const digits = units.toString().padStart(scale + 1, '0');
  return scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
