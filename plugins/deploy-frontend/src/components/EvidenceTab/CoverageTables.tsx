import { makeStyles } from '@material-ui/core/styles';
import {
  CoverageCount,
  CoverageCounts,
  CoveredFile,
  EvidenceDetail,
} from '@vvp/backstage-plugin-deploy-common';
import { share } from '../../logic/evidence';
import { numberText, percentText } from '../../logic/numbers';
import { DataColumn, DataTable } from '../common';
import { SubHeading } from './SubHeading';

const useStyles = makeStyles(theme => ({
  bar: {
    display: 'inline-block',
    width: 64,
    height: 6,
    marginRight: theme.spacing(1),
    verticalAlign: 'middle',
    borderRadius: 3,
    background: theme.palette.divider,
    overflow: 'hidden',
    [theme.breakpoints.down('sm')]: { display: 'none' },
  },
  filled: {
    display: 'block',
    height: '100%',
    background: theme.palette.type === 'dark' ? '#a6c8ff' : '#0b57d0',
  },
}));

const countColumns: DataColumn<CoverageCounts>[] = [
  {
    title: 'Lines',
    noWrap: true,
    cell: ({ lines }) => <Share count={lines} withBar />,
  },
  {
    title: 'Not covered',
    noWrap: true,
    wide: true,
    cell: ({ lines }) => numberText(lines.total - lines.covered),
  },
  {
    title: 'Branches',
    noWrap: true,
    wide: true,
    cell: ({ branches }) => <Share count={branches} />,
  },
];

/**
 * Where the coverage is lost: by package, and the files with the least of it.
 *
 * @internal
 */
export function CoverageTables(props: { detail: EvidenceDetail }) {
  const { files = [], packages = [], summary } = props.detail;
  const all = summary.type === 'coverage' ? summary.files : files.length;
  return (
    <>
      {packages.length > 1 && (
        <div>
          <SubHeading>Packages</SubHeading>
          <DataTable<CoverageCounts & { name: string }>
            label="Coverage by package, least first"
            noun="package"
            rows={[...packages].sort(leastFirst)}
            keyOf={({ name }) => name}
            columns={[
              { title: 'Package', cell: ({ name }) => name },
              ...countColumns,
            ]}
          />
        </div>
      )}
      {files.length > 0 && (
        <div>
          <SubHeading
            note={
              files.length < all
                ? `${numberText(files.length)} of ${numberText(all)} files`
                : undefined
            }
          >
            Files with the least coverage
          </SubHeading>
          <DataTable<CoveredFile>
            label="Files with the least coverage"
            noun="file"
            rows={files}
            keyOf={({ path }) => path}
            columns={[
              { title: 'File', cell: ({ path }) => path },
              ...countColumns,
            ]}
          />
        </div>
      )}
    </>
  );
}

function Share(props: { count?: CoverageCount; withBar?: boolean }) {
  const { count, withBar } = props;
  const classes = useStyles();
  const value = share(count);
  return (
    <>
      {withBar && value !== undefined && (
        <span className={classes.bar} aria-hidden>
          <span className={classes.filled} style={{ width: `${value}%` }} />
        </span>
      )}
      {percentText(value)}
    </>
  );
}

function leastFirst(left: CoverageCounts, right: CoverageCounts): number {
  return (share(left.lines) ?? 101) - (share(right.lines) ?? 101);
}
