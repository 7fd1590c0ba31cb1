import { countErrors } from './countErrors';
import { readLevel } from './readLevel';

const errors = [
  '{"level":"error","msg":"call failed"}',
  '{"severity":"ERROR","message":"call failed"}',
  '{"lvl":"fatal","msg":"call failed"}',
  '{"levelname":"CRITICAL","message":"call failed"}',
  '{"level":50,"time":1767614400000,"msg":"pino"}',
  '{"name":"bunyan","level":60,"msg":"bunyan"}',
  '{"log.level":"error","message":"ECS"}',
  '{"TimeStamp":"2026-01-05T12:00:00Z","Log":"ERROR: in a wrapper"}',
  '2026-01-05T12:00:00.123Z {"level":"error","msg":"with a timestamp"}',
  '2026-01-05T12:00:00.123456Z ERROR vvp::issuer: call failed status=500',
  '\u001b[2m2026-01-05T12:00:00Z\u001b[0m \u001b[31mERROR\u001b[0m \u001b[2mvvp\u001b[0m: coloured',
  'ERROR:root:call failed',
  'CRITICAL:vvp.issuer:call failed',
  '2026-01-05 12:00:00,123 ERROR call failed',
  '2026-01-05 12:00:00,123 - vvp.issuer - ERROR - call failed',
  'vvp.issuer - ERROR - call failed',
  '[2026-01-05 12:00:00 +0000] [7] [ERROR] Exception in worker process',
  'ERROR:    Exception in ASGI application',
  '12:00:00.123 [main] ERROR org.example.test.Issuer - call failed',
  '2026-01-05T12:00:00.123Z ERROR 1 --- [           main] o.e.Issuer : call failed',
  '2026-01-05T12:00:00.000Z\terror\tissuer/main.go:12\tcall failed',
  'time="2026-01-05T12:00:00Z" level=error msg="call failed"',
  'ts=2026-01-05T12:00:00Z caller=main.go:1 level=fatal msg=boom',
  'E0612 12:00:00.123456       1 issuer.go:12] call failed',
  'F0612 12:00:00.123456       1 issuer.go:12] call failed',
  '2026/01/05 12:00:00 [error] 7#7: *1 connect() failed',
  '2026/01/05 12:00:00 [crit] 7#7: *1 SSL_write() failed',
  'ERROR call failed',
  '[ERROR] call failed',
  'FATAL: the database system is shutting down',
  'PANIC: could not write to file',
  'error: call failed',
  'TypeError: Cannot read properties of undefined',
  'Uncaught Error: call failed',
  "thread 'main' panicked at src/main.rs:10:5:",
  'panic: runtime error: index out of range [1] with length 1',
  'Exception in thread "main" java.lang.IllegalStateException: no',
  'Traceback (most recent call last):',
];

const others = [
  '',
  '0 errors',
  'Finished with 0 ERROR lines',
  'error=null',
  'ERROR=null',
  'error: none',
  'errors: 5',
  'error_count: 12',
  'INFO an error was mended',
  'INFO: last ERROR was an hour ago',
  '2026-01-05T12:00:00Z INFO vvp::issuer: no ERROR here error=None',
  '2026-01-05 12:00:00,123 - vvp - INFO - ERROR - is only text',
  '2026-01-05 12:00:00 error rate is 0',
  'WARN level=error is what it says',
  '{"level":"info","msg":"ERROR in the message","error":null}',
  '{"level":30,"msg":"pino info"}',
  '{"level":40,"msg":"pino warn","err":{"level":"error"}}',
  '{"msg":"no level at all","error":"call failed"}',
  '{"Log":"INFO: in a wrapper, no ERROR"}',
  'time="2026-01-05T12:00:00Z" level=info msg="error handled"',
  'I0612 12:00:00.123456       1 issuer.go:12] ERROR is mended',
  'W0612 12:00:00.123456       1 issuer.go:12] slow',
  '2026/01/05 12:00:00 [notice] 7#7: signal process started',
  '[INFO] [ERROR] is only text',
  'terror is no level',
  'user reported ERROR on the form',
  '10.0.0.1 - - [05/Jan/2026:12:00:00 +0000] "GET /error HTTP/1.1" 500 12',
  'ErrorBoundary mounted',
  'Error handler registered',
];

describe('readLevel', () => {
  it.each(errors)('takes for an error: %s', line => {
    expect(readLevel(line)).toBe(true);
  });

  it.each(others)('does not take for an error: %s', line => {
    expect(readLevel(line)).not.toBe(true);
  });

  it('judges lines that are long, deep or broken', () => {
    const long = `INFO ${'a'.repeat(200_000)}`;
    const deep = '{"log":'.repeat(5_000);

    expect(readLevel(long)).toBe(false);
    expect(readLevel(deep)).not.toBe(true);
    expect(readLevel(`{"level":"error"`)).not.toBe(true);
  });
});

describe('countErrors', () => {
  const counted = (log: string[], most = 100) => countErrors(log, most);

  it('counts errors among the newest entries only', () => {
    const log = ['ERROR old', 'INFO one', 'ERROR two', 'INFO three'];

    expect(counted(log)).toEqual({ errors: 2, entries: 4 });
    expect(counted(log, 3)).toEqual({ errors: 1, entries: 3 });
  });

  it('counts nothing in an empty log', () => {
    expect(counted([])).toEqual({ errors: 0, entries: 0 });
  });

  it.each<[string, string[], { errors: number; entries: number }]>([
    [
      'Java',
      [
        '12:00:00.123 [main] ERROR o.e.Issuer - call failed',
        'java.lang.IllegalStateException: no',
        '\tat org.example.test.Issuer.call(Issuer.java:12)',
        '\t... 12 more',
        'Caused by: java.io.IOException: gone',
        '\tat org.example.test.Http.get(Http.java:7)',
        '12:00:01.123 [main] INFO o.e.Issuer - next',
      ],
      { errors: 1, entries: 2 },
    ],
    [
      'Node',
      [
        'TypeError: Cannot read properties of undefined',
        '    at call (/app/issuer.js:12:3)',
        '    at process.processTicksAndRejections (node:internal)',
        'listening on 8080',
      ],
      { errors: 1, entries: 2 },
    ],
    [
      'Python, logged',
      [
        'ERROR:root:call failed',
        'Traceback (most recent call last):',
        '  File "/app/issuer.py", line 12, in call',
        '    raise ValueError("no")',
        'ValueError: no',
        'INFO:root:next',
      ],
      { errors: 1, entries: 2 },
    ],
    [
      'Python, chained and not caught',
      [
        'INFO:root:begin',
        'Traceback (most recent call last):',
        '  File "/app/issuer.py", line 12, in call',
        "KeyError: 'a'",
        '',
        'During handling of the above exception, another exception occurred:',
        '',
        'Traceback (most recent call last):',
        '  File "/app/issuer.py", line 14, in call',
        'vvp.errors.BadCall: no',
        'INFO:root:next',
      ],
      { errors: 1, entries: 3 },
    ],
    [
      'Rust',
      [
        "thread 'main' panicked at src/main.rs:10:5:",
        'index out of bounds',
        'stack backtrace:',
        '   0: rust_begin_unwind',
        'note: run with `RUST_BACKTRACE=full` for more',
        '2026-01-05T12:00:00Z INFO vvp: next',
      ],
      { errors: 1, entries: 2 },
    ],
    [
      'Go',
      [
        'panic: runtime error: index out of range',
        '',
        'goroutine 1 [running]:',
        'main.main()',
        '\t/app/main.go:12 +0x1d',
        'exit status 2',
        'time="2026-01-05T12:00:00Z" level=info msg=next',
      ],
      { errors: 1, entries: 2 },
    ],
    [
      'two exceptions of Node in a row',
      [
        'Error: one',
        '    at a (/app/a.js:1:1)',
        'Error: two',
        '    at b (/app/b.js:1:1)',
      ],
      { errors: 2, entries: 2 },
    ],
  ])('takes a stack trace for one entry: %s', (_name, log, expected) => {
    expect(counted(log)).toEqual(expected);
    expect(counted([log.join('\n')])).toEqual(expected);
  });
});
