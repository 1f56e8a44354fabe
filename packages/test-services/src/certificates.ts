import 'reflect-metadata';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** All in PEM, made at start and valid for one day. */
export interface Certificates {
  /** Signed the server's certificate (for `localhost` and 127.0.0.1) and the client's. */
  readonly authority: string;
  /** Signed nothing here: a client that trusts only this one must refuse the server. */
  readonly otherAuthority: string;
  /** Its common name is the administrator of the server, such as `postgres`, which `cert` lines of pg_hba.conf ask for. */
  readonly clientCertificate: string;
  readonly clientKey: string;
}

export interface ServerCertificates {
  readonly forClients: Certificates;
  readonly serverCertificate: string;
  readonly serverKey: string;
}

/** @param client the common name of the client's certificate. */
export async function createCertificates(client = 'client'): Promise<ServerCertificates> {
  const [authority, other] = await Promise.all([createAuthority('test authority'), createAuthority('other authority')]);
  const [serverFiles, clientFiles] = await Promise.all([
    authority.issue('localhost', [
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension([
        { type: 'dns', value: 'localhost' },
        { type: 'ip', value: '127.0.0.1' },
      ]),
    ]),
    authority.issue(client, [new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth])]),
  ]);
  return {
    forClients: {
      authority: authority.certificate.toString('pem'),
      otherAuthority: other.certificate.toString('pem'),
      clientCertificate: clientFiles.certificate,
      clientKey: clientFiles.key,
    },
    serverCertificate: serverFiles.certificate,
    serverKey: serverFiles.key,
  };
}

interface Authority {
  readonly certificate: X509Certificate;
  issue(commonName: string, extensions: Extension[]): Promise<{ certificate: string; key: string }>;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

async function createAuthority(commonName: string): Promise<Authority> {
  const keys = await createKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${commonName}`,
    keys,
    signingAlgorithm: algorithm,
    ...validity(),
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });
  return {
    certificate,
    async issue(subject, extensions) {
      const subjectKeys = await createKeys();
      const issued = await X509CertificateGenerator.create({
        subject: `CN=${subject}`,
        issuer: certificate.subject,
        publicKey: subjectKeys.publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm: algorithm,
        ...validity(),
        extensions,
      });
      const key = PemConverter.encode(await crypto.subtle.exportKey('pkcs8', subjectKeys.privateKey), 'PRIVATE KEY');
      return { certificate: issued.toString('pem'), key };
    },
  };
}

function createKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

/** From an hour ago, for a clock that was set back. */
function validity(): { notBefore: Date; notAfter: Date } {
  const hour = 3_600_000;
  return { notBefore: new Date(Date.now() - hour), notAfter: new Date(Date.now() + 24 * hour) };
}
