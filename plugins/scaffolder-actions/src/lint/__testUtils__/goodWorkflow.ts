const checkout =
  'actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2';

/** A workflow that nothing is to be said about, line by line, so that tests can put something else in. */
export const goodWorkflow: readonly string[] = [
  /*  1 */ 'name: Deploy',
  /*  2 */ 'on:',
  /*  3 */ '  push:',
  /*  4 */ '    branches: [main]',
  /*  5 */ 'permissions: {}',
  /*  6 */ 'defaults:',
  /*  7 */ '  run:',
  /*  8 */ '    shell: bash -euo pipefail {0}',
  /*  9 */ 'jobs:',
  /* 10 */ '  test:',
  /* 11 */ '    runs-on: ubuntu-24.04',
  /* 12 */ '    timeout-minutes: 10',
  /* 13 */ '    permissions:',
  /* 14 */ '      contents: read',
  /* 15 */ '    steps:',
  /* 16 */ `      - uses: ${checkout}`,
  /* 17 */ '        with:',
  /* 18 */ '          persist-credentials: false',
  /* 19 */ '      - name: Test',
  /* 20 */ '        env:',
  /* 21 */ '          TITLE: ${{ github.event.head_commit.message }}',
  /* 22 */ '          TOKEN: ${{ secrets.REGISTRY_TOKEN }}',
  /* 23 */ '        run: |',
  /* 24 */ '          echo "$TITLE"',
  /* 25 */ '          printf %s "$TOKEN" | docker login --password-stdin registry.example.test',
  /* 26 */ '  deploy:',
  /* 27 */ '    needs: test',
  /* 28 */ '    runs-on: ubuntu-24.04',
  /* 29 */ '    timeout-minutes: 20',
  /* 30 */ '    environment: production',
  /* 31 */ '    concurrency:',
  /* 32 */ '      group: production',
  /* 33 */ '      cancel-in-progress: false',
  /* 34 */ '    permissions:',
  /* 35 */ '      contents: read',
  /* 36 */ '    steps:',
  /* 37 */ '      - run: ./deploy.sh',
];

/** With lines replaced, by number; a text of several lines for several, `undefined` for none. */
export function goodWorkflowBut(
  lines: Readonly<Record<number, string | undefined>>,
): string {
  return goodWorkflow
    .flatMap((line, index) =>
      index + 1 in lines ? lines[index + 1] ?? [] : line,
    )
    .join('\n')
    .concat('\n');
}
