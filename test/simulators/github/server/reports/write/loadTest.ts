/** What a load test measured. */
export interface LoadTest {
  requests: number;
  failures: number;
  seconds: number;
  /** Milliseconds, on average. */
  average: number;
}

/** Of a usual distribution of response times, as a multiple of the average. */
const PERCENTILES = { 50: 0.86, 90: 1.7, 95: 2.2, 99: 3.6, 100: 5.1 };

/** The `_stats.csv` of Locust. */
export function writeLocust(test: LoadTest): string {
  const { requests, failures, seconds, average } = test;
  const percentiles = Object.entries(PERCENTILES);
  const header = [
    'Type',
    'Name',
    'Request Count',
    'Failure Count',
    'Average Response Time',
    'Requests/s',
    ...percentiles.map(([percent]) => `${percent}%`),
  ];
  const values = [
    requests,
    failures,
    average,
    requests / seconds,
    ...percentiles.map(([, factor]) => Math.round(average * factor)),
  ].join(',');
  return `${header.join(',')}\nGET,/health,${values}\n,Aggregated,${values}\n`;
}

/** The summary that k6 writes with `--summary-export`. */
export function writeK6(test: LoadTest): string {
  const { requests, failures, seconds, average } = test;
  return JSON.stringify({
    metrics: {
      http_req_duration: {
        avg: average,
        ...Object.fromEntries(
          Object.entries(PERCENTILES).map(([percent, factor]) => [
            `p(${percent})`,
            average * factor,
          ]),
        ),
      },
      http_req_failed: {
        passes: failures,
        fails: requests - failures,
        value: failures / requests,
      },
      http_reqs: { count: requests, rate: requests / seconds },
    },
  });
}
