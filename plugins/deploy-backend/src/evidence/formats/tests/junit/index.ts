import { ReportFormat } from '../../types';
import { JunitParser } from './JunitParser';

/** JUnit XML. */
export const junit: ReportFormat = {
  format: 'junit',
  detect: head => /^<testsuites?[\s/>]/.test(withoutProlog(head)),
  createParser: () => new JunitParser(),
};

/** From the first tag on. */
function withoutProlog(head: string): string {
  let rest = head.trimStart();
  let end = endOfProlog(rest);
  while (end) {
    const at = rest.indexOf(end);
    rest = at < 0 ? '' : rest.slice(at + end.length).trimStart();
    end = endOfProlog(rest);
  }
  return rest;
}

function endOfProlog(text: string): string | undefined {
  if (text.startsWith('<!--')) {
    return '-->';
  }
  if (text.startsWith('<?')) {
    return '?>';
  }
  return text.startsWith('<!DOCTYPE') ? '>' : undefined;
}
