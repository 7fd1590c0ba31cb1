import { formatImportReport } from './report/formatImportReport';
import { importing } from './__testUtils__/importing';
import { isSecretName, maskCommand, maskValue } from './source/literalSecrets';
import { commandsOf } from './source/commands';

/** Put together here, so that no scanner takes this file for a leak. */
const SECRETS = {
  password: ['hunter2', 'very', 'secret'].join('-'),
  aws: `AKIA${'ABCDEFGH'.repeat(2)}`,
  github: `ghp_${'abcdefgh'.repeat(4)}`,
  bearer: ['sk', 'live', '1234567890'].join('-'),
  url: 'pw123456',
};

const WORKFLOW = `name: d
on: { push: { branches: [main] } }
env:
  TOKEN: ${SECRETS.github}
  UNNAMED: ${SECRETS.aws}
jobs:
  deploy-shop:
    runs-on: ubuntu-latest
    environment: production
    env:
      JOB_PASSWORD: ${SECRETS.password}
    strategy:
      matrix:
        include:
          - { app: shop, api_key: ${SECRETS.password} }
    steps:
      - uses: azure/login@v2
        with: { creds: '{"clientSecret":"${SECRETS.password}"}' }
      - name: Deploy
        env:
          STEP_SECRET: ${SECRETS.password}
        run: |
          az containerapp update --name shop --resource-group G --image r.azurecr.io/shop:\${{ github.sha }} --set-env-vars DB_PASSWORD=${SECRETS.password} API_KEY=${SECRETS.aws} CONN="postgres://u:${SECRETS.url}@h/db" FROM_JOB=$JOB_PASSWORD PLAIN=1 KEYBOARD=de TOKEN_URL=https://login.example.test/token STORED=secretref:stored
          curl -H "Authorization: Bearer ${SECRETS.bearer}" https://x.example.test/
`;

describe('secrets that are written out in workflows', () => {
  const { text, spec, report } = importing([
    { file: 'deploy.yml', text: WORKFLOW },
  ]);

  it.each(Object.values(SECRETS))(
    'are neither in deploy.yaml nor in the report: %#',
    secret => {
      const said = [text, JSON.stringify(report), formatImportReport(report)];

      expect(said.filter(one => one.includes(secret))).toEqual([]);
    },
  );

  it('are not taken over, and what stands beside them is', () => {
    expect(spec.services[0].environments[0].deploy?.environment).toEqual({
      PLAIN: '1',
      KEYBOARD: 'de',
      TOKEN_URL: 'https://login.example.test/token',
      STORED: 'secretref:stored',
    });
  });

  it('are told with their names and what to do', () => {
    const told = report.items.filter(({ message = '' }) =>
      message.includes('in the clear'),
    );

    expect(
      told.map(({ line, disposition, remedy = '' }) => [
        line,
        disposition,
        /\{secret: (\w+)\}/.exec(remedy)?.[1],
      ]),
    ).toEqual([
      [4, 'unsupported', 'TOKEN'],
      [5, 'unsupported', 'UNNAMED'],
      [11, 'unsupported', 'JOB_PASSWORD'],
      [15, 'unsupported', 'API_KEY'],
      [18, 'unsupported', 'CREDS'],
      [21, 'unsupported', 'STEP_SECRET'],
      [23, 'imported', 'DB_PASSWORD'],
      [24, 'unsupported', 'NAME'],
    ]);
  });

  it.each([
    ['DB_PASSWORD', true],
    ['clientSecret', true],
    ['STRIPE_KEY', true],
    ['api-key', true],
    ['GITHUB_TOKEN', true],
    ['ADMIN_PWD', true],
    ['KEYBOARD', false],
    ['TOKEN_URL', false],
    ['MAX_TOKENS', false],
    ['CACHE_KEY', false],
    ['SECRET_NAME', false],
    ['key', false],
    ['secrets', false],
  ])('have names such as %s: %s', (name, is) => {
    expect(isSecretName(name)).toBe(is);
  });

  it.each([
    ['PASSWORD', '${{ secrets.PASSWORD }}'],
    ['PASSWORD', ''],
    ['TOKEN', 'Bearer ${{ secrets.TOKEN }}'],
    ['secret', 'ISSUER_SEED'],
    ['persist-credentials', 'false'],
    ['API_TOKEN', 'https://login.example.test/token'],
    ['PRIVATE_KEY', '/run/secrets/key.pem'],
    ['CONN', 'postgres://u:${{ secrets.PW }}@h/db'],
    ['DATABASE_URL', 'postgres://test:test@localhost:5432/test'],
    ['REMOTE', 'ssh://git@example.test/a.git'],
  ])('are not to be seen in %s: %s', (name, value) => {
    expect(maskValue(name, value)).toMatchObject({
      text: value,
      isSecret: false,
    });
  });

  it.each([
    'curl -H "Authorization: Bearer $TOKEN" https://x.example.test/',
    'curl -H "X-API-Key: ${{ secrets.KEY }}" https://x.example.test/',
    'curl -u "user:$PASSWORD" https://x.example.test/',
    'docker login -u me --password-stdin r.example.test',
    'docker build --secret id=npm,src=.npmrc .',
    'az login --password "$(cat password)"',
    'DB_PASSWORD="$DB_PASSWORD" npm test',
    'git clone "https://x-access-token:${TOKEN}@example.test/a.git"',
    'echo "The token was not accepted."',
    "test '${{ inputs.token == 'x' }}' = true",
  ])('are not to be seen in: %s', script => {
    const [{ text: command, words }] = commandsOf(script);

    expect(maskCommand(command, words)).toMatchObject({
      text: command,
      words,
      isSecret: false,
    });
  });

  it.each([
    `docker login -u me -p ${SECRETS.password} r.example.test`,
    `curl -u me:${SECRETS.password} https://x.example.test/`,
    `az login --password '${SECRETS.password}'`,
    `DB_PASSWORD="${SECRETS.password}" npm test`,
    `git clone https://me:${SECRETS.password}@example.test/a.git`,
    `kubectl create secret generic a --from-literal=password=${SECRETS.password}`,
    `echo ${SECRETS.github} | docker login`,
    `curl -H 'X-API-Key: ${SECRETS.password}' https://x.example.test/`,
  ])('are taken out of: %#', script => {
    const [{ text: command, words }] = commandsOf(script);
    const masked = maskCommand(command, words);

    expect(masked.isSecret).toBe(true);
    expect(JSON.stringify(masked)).not.toMatch(
      new RegExp(`${SECRETS.password}|${SECRETS.github}`),
    );
  });
});
