import { mockServices } from '@backstage/backend-test-utils';
import { generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { LoopbackIssuer } from './__testUtils__/loopbackIssuer';
import { OidcVerifier } from './OidcVerifier';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

describe('OidcVerifier', () => {
  let issuer: LoopbackIssuer;
  let now: number;

  beforeEach(async () => {
    issuer = await LoopbackIssuer.start();
    now = Date.now();
  });

  afterEach(() => issuer.stop());

  function verifier() {
    return new OidcVerifier({
      issuers: [
        { issuer: issuer.url, audience: 'deploy', host: 'github.example.test' },
      ],
      logger: mockServices.logger.mock(),
      now: () => now,
    });
  }

  /** A token that is good for long, so that the clock can be put on. */
  const longToken = (claims = {}) =>
    issuer.token({ exp: Math.floor(now / 1000) + 100 * 3600, ...claims });

  it('takes a right token, and tells its claims and who vouches for it', async () => {
    const token = await issuer.token();

    const verified = await verifier().verify(token);

    expect(verified.claims).toMatchObject({
      repository: 'Example-Org/vvp',
      run_id: '7',
    });
    expect(verified.issuer.host).toBe('github.example.test');
  });

  it.each([
    [
      'another audience',
      { aud: 'sts.example.test' },
      /sts\.example\.test.*\(aud\).*getIDToken\('deploy'\)/,
    ],
    ['no audience', { aud: undefined }, /lacks the claim aud/],
    [
      'another issuer',
      { iss: 'https://evil.example.test' },
      /not trusted \(iss\)/,
    ],
    [
      'an expiry in the past',
      { exp: Math.floor(Date.now() / 1000) - 61 },
      /has expired \(exp\)/,
    ],
    ['no expiry', { exp: undefined }, /lacks the claim exp/],
    ['no time of issue', { iat: undefined }, /lacks the claim iat/],
    [
      'a beginning in the future',
      { nbf: Math.floor(Date.now() / 1000) + 3_600 },
      /not valid yet \(nbf\)/,
    ],
  ])('refuses %s', async (_case, claims, message) => {
    const token = await issuer.token(claims);

    const verifying = verifier().verify(token);

    await expect(verifying).rejects.toMatchObject({
      name: 'AuthenticationError',
      message: expect.stringMatching(message),
    });
    await expect(verifying).rejects.not.toThrow(token);
  });

  it('bears with clocks that are up to a minute apart', async () => {
    const token = await issuer.token({ exp: Math.floor(now / 1000) - 30 });

    await expect(verifier().verify(token)).resolves.toBeDefined();
  });

  it('refuses the algorithm none', async () => {
    const token = new UnsecuredJWT(issuer.claims()).encode();

    await expect(verifier().verify(token)).rejects.toMatchObject({
      name: 'AuthenticationError',
      message: expect.stringContaining('(alg)'),
    });
  });

  it('refuses a shared secret', async () => {
    const token = await new SignJWT(issuer.claims())
      .setProtectedHeader({ alg: 'HS256', kid: issuer.kid })
      .sign(Buffer.alloc(64, 1));

    await expect(verifier().verify(token)).rejects.toMatchObject({
      name: 'AuthenticationError',
      message: expect.stringContaining('(alg)'),
    });
  });

  it('refuses a key that is not published', async () => {
    const { privateKey } = await generateKeyPair('RS256');
    const token = await issuer.token({}, { key: privateKey, kid: 'mine' });

    await expect(verifier().verify(token)).rejects.toMatchObject({
      name: 'AuthenticationError',
      message: expect.stringContaining('(kid)'),
    });
  });

  it('refuses a signature by another key under the name of a published one', async () => {
    const { privateKey } = await generateKeyPair('RS256');
    const token = await issuer.token({}, { key: privateKey });

    await expect(verifier().verify(token)).rejects.toMatchObject({
      name: 'AuthenticationError',
      message: expect.stringContaining('signature'),
    });
  });

  it('refuses a token whose claims were changed', async () => {
    const [header, , signature] = (await issuer.token()).split('.');
    const claims = Buffer.from(
      JSON.stringify(issuer.claims({ repository: 'evil/evil' })),
    ).toString('base64url');

    await expect(
      verifier().verify(`${header}.${claims}.${signature}`),
    ).rejects.toMatchObject({ name: 'AuthenticationError' });
  });

  it.each([
    ['nothing', ''],
    ['a word', 'x'],
    ['three words', 'a.b.c'],
    ['an empty token', 'e30.e30.'],
    ['a long header', `${'x'.repeat(9_000)}.e30.x`],
  ])('refuses %s', async (_case, token) => {
    await expect(verifier().verify(token)).rejects.toMatchObject({
      name: 'AuthenticationError',
    });
  });

  describe('and the keys of the issuer', () => {
    it('asks for them once', async () => {
      const subject = verifier();
      const token = await issuer.token();

      await Promise.all([1, 2, 3].map(() => subject.verify(token)));
      await subject.verify(token);

      expect(issuer.keyRequests).toBe(1);
    });

    it('asks again when a token names a new one, at the most every 30 seconds', async () => {
      const subject = verifier();
      await subject.verify(await longToken());
      await issuer.rotate();

      const afterRotation = await subject.verify(await longToken());
      const unknown = await issuer.token({}, { kid: 'unknown' });
      for (let attempt = 0; attempt < 5; attempt += 1) {
        await expect(subject.verify(unknown)).rejects.toThrow('(kid)');
      }

      expect(afterRotation.claims.repository).toBe('Example-Org/vvp');
      expect(issuer.keyRequests).toBe(2);
    });

    it('finds a key that came while it was not looking', async () => {
      const subject = verifier();
      await subject.verify(await longToken());
      await issuer.rotate();
      await subject.verify(await longToken());
      await issuer.rotate();
      const newest = await longToken();

      await expect(subject.verify(newest)).rejects.toThrow('(kid)');
      now += 31_000;
      await expect(subject.verify(newest)).resolves.toBeDefined();
    });

    it('forgets those that are no longer published', async () => {
      const subject = verifier();
      const withdrawn = await longToken();
      await subject.verify(withdrawn);
      await issuer.rotate();
      now += 11 * MINUTE_MS;

      await expect(subject.verify(withdrawn)).rejects.toThrow('(kid)');
    });

    it('lives through an outage with the last ones, for a day', async () => {
      const subject = verifier();
      const token = await longToken();
      await subject.verify(token);
      issuer.down = true;

      now += 23 * HOUR_MS;
      await expect(subject.verify(token)).resolves.toBeDefined();
      now += 2 * HOUR_MS;
      await expect(subject.verify(token)).rejects.toMatchObject({
        name: 'ServiceUnavailableError',
      });
      issuer.down = false;
      now += MINUTE_MS;
      await expect(subject.verify(token)).resolves.toBeDefined();
    });

    it('does not take a new key for a false one during an outage', async () => {
      const subject = verifier();
      await subject.verify(await longToken());
      now += MINUTE_MS;
      issuer.down = true;
      await issuer.rotate();

      await expect(subject.verify(await longToken())).rejects.toMatchObject({
        name: 'ServiceUnavailableError',
      });
    });

    it('says that it cannot tell without any, and does not press an issuer that is down', async () => {
      const subject = verifier();
      const token = await longToken();
      issuer.down = true;

      for (let attempt = 0; attempt < 5; attempt += 1) {
        await expect(subject.verify(token)).rejects.toMatchObject({
          name: 'ServiceUnavailableError',
          message: expect.stringContaining(issuer.url),
        });
      }
      issuer.down = false;
      now += 6_000;

      await expect(subject.verify(token)).resolves.toBeDefined();
      expect(issuer.discoveryRequests).toBe(2);
    });

    it.each([
      ['on another host', { jwks_uri: 'https://evil.example.test/jwks' }],
      ['that are no address', { jwks_uri: 7 }],
      ['of another issuer', { issuer: 'https://evil.example.test' }],
    ])('does not take keys %s', async (_case, discovery) => {
      issuer.discovery = discovery;

      await expect(
        verifier().verify(await issuer.token()),
      ).rejects.toMatchObject({ name: 'ServiceUnavailableError' });
      expect(issuer.keyRequests).toBe(0);
    });

    it.each<[string, (keys: string) => void]>([
      [
        'that it says are on another host',
        keys => {
          issuer.discovery = { jwks_uri: keys };
        },
      ],
      [
        'on another host that it leads to',
        keys => {
          issuer.keysAt = keys;
        },
      ],
    ])('does not even ask for keys %s', async (_case, lead) => {
      const other = await LoopbackIssuer.start();
      lead(`${other.url}/jwks`);
      const token = await other.token({ iss: issuer.url });

      const answer = await verifier()
        .verify(token)
        .catch(error => error);
      await other.stop();

      expect(answer).toMatchObject({ name: 'ServiceUnavailableError' });
      expect(other.keyRequests).toBe(0);
    });

    it.each([
      ['no list', { keys: 'x' }],
      ['an empty list', { keys: [] }],
      ['a secret', { keys: [{ kty: 'oct', kid: 'key', k: 'AAAA' }] }],
      ['too much', { keys: [], filler: 'x'.repeat(600_000) }],
      ['too many', { keys: Array(101).fill({ kty: 'RSA', kid: 'key' }) }],
      ['nothing', null],
    ])(
      'keeps the last ones when the issuer answers %s',
      async (_case, answer) => {
        const subject = verifier();
        const token = await longToken();
        await subject.verify(token);
        now += HOUR_MS;
        issuer.published = answer ?? 'nothing';

        await expect(subject.verify(token)).resolves.toBeDefined();
        expect(issuer.keyRequests).toBe(2);
      },
    );
  });
});
