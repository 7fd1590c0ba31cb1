import { randomUUID } from 'node:crypto';
import { AwsError } from '../ecs/AwsError';
import { ecrOperations } from '../ecr/operations';
import {
  changingOperations,
  ecsOperations,
  Operation,
} from '../ecs/operations';
import { World } from '../ecs/World';
import { Ledger } from '../model/Ledger';
import { AwsService } from '../model/schema';
import { toWire } from '../model/validate';
import { assumeRole, Role } from '../sts/assumeRole';
import { readQuery, writeAnswer, writeError } from '../sts/query';
import { Faults } from './Faults';
import { checkSignature, Credential, SignedRequest } from './signature';

export interface AwsReply {
  status: number;
  type: string;
  body: string;
  /** The connection is cut instead of answered. */
  cut?: boolean;
}

/** One request that came in. */
export interface RequestRecord {
  at: string;
  service: AwsService;
  operation: string;
  accessKeyId?: string;
  changes: boolean;
  /** Name of the error that it was answered with; absent if all went well. */
  error?: string;
  request: unknown;
}

const json = 'application/x-amz-json-1.1';
const xml = 'text/xml';
const keptRecords = 5000;
const jsonServices: readonly {
  service: AwsService;
  /** Of X-Amz-Target. */
  prefix: string;
  operations: Record<string, Operation>;
}[] = [
  {
    service: 'ecs',
    prefix: 'AmazonEC2ContainerServiceV20141113',
    operations: ecsOperations,
  },
  {
    service: 'ecr',
    prefix: 'AmazonEC2ContainerRegistry_V20150921',
    operations: ecrOperations,
  },
];

/** Answers as ECS and ECR (JSON 1.1) and STS (query) do, and keeps book of it. */
export class AwsBackend {
  readonly world = new World();
  readonly faults = new Faults();
  readonly ledger: Ledger;
  readonly log: RequestRecord[] = [];
  /** Called before a service is described. */
  onLook: (() => void) | undefined;
  readonly #credentials = new Map<string, Credential>();
  readonly #roles: readonly Role[];

  constructor(options: {
    credentials: readonly Credential[];
    roles: readonly Role[];
    ledger: Ledger;
  }) {
    this.ledger = options.ledger;
    this.#roles = options.roles;
    options.credentials.forEach(each =>
      this.#credentials.set(each.accessKeyId, each),
    );
  }

  handle(request: SignedRequest): AwsReply {
    const name = request.headers['x-amz-target'];
    return name === undefined
      ? this.#sts(request)
      : this.#json(request, String(name));
  }

  #json(request: SignedRequest, name: string): AwsReply {
    const [prefix, operation = ''] = name.split('.');
    const { service, operations } =
      jsonServices.find(each => each.prefix === prefix) ?? jsonServices[0];
    const record: RequestRecord = {
      at: new Date().toISOString(),
      service,
      operation,
      changes: service === 'ecs' && changingOperations.has(operation),
      request: undefined,
    };
    this.#keep(record);
    try {
      const caller = this.#admit(request, record);
      if (
        !jsonServices.some(each => each.prefix === prefix) ||
        !operations[operation]
      ) {
        this.ledger.request(service, operation, {});
        throw new AwsError('UnknownOperationException', 'Unknown operation');
      }
      const body = JSON.parse(request.body.toString());
      record.request = body;
      const problems = this.ledger.request(service, operation, body);
      if (problems.length > 0) {
        throw new AwsError('SerializationException', problems.join('; '));
      }
      if (operation === 'DescribeServices') {
        this.onLook?.();
      }
      if (service === 'ecr' && this.faults.cutImages > 0) {
        this.faults.cutImages -= 1;
        return { status: 0, type: json, body: '', cut: true };
      }
      const { credential, region } = caller;
      const answer = toWire(
        operations[operation](
          {
            world: this.world,
            place: { region, account: credential.account },
            now: new Date(),
          },
          body,
        ),
      );
      const wrong = this.ledger.response(service, operation, answer);
      if (wrong.length > 0) {
        throw new AwsError('ServerException', wrong.join('; '), 500);
      }
      return {
        status: 200,
        type: json,
        body: JSON.stringify(answer),
        cut: record.changes && this.#cut(),
      };
    } catch (error) {
      const failure = asAwsError(error);
      record.error = failure.name;
      const body = { message: failure.message };
      this.ledger.error(service, failure.name, body);
      return {
        status: failure.status,
        type: json,
        body: JSON.stringify({
          __type: `com.amazonaws.${service}#${failure.name}`,
          ...body,
        }),
      };
    }
  }

  #sts(request: SignedRequest): AwsReply {
    const requestId = randomUUID();
    const record: RequestRecord = {
      at: new Date().toISOString(),
      service: 'sts',
      operation: '',
      changes: false,
      request: undefined,
    };
    this.#keep(record);
    try {
      const { operation, members } = readQuery(request.body.toString());
      record.operation = operation;
      record.request = members;
      const { credential } = this.#admit(request, record);
      this.ledger.request('sts', operation, members);
      if (operation !== 'AssumeRole') {
        throw new AwsError('InvalidAction', 'Unknown operation');
      }
      const assumed = assumeRole(this.#roles, credential, members, new Date());
      this.ledger.response('sts', operation, toWire(assumed.body));
      this.#credentials.set(assumed.credential.accessKeyId, assumed.credential);
      return {
        status: 200,
        type: xml,
        body: writeAnswer(operation, assumed.body, requestId),
      };
    } catch (error) {
      const failure = asAwsError(error);
      record.error = failure.name;
      return {
        status: failure.status,
        type: xml,
        body: writeError(failure, requestId),
      };
    }
  }

  /** Who it is, unless a fault or the signature says that they may not. */
  #admit(
    request: SignedRequest,
    record: RequestRecord,
  ): { credential: Credential; region: string } {
    if (this.faults.throttle > 0) {
      this.faults.throttle -= 1;
      throw new AwsError('ThrottlingException', 'Rate exceeded');
    }
    if (this.faults.broken > 0) {
      this.faults.broken -= 1;
      throw new AwsError('ServerException', 'Service Unavailable', 503);
    }
    const result = checkSignature(
      request,
      record.service,
      this.#credentials,
      Date.now(),
    );
    if ('error' in result) {
      throw new AwsError(result.error, result.message, 400);
    }
    const { credential } = result;
    record.accessKeyId = credential.accessKeyId;
    if (this.faults.rejected.has(credential.accessKeyId)) {
      throw new AwsError(
        'UnrecognizedClientException',
        'The security token included in the request is invalid.',
      );
    }
    if (
      this.faults.denied.has(record.operation) ||
      (record.changes && this.faults.readOnly.has(credential.accessKeyId))
    ) {
      throw new AwsError(
        'AccessDeniedException',
        `User: ${credential.principal} is not authorized to perform: ${record.service}:${record.operation} on resource: * because no identity-based policy allows the ${record.service}:${record.operation} action`,
      );
    }
    return result;
  }

  #cut(): boolean {
    const cut = this.faults.cutNextChange;
    this.faults.cutNextChange = false;
    return cut;
  }

  #keep(record: RequestRecord): void {
    this.log.push(record);
    if (this.log.length > keptRecords) {
      this.log.shift();
    }
  }
}

function asAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) {
    return error;
  }
  return error instanceof SyntaxError
    ? new AwsError('SerializationException', 'Not JSON')
    : new AwsError('ServerException', 'The simulator failed', 500);
}
