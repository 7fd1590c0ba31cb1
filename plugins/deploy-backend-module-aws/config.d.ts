export interface Config {
  deploy?: {
    targets?: {
      /** Environments with a target of type `ecs`. */
      aws?: {
        /**
         * Seconds between two looks at ECS while an operation waits for it. Default: 5.
         * @visibility backend
         */
        pollSeconds?: number;
        /** Ways into AWS accounts. */
        connections?: Array<{
          /**
           * What `target.connection` in deploy.yaml says.
           * @visibility backend
           */
          name: string;
          /**
           * `owner/name` of the repositories whose deploy.yaml may use it; `*` stands for any text.
           * @visibility backend
           */
          repositories: string[];
          /**
           * The only region that it may be used in. Default: the one that deploy.yaml names.
           * @visibility backend
           */
          region?: string;
          /**
           * Number of the account, 12 digits. A service of another account is refused.
           * @visibility backend
           */
          accountId?: string;
          /**
           * The only clusters that it may be used for; `*` stands for any text. Default: all.
           * @visibility backend
           */
          clusters?: string[];
          /**
           * Role to take on before anything else, such as `arn:aws:iam::111122223333:role/deploy-portal`.
           * @visibility backend
           */
          roleArn?: string;
          /**
           * What the role's trust policy asks for as `sts:ExternalId`.
           * @visibility secret
           */
          externalId?: string;
          /**
           * Access key; needs `secretAccessKey`. Default: what the SDK finds by itself, such as the role of
           * the machine, the pod or the task that the portal runs on, which is better.
           * @visibility secret
           */
          accessKeyId?: string;
          /** @visibility secret */
          secretAccessKey?: string;
          /**
           * Of temporary access keys.
           * @visibility secret
           */
          sessionToken?: string;
          /**
           * Address of ECS, such as that of a VPC endpoint. Default: the one of the region.
           * @visibility backend
           */
          endpoint?: string;
          /**
           * Address of ECR, which is asked whether an image is still there. Default: the one of the region.
           * @visibility backend
           */
          ecrEndpoint?: string;
          /**
           * Address of STS. Default: the one of the region.
           * @visibility backend
           */
          stsEndpoint?: string;
        }>;
      };
    };
  };
}
