export { jobReports } from './jobReports';
export { ReportSender, type ReportTarget } from './ReportSender';
