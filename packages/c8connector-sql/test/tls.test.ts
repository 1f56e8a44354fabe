import { describe, expect, test } from 'vitest';
import { repairPem } from '../src/tls.ts';

describe('PEM', () => {
  const pem = '-----BEGIN CERTIFICATE-----\nTUlJ\nQkNE\n-----END CERTIFICATE-----\n';

  test.each([
    ['as it should be', pem],
    ['with blanks for line breaks', pem.trim().replaceAll('\n', ' ')],
    ['with \\n of two characters', pem.replaceAll('\n', '\\n')],
    ['with Windows line breaks', pem.replaceAll('\n', '\r\n')],
    ['with text around it', `subject: x\n${pem}`],
  ])('a certificate %s becomes PEM', (_, text) => {
    expect(repairPem(text, 'ssl_root_ca_cert')).toBe(pem);
  });

  test('a chain keeps all its certificates', () => {
    expect(repairPem((pem + pem).replaceAll('\n', ' '), 'ssl_root_ca_cert')).toBe(pem + pem);
  });

  test('a value that is not PEM is an error that names the property and does not show the value', () => {
    const repair = () => repairPem('/etc/secret/path.pem', 'ssl_client_key');
    expect(repair).toThrow(
      expect.objectContaining({ code: 'config_invalid', exitCode: 2, details: { property: 'ssl_client_key' } }),
    );
    expect(repair).toThrow(/Invalid PEM format in ssl_client_key/);
    expect(repair).not.toThrow(/secret/);
  });
});
