import { formatImportReport } from './report/formatImportReport';
import { importing } from './__testUtils__/importing';
import { isSecretName, maskCommands, maskValue } from './source/literalSecrets';
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
    'docker run -u 1000:1000 --user node:node -p 8080:80 alpine',
    'openssl enc -pass env:PASSPHRASE -in a',
    'mysql -u root -p shop',
    'unzip -p a.zip b',
    'echo "$PASSWORD" | docker login -u me --password-stdin',
    'echo hello | docker build -',
    'curl "https://hooks.slack.com/services/${{ secrets.HOOK }}"',
    'curl "https://hooks.slack.com/services/$HOOK"',
    'bash -c "mysql -p$PASSWORD shop"',
  ])('are not to be seen in: %s', script => {
    const commands = commandsOf(script);

    expect(maskCommands(commands)).toEqual(
      commands.map(({ text: command, words }) => ({
        text: command,
        words,
        isSecret: false,
        names: [],
      })),
    );
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
    `mysql -uroot -p${SECRETS.password} shop`,
    `docker exec -i db mysqldump -p'${SECRETS.password}' shop > dump.sql`,
    `bash -c "mysql -p\"${SECRETS.password}\" shop"`,
    `mysql -p'very-'${SECRETS.password} shop`,
    `PGPASSWORD=${SECRETS.password} psql -h db`,
    `ssh host "PGPASSWORD=${SECRETS.password} psql -h db"`,
    `PGPASSFILE=x PLAIN=$(PGPASSWORD=${SECRETS.password} psql -c "select 1") run`,
    `tool --password=${SECRETS.password}`,
    `tool --token ${SECRETS.password}`,
    `curl -sSfu me:${SECRETS.password} https://x.example.test/`,
    `curl --user=me:${SECRETS.password} https://x.example.test/`,
    `BODY=$(curl -u me:${SECRETS.password} https://x.example.test/)`,
    `curl -H "Authorization: Bearer ${SECRETS.password}" https://x.example.test/`,
    `echo ${SECRETS.password} | docker login -u me --password-stdin`,
    `docker login -u me --password-stdin <<< ${SECRETS.password}`,
    `printf '%s' ${SECRETS.password} | gh auth login --with-token`,
    `echo "root:${SECRETS.password}" | sudo chpasswd`,
    `redis-cli -a ${SECRETS.password} ping`,
    `sshpass -p${SECRETS.password} ssh a@b.example.test`,
    `openssl enc -pass pass:${SECRETS.password} -in a`,
    `smbclient -U me%${SECRETS.password} //a.example.test/b`,
    `skopeo copy --src-creds me:${SECRETS.password} a b`,
    `cat <<EOF > .env\nDB_PASSWORD=${SECRETS.password}\nEOF`,
    `curl -d '{}' https://hooks.slack.com/services/T0/B0/${SECRETS.password}`,
    `curl -d '{}' https://discord.com/api/webhooks/12/${SECRETS.password}`,
    `curl -d '{}' https://a.webhook.office.com/webhookb2/${SECRETS.password}`,
  ])('are taken out of: %#', script => {
    const masked = maskCommands(commandsOf(script));

    expect(masked.some(({ isSecret }) => isSecret)).toBe(true);
    expect(JSON.stringify(masked)).not.toMatch(
      new RegExp(`${SECRETS.password}|${SECRETS.github}`),
    );
  });

  it.each([
    'a;',
    'a &',
    'word ',
    '$(',
    '$(a b) ',
    '"$(a b)" ',
    '<<< a ',
    '-u a:b ',
    'A_PASSWORD=xyz ',
    "'",
  ])('are looked for in long runs of %s', part => {
    const commands = commandsOf(part.repeat(3000));

    expect(maskCommands(commands)).toHaveLength(commands.length);
  });

  it('are taken over into no commands of tests', () => {
    const { text: written, report: told } = importing([
      {
        file: 'nightly.yml',
        text: `on: { schedule: [{ cron: '1 2 * * *' }] }
jobs:
  restore:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - uses: actions/checkout@v4
      - run: mysql -uroot -p${SECRETS.password} shop
      - uses: appleboy/ssh-action@v1
        with: { script: 'PGPASSWORD=${SECRETS.password} psql' }
      - uses: slackapi/slack-github-action@v2
        env: { SLACK_WEBHOOK: https://hooks.slack.com/services/T0/B0/${SECRETS.password} }
`,
      },
    ]);
    const items = told.items.filter(({ message = '' }) =>
      message.includes('in the clear'),
    );

    expect(
      items.map(({ line, remedy = '' }) => [
        line,
        /\{secret: (\w+)\}/.exec(remedy)?.[1],
      ]),
    ).toEqual([
      [8, 'PASSWORD'],
      [10, 'PGPASSWORD'],
      [12, 'SLACK_WEBHOOK'],
    ]);
    expect(written + JSON.stringify(told)).not.toContain(SECRETS.password);
  });

  it.each(['PGPASSWORD', 'SSHPASS', 'MYSQLPASSWORD'])(
    'have a name that is written as one word: %s',
    name => {
      expect(maskValue(name, SECRETS.password)).toMatchObject({
        text: '***',
        isSecret: true,
      });
    },
  );
});
