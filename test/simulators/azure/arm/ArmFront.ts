import { JsonObject } from '@backstage/types';
import { VendorModel } from '../model/VendorModel';
import { AsyncOperations } from './AsyncOperations';
import {
  createAsyncOperationModel,
  statusOperation,
} from './asyncOperationModel';
import { ArmError, ArmProvider, ArmRequest, ArmResponse } from './types';

/** A request as it came in. */
export interface IncomingRequest {
  method: string;
  /** With query. */
  url: string;
  body?: string;
  /** Whether the caller is one of Azure's SDKs: what it sends wrong is our mistake. */
  fromSdk: boolean;
  baseUrl: string;
}

/** What the simulated tenant has. */
export interface ArmTenant {
  subscriptionId: string;
  /** Lower case. */
  resourceGroups: readonly string[];
}

/** What Resource Manager does before and after a provider: addresses, versions, shapes. */
export class ArmFront {
  readonly #tenant: ArmTenant;
  readonly #providers: readonly ArmProvider[];
  readonly #operations: AsyncOperations;
  readonly #operationModel: VendorModel = createAsyncOperationModel();

  constructor(
    tenant: ArmTenant,
    providers: readonly ArmProvider[],
    operations: AsyncOperations,
  ) {
    this.#tenant = tenant;
    this.#providers = providers;
    this.#operations = operations;
  }

  get models(): VendorModel[] {
    return [
      ...this.#providers.map(provider => provider.model),
      this.#operationModel,
    ];
  }

  async handle(incoming: IncomingRequest): Promise<ArmResponse> {
    try {
      return await this.#handle(incoming);
    } catch (error) {
      if (error instanceof ArmError) {
        return error.toResponse();
      }
      throw error;
    }
  }

  async #handle(incoming: IncomingRequest): Promise<ArmResponse> {
    const url = new URL(incoming.url, incoming.baseUrl);
    const { request, provider } = this.#route(incoming, url);
    if (this.#operations.owns(request)) {
      return this.#handleOperation(request, provider);
    }
    const call = provider.model.match(incoming.method, url.pathname);
    if (!call) {
      throw new ArmError(
        404,
        'InvalidResourceType',
        `The resource type or action could not be found in the namespace '${provider.namespace}' for api version '${request.apiVersion}'.`,
      );
    }
    const problems = provider.model.checkRequest(call, request);
    if (problems.length > 0) {
      if (incoming.fromSdk) {
        provider.model.violation(
          `request ${call.operation.name}: ${problems.join('; ')}`,
        );
      }
      throw new ArmError(
        400,
        'InvalidRequestContent',
        `The request content was invalid: ${problems.join('; ')}.`,
      );
    }
    const response = await answer(provider, { ...request, call });
    const wrong = provider.model.checkResponse(call, wire(response));
    return this.#count(provider.model, call.operation.name, response, wrong);
  }

  #handleOperation(request: ArmRequest, provider: ArmProvider): ArmResponse {
    const call = this.#operations.callOf(request);
    const response = catchRefusal(() =>
      this.#operations.handle(request, provider.namespace),
    );
    if (call) {
      const wrong = provider.model.checkResponse(call, wire(response));
      return this.#count(
        provider.model,
        `${call.operation.name} result`,
        response,
        wrong,
      );
    }
    const wrong = this.#operationModel.checkResponse(
      { operation: statusOperation, parameters: {} },
      wire(response),
    );
    return this.#count(
      this.#operationModel,
      statusOperation.name,
      response,
      wrong,
    );
  }

  #count(
    model: VendorModel,
    name: string,
    response: ArmResponse,
    problems: string[],
  ): ArmResponse {
    model.count(name);
    if (problems.length === 0) {
      return response;
    }
    const text = `response ${name} ${response.status}: ${problems.join('; ')}`;
    model.violation(text);
    return new ArmError(500, 'SimulatorViolation', text).toResponse();
  }

  #route(
    incoming: IncomingRequest,
    url: URL,
  ): { request: ArmRequest; provider: ArmProvider } {
    const match =
      /^\/subscriptions\/([^/]+)(?:\/resourceGroups\/([^/]+))?\/providers\/([^/]+)\/(.+)$/i.exec(
        url.pathname,
      );
    if (!match) {
      throw new ArmError(
        404,
        'NotFound',
        'The address is none of Resource Manager that is simulated.',
      );
    }
    const [, subscription, group, namespace, rest] = match;
    const subscriptionId = decode(subscription).toLowerCase();
    const resourceGroup =
      group === undefined ? undefined : decode(group).toLowerCase();
    if (subscriptionId !== this.#tenant.subscriptionId) {
      throw new ArmError(
        404,
        'SubscriptionNotFound',
        `The subscription '${subscriptionId}' could not be found.`,
      );
    }
    const provider = this.#provider(namespace);
    const apiVersion = checkVersion(provider, url);
    if (
      resourceGroup !== undefined &&
      !this.#tenant.resourceGroups.includes(resourceGroup)
    ) {
      throw new ArmError(
        404,
        'ResourceGroupNotFound',
        `Resource group '${resourceGroup}' could not be found.`,
      );
    }
    const body = parseBody(incoming.body);
    return {
      provider,
      request: {
        method: incoming.method,
        subscriptionId,
        ...(resourceGroup !== undefined && { resourceGroup }),
        path: rest.split('/').map(decode),
        query: url.searchParams,
        apiVersion,
        ...(body && { body }),
        baseUrl: incoming.baseUrl,
      },
    };
  }

  #provider(namespace: string): ArmProvider {
    const provider = this.#providers.find(
      candidate =>
        candidate.namespace.toLowerCase() === namespace.toLowerCase(),
    );
    if (!provider) {
      throw new ArmError(
        404,
        'InvalidResourceNamespace',
        `The resource namespace '${namespace}' is invalid.`,
      );
    }
    return provider;
  }
}

/** A provider's refusal is an answer, and held against the model like any other. */
async function answer(
  provider: ArmProvider,
  request: ArmRequest,
): Promise<ArmResponse> {
  try {
    return await provider.handle(request);
  } catch (error) {
    if (error instanceof ArmError) {
      return error.toResponse();
    }
    throw error;
  }
}

function catchRefusal(work: () => ArmResponse): ArmResponse {
  try {
    return work();
  } catch (error) {
    if (error instanceof ArmError) {
      return error.toResponse();
    }
    throw error;
  }
}

function checkVersion(provider: ArmProvider, url: URL): string {
  const version = url.searchParams.get('api-version');
  if (version === null) {
    throw new ArmError(
      400,
      'MissingApiVersionParameter',
      'The api-version query parameter (?api-version=) is required for all requests.',
    );
  }
  if (!provider.apiVersions.includes(version)) {
    throw new ArmError(
      400,
      'NoRegisteredProviderFound',
      `No registered resource provider found for API version '${version}'. The supported api-versions are '${provider.apiVersions.join(
        ', ',
      )}'.`,
    );
  }
  return version;
}

function parseBody(text: string | undefined): JsonObject | undefined {
  if (text === undefined || text === '') {
    return undefined;
  }
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) {
      return body as JsonObject;
    }
  } catch {
    // Refused below.
  }
  throw new ArmError(
    400,
    'InvalidRequestContent',
    'The request content was invalid and could not be deserialized.',
  );
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new ArmError(400, 'InvalidRequestUri', 'The address is malformed.');
  }
}

/** As it goes over the wire: what JSON leaves out is not there. */
function wire(response: ArmResponse): ArmResponse {
  return JSON.parse(JSON.stringify(response));
}
