import { generate } from 'selfsigned';

/** A private authority, and a certificate for 127.0.0.1 that it signed. */
export interface Certificates {
  /** PEM of the authority, for those who are to trust it. */
  ca: string;
  cert: string;
  key: string;
}

/** Made anew for each simulator; its keys are never stored. */
export async function createCertificates(): Promise<Certificates> {
  const options = {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() - 60_000),
    notAfterDate: new Date(Date.now() + 30 * 86_400_000),
  } as const;
  const authority = await generate(
    [{ name: 'commonName', value: 'Simulated authority' }],
    {
      ...options,
      extensions: [
        { name: 'basicConstraints', cA: true, critical: true },
        { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
      ],
    },
  );
  const server = await generate(
    [{ name: 'commonName', value: 'Simulated Azure' }],
    {
      ...options,
      ca: { key: authority.private, cert: authority.cert },
      extensions: [
        { name: 'basicConstraints', cA: false },
        { name: 'extKeyUsage', serverAuth: true },
        {
          name: 'subjectAltName',
          altNames: [
            { type: 7, ip: '127.0.0.1' },
            { type: 2, value: 'localhost' },
          ],
        },
      ],
    },
  );
  return { ca: authority.cert, cert: server.cert, key: server.private };
}
