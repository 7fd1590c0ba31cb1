import { Admission, OperationKind } from '@vvp/backstage-plugin-deploy-common';
import {
  AdmissionDesk,
  AdmissionRequest,
} from '../../restrictions/AdmissionDesk';
import {
  KnownEnvironment,
  TargetEnvironments,
} from '../../targets/TargetEnvironments';
import { NewOperation } from '../engine/types';
import { newOperation, OperationParts } from './newOperation';
import { assertAdmitted } from './toHttpError';
import { Caller, Idempotency, Started } from './types';

/** What every request comes to, whatever its kind: it is let through, and an operation is started, once. */
export class OperationStarter {
  readonly #environments: TargetEnvironments;
  readonly #desk: AdmissionDesk;
  readonly #findRepeated: (
    idempotency: Idempotency,
  ) => Promise<string | undefined>;
  readonly #submit: (operation: NewOperation) => Promise<Started>;

  constructor(options: {
    environments: TargetEnvironments;
    desk: AdmissionDesk;
    findRepeated: (idempotency: Idempotency) => Promise<string | undefined>;
    submit: (operation: NewOperation) => Promise<Started>;
  }) {
    this.#environments = options.environments;
    this.#desk = options.desk;
    this.#findRepeated = options.findRepeated;
    this.#submit = options.submit;
  }

  /** What was started by the same key is not refused because it runs. */
  async once(
    idempotency: Idempotency | undefined,
    start: () => Promise<Started>,
  ): Promise<Started> {
    const repeated = async () => {
      const id = idempotency && (await this.#findRepeated(idempotency));
      return id === undefined ? undefined : { id, created: false };
    };
    const earlier = await repeated();
    if (earlier) {
      return earlier;
    }
    try {
      return await start();
    } catch (error) {
      // A request with the same key may have come first meanwhile.
      const meanwhile = await repeated();
      if (meanwhile) {
        return meanwhile;
      }
      throw error;
    }
  }

  /** @returns what is waived by an override, to be kept with the operation. Throws what stands in the way. */
  async assertAdmitted(
    known: KnownEnvironment,
    kind: OperationKind,
    { automatic, permission, override }: Caller,
    comingIn: Pick<AdmissionRequest, 'releaseId' | 'lastRan'> = {},
  ): Promise<Admission['waived']> {
    const admission = await this.#desk.ask({
      kind,
      automatic,
      permission,
      ...(override && { override }),
      environmentId: known.id,
      ...comingIn,
    });
    assertAdmitted(admission);
    return admission.waived;
  }

  /** Hands what was let through to the engine. */
  async start(
    known: KnownEnvironment,
    kind: OperationKind,
    caller: Caller,
    parts: OperationParts,
  ): Promise<Started> {
    const driven = this.#environments.isDriven(known)
      ? this.#environments.driven(known)
      : undefined;
    return this.#submit(newOperation(known, driven, kind, caller, parts));
  }
}
