import { readWorkflowSource } from '../workflows/WorkflowSource';
import { goodWorkflow, goodWorkflowBut } from './__testUtils__/goodWorkflow';
import { checkRules } from './checkRules';
import { BashParser } from './shell/BashParser';

const COMMIT = 'a'.repeat(40);

describe('checkRules', () => {
  let parser: BashParser;

  beforeAll(async () => {
    parser = await BashParser.create();
  });

  afterAll(() => {
    parser.dispose();
  });

  function findingsOf(text: string): string[] {
    const source = readWorkflowSource(text);
    if ('problems' in source) {
      throw new Error(JSON.stringify(source.problems));
    }
    return checkRules(parser, { file: 'a.yml', source }).map(
      ({ rule, line, column }) => `${rule} ${line}:${column}`,
    );
  }

  it('has nothing to say about a workflow that keeps to them', () => {
    expect(findingsOf(goodWorkflowBut({}))).toEqual([]);
  });

  const cases: [string, Record<number, string | undefined>, string[]][] = [
    [
      'an action by tag',
      { 16: '      - uses: actions/checkout@v4' },
      ['pinned-action 16:15'],
    ],
    [
      'an action by commit without its tag',
      { 16: without(goodWorkflow[15], ' # v4.2.2') },
      ['pinned-action 16:15'],
    ],
    [
      'an image by tag',
      { 37: '      - uses: docker://alpine:3.20' },
      ['pinned-action 37:15'],
    ],
    [
      'the workflow of somebody else by branch',
      {
        28: undefined,
        29: undefined,
        30: undefined,
        36: '    uses: example-org/shared/.github/workflows/deploy.yml@main',
        37: undefined,
      },
      ['pinned-action 33:11'],
    ],
    [
      'permissions that nobody chose',
      { 5: undefined, 34: undefined, 35: undefined },
      ['permissions 25:3'],
    ],
    ['every permission', { 5: 'permissions: write-all' }, ['permissions 5:14']],
    [
      'a right to write for every job',
      { 5: 'permissions:\n  packages: write' },
      ['permissions 6:3'],
    ],
    [
      'a right to tokens that nobody asks for',
      { 35: '      id-token: write', 37: '      - run: make deploy' },
      ['permissions 35:7'],
    ],
    [
      'tests that may ask for tokens to report',
      {
        14: '      contents: read\n      id-token: write',
        25: '          npm test\n      - run: .github/deploy/report-evidence.sh',
      },
      ['report-apart 15:7'],
    ],
    [
      'an action that may ask for tokens to report, by right of the whole workflow',
      {
        5: 'permissions:\n  id-token: write',
        13: undefined,
        14: undefined,
        19: undefined,
        20: undefined,
        21: undefined,
        22: undefined,
        23: undefined,
        24: undefined,
        25: `      - uses: example-org/scan@${COMMIT} # v1\n      - run: .github/deploy/report-evidence.sh`,
      },
      ['permissions 6:3', 'report-apart 6:3'],
    ],
    [
      'an expression in a script',
      {
        24: '          echo hello\n          echo "${{ github.sha }}"',
      },
      ['expression-in-script 25:17'],
    ],
    [
      'an expression in a script of one line',
      { 37: '      - run: ./deploy.sh ${{ github.sha }}' },
      ['expression-in-script 37:26'],
    ],
    [
      'a secret in a script',
      { 37: "      - run: ./deploy.sh '${{ secrets.KEY }}'" },
      ['secret-scope 37:14', 'expression-in-script 37:27'],
    ],
    [
      'a secret for the whole job',
      { 35: '      contents: read\n    env:\n      KEY: ${{ secrets.KEY }}' },
      ['secret-scope 37:12'],
    ],
    [
      'all secrets at once',
      { 22: '          TOKEN: ${{ toJSON(secrets) }}' },
      ['secret-scope 22:18'],
    ],
    [
      'a secret as an argument',
      { 25: '          docker login -p "$TOKEN" registry.example.test' },
      ['secret-in-arguments 25:29'],
    ],
    [
      'a copy of a secret as an argument',
      {
        25: '          header="Authorization: $TOKEN"\n          curl -H "${header}" https://example.test',
      },
      ['secret-in-arguments 26:22'],
    ],
    [
      'a secret in a substitution that is an argument',
      {
        25: '          curl -u "$(printf %s "user:$TOKEN")" https://example.test',
      },
      ['secret-in-arguments 25:39'],
    ],
    [
      'a key to the cloud',
      {
        22: '          AWS_SECRET_ACCESS_KEY: ${{ secrets.AWS_SECRET_ACCESS_KEY_PROD }}',
        25: undefined,
      },
      ['static-credential 22:34'],
    ],
    ['a job without a limit', { 29: undefined }, ['job-timeout 26:3']],
    [
      'scripts that go on after a failure',
      { 8: '    shell: bash' },
      ['strict-bash 23:14', 'strict-bash 37:14'],
    ],
    [
      'a deployment that a newer run stops',
      { 33: '      cancel-in-progress: true' },
      ['deployment-cancelled 33:27'],
    ],
    [
      'a workflow that a newer run stops, and that deploys',
      {
        5: 'permissions: {}\nconcurrency:\n  group: x\n  cancel-in-progress: true',
      },
      ['deployment-cancelled 8:23'],
    ],
    [
      "a stranger's code beside secrets",
      {
        3: '  pull_request_target:',
        18: '          persist-credentials: false\n          ref: ${{ github.event.pull_request.head.sha }}',
      },
      ['untrusted-checkout 19:16'],
    ],
    [
      'a token on the disk',
      { 17: undefined, 18: undefined },
      ['checkout-credentials 16:15'],
    ],
  ];

  it.each(cases)('finds %s', (_, lines, expected) => {
    expect(findingsOf(goodWorkflowBut(lines))).toEqual(expected);
  });

  it.each<[string, Record<number, string | undefined>]>([
    [
      'a job that reports and runs nothing else',
      {
        35: '      id-token: write',
        37: `      - uses: actions/download-artifact@${COMMIT} # v8.0.2\n      - run: .github/deploy/report-evidence.sh`,
      },
    ],
    [
      'tests that log in to a cloud, and report',
      {
        14: '      contents: read\n      id-token: write',
        25: `          npm test\n      - uses: azure/login@${COMMIT} # v3.0.1\n      - run: .github/deploy/report-evidence.sh`,
      },
    ],
    [
      'a script of their own that may ask for a token, beside reports',
      {
        35: '      id-token: write',
        37: '      - run: ./deploy.sh\n      - run: .github/deploy/report-evidence.sh',
      },
    ],
    [
      'a job that is called as the context of secrets',
      {
        22: '          TOKEN: ${{ needs.secrets.result && needs.secrets-daily.outputs.attempt }}',
      },
    ],
  ])('lets %s be', (_, lines) => {
    expect(findingsOf(goodWorkflowBut(lines))).toEqual([]);
  });

  it.each([
    ['a secret by standard input', '          cat <<< "$TOKEN" > /dev/null'],
    ['the length of a secret', '          expr "${#TOKEN}" + 1'],
    ['a secret in the environment', '          KEY="$TOKEN" ./deploy.sh'],
    ['a secret in single quotes', "          ./deploy.sh '$TOKEN'"],
    ['a secret in a comment', '          ./deploy.sh # "$TOKEN"'],
  ])('lets %s be', (_, line) => {
    expect(findingsOf(goodWorkflowBut({ 25: line }))).toEqual([]);
  });
});

function without(text: string, part: string): string {
  return text.replace(part, '');
}
