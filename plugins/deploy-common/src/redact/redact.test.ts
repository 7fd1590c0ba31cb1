import fc from 'fast-check';
import { redact, redactUnless } from './redact';

/** Put together here, so that no scanner takes this file for a leak. */
const secret = ['s3cr3t', 'Value', '0123456789abcdef'].join('');
const jwt = ['eyJhbGciOiJSUzI1NiJ9', 'eyJzdWIiOiJkYW5hIn0', secret].join('.');
const pem = (kind: string) => ['-----', 'BEGIN ', kind, '-----'].join('');

describe('redact', () => {
  it.each([
    ['a bearer header', `Authorization: Bearer ${secret}`],
    ['a basic header', `authorization: Basic ${secret}==`],
    ['a header in JSON', `{"Authorization":"Bearer ${secret}"}`],
    ['a header without scheme', `Authorization: ${secret}`],
    [
      'an AWS header',
      `Authorization: AWS4-HMAC-SHA256 Credential=${secret}/20260101, SignedHeaders=host, Signature=${secret}`,
    ],
    ['an API key header', `X-API-Key: ${secret}`],
    ['a cookie', `Cookie: session=${secret}; other=${secret}`],
    ['a bearer token in a sentence', `refused Bearer ${secret} for dana`],
    ['a JSON web token', `got ${jwt} back`],
    ['a URL with a password', `https://dana:${secret}@example.test/path`],
    ['a URL with a token', `cloning https://${secret}@example.test/a.git`],
    [
      'a URL with an @ in its password',
      `https://dana:${secret}@${secret}@example.test`,
    ],
    ['a connection string', `postgresql://dana:${secret}@db.example.test/vvp`],
    ['a webhook of Slack', `https://hooks.slack.com/services/T0/B0/${secret}`],
    ['one of Teams', `https://a.webhook.office.com/webhookb2/${secret}@x/y`],
    ['one of Discord', `https://discord.com/api/webhooks/12345/${secret}`],
    [
      'one of Discord, old',
      `https://discordapp.com/api/v9/webhooks/1/${secret}`,
    ],
    ['one of Google', `https://chat.googleapis.com/v1/spaces/A/${secret}?x=y`],
    ['one of Zapier', `https://hooks.zapier.com/hooks/catch/1/${secret}`],
    [
      'a bot of Telegram',
      `https://api.telegram.org/bot1:${secret}/sendMessage`,
    ],
    ['a SAS', `https://a.example.test/b?sv=2024&sig=${secret}%3D&se=2026`],
    ['a presigned URL', `https://s.example.test/x?X-Amz-Signature=${secret}`],
    ['an AWS access key', `key AKIA${'ABCDEFGH'.repeat(2)} used`],
    ['an AWS secret key', `AWS_SECRET_ACCESS_KEY=${secret}`],
    ['an AWS session token', `aws_session_token = ${secret}`],
    ['a password', `DB_PASSWORD=${secret}`],
    ['a quoted password', `export DB_PASSWORD="${secret} ${secret}"`],
    ['a password in YAML', `password: ${secret}`],
    ['a password in JSON', `{"clientSecret": "${secret}"}`],
    ['an Azure key', `DefaultEndpoints;AccountKey=${secret};Endpoint=x`],
    ['a key by its name', `VVP_API_KEY='${secret}'`],
    ['a token by its name', `GITHUB_TOKEN=${secret}`],
    ['one of several passwords', `DB_PASSWORD_2=${secret}`],
    ['the hash of a password', `{"passwordHash":"${secret}"}`],
    ['the value of a token', `token-value: ${secret}`],
    ['a GitHub token', `using ghp_${secret} now`],
    ['a key like those of OpenAI', `with sk-${secret}`],
    ['a fine-grained GitHub token', `using github_pat_${secret} now`],
    ['a PEM block', `${pem('PRIVATE KEY')}\n${secret}\n${secret}`],
  ])('blacks out %s', (_case, text) => {
    const clean = redact(text);

    expect(clean).not.toContain(secret);
    expect(clean).not.toContain('ABCDEFGHABCDEFGH');
    expect(clean).toContain('***');
  });

  it.each([
    'Revision vvp-issuer--0000007 is healthy: 2 of 2 replicas ready.',
    'Shift the traffic to vvp-issuer--0000007',
    'https://portal.example.test/resource?api-version=2024-03-01',
    'git@example.test: mail dana@example.test about it',
    'registry.example.test/vvp-issuer@sha256:0123456789abcdef',
    'The token was not accepted. Renew the secret in the connection vvp.',
    'basic health checks of the monkey passed',
  ])('leaves alone: %s', text => {
    expect(redact(text)).toBe(text);
  });

  it('spares what is none after all, by what it is and what stands behind it', () => {
    const text = `postgres://a:${secret}@localhost/a PASSWORD=$PASSWORD KEY_PWD=${secret}`;

    expect(
      redactUnless(
        text,
        ({ whole, hidden, behind }) =>
          behind.startsWith('@localhost') ||
          (whole === 'PASSWORD=$PASSWORD' && hidden === '$PASSWORD'),
      ),
    ).toBe(`postgres://a:${secret}@localhost/a PASSWORD=$PASSWORD KEY_PWD=***`);
  });

  it('keeps what stands around a secret', () => {
    const text = `GET https://dana:${secret}@example.test/a failed`;

    expect(redact(text)).toBe('GET https://***@example.test/a failed');
  });

  it('changes nothing that is clean already', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), text => {
        const clean = redact(text);

        expect(redact(clean)).toBe(clean);
      }),
    );
  });

  it.each(['a', '=', '"', '\\', '-', 'token', 'eyJ', 'authorization:', '@'])(
    'ends on long runs of %s',
    part => {
      const text = part.repeat(20_000);

      expect(redact(text).length).toBeLessThanOrEqual(text.length);
    },
  );
});
