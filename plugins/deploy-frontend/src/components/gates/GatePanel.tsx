import { GateSummary } from '@vvp/backstage-plugin-deploy-common';
import { gatesText } from '../../logic/gates';
import { shortCommit } from '../../logic/links';
import { SidePanel } from '../common';
import { GateList } from './GateList';

/**
 * Every gate between a release and an environment, at the side of the page.
 *
 * @internal
 */
export function GatePanel(props: {
  entityRef: string;
  environment: string;
  gates: GateSummary;
  open: boolean;
  onClose(): void;
  onWaived(): void;
}) {
  const { entityRef, environment, gates, open, onClose, onWaived } = props;
  const { commit, version } = gates.release;
  return (
    <SidePanel
      title={`Gates of ${environment}`}
      note={`${gatesText(gates)} for ${
        version ? `${version}, ` : ''
      }${shortCommit(commit)}`}
      closeLabel="Close the gates"
      open={open}
      onClose={onClose}
    >
      <GateList
        entityRef={entityRef}
        environment={environment}
        gates={gates}
        onWaived={onWaived}
      />
    </SidePanel>
  );
}
