/**
 * Jobs of a workflow that measures and reports, as generated pipelines have them: what tests install can do what
 * their job can, so the token belongs to a job of its own that runs none of it.
 *
 * @param portal - address of the deploy backend
 * @internal
 */
export function reportSnippet(options: {
  entityRef: string;
  portal: string;
}): string {
  const { entityRef, portal } = options;
  return `jobs:
  test:
    runs-on: ubuntu-24.04
    timeout-minutes: 15
    permissions:
      contents: read
    outputs:
      attempt: \${{ github.run_attempt }}
    steps:
      - name: Check out
        uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          persist-credentials: false
      - name: Test
        run: pytest --cov --cov-report=xml:coverage.xml
      - name: Keep the reports for the portal
        if: '!cancelled()'
        uses: actions/upload-artifact@cf430e030ddbb5b0abf93d22962f4752f3646cd9 # v7.0.2
        with:
          name: test-reports-\${{ github.run_attempt }}
          path: coverage.xml
          if-no-files-found: ignore

  test-report:
    needs:
      - test
    if: "!cancelled() && (needs.test.result == 'success' || needs.test.result == 'failure')"
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    permissions:
      id-token: write
    steps:
      - name: Fetch the reports
        uses: actions/download-artifact@9000827ccba6bdab643e8b6fd33ac0654aef8333 # v8.0.2
        with:
          pattern: test-reports-\${{ needs.test.outputs.attempt }}
          path: reports
          merge-multiple: true
      - name: Report to the portal
        env:
          PORTAL: ${portal}
          ENTITY: ${entityRef}
          # Of a pull request, the commit that is proposed and not its merge with the base
          COMMIT: \${{ github.event.pull_request.head.sha || github.sha }}
        run: |
          token=$(curl -sSf -H @- "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=deploy" \\
            <<< "Authorization: bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN" | jq -r .value)
          curl -sS --fail-with-body -H @- --data-binary @reports/coverage.xml \\
            "$PORTAL/evidence?entityRef=$ENTITY&commit=$COMMIT&type=coverage&suite=unit" \\
            <<< "Authorization: Bearer $token"
`;
}
