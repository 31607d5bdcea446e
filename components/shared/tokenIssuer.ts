import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import { ComponentResource, interpolate, secret, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import type { Place } from "./place.js";

/** How long a token works, in minutes. */
const TOKEN_MINUTES = 60;

/** The only scope. */
const SCOPE = "call";

export interface TokenIssuerArgs {
  readonly place: Place;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Issues tokens to programs: a pool of Cognito without users, its domain, and one client with a secret (OAuth 2.0 client
 * credentials). More clients can be added to the pool by hand.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/federation-endpoints-oauth-grants.html
 */
export class TokenIssuer extends ComponentResource {
  readonly poolArn: Output<string>;
  readonly clientId: Output<string>;
  /** A Pulumi secret. */
  readonly clientSecret: Output<string>;
  /** Scope that a token must have. */
  readonly scope: Output<string>;
  /** Where a client gets a token. */
  readonly tokenUrl: Output<string>;
  /** Where others learn how to check a token (OpenID Connect Discovery). */
  readonly discoveryUrl: Output<string>;

  constructor(name: string, { place, tags }: TokenIssuerArgs, opts?: ComponentResourceOptions) {
    super("amplify-vep:index:TokenIssuer", name, {}, opts);
    const pool = new aws.cognito.UserPool(
      `${name}-pool`,
      { name, adminCreateUserConfig: { allowAdminCreateUserOnly: true }, deletionProtection: "INACTIVE", tags },
      { parent: this },
    );
    const domain = new aws.cognito.UserPoolDomain(
      `${name}-domain`,
      { domain: domainOf(name, place), userPoolId: pool.id },
      { parent: this },
    );
    const server = new aws.cognito.ResourceServer(
      `${name}-server`,
      {
        identifier: name,
        name,
        userPoolId: pool.id,
        scopes: [{ scopeName: SCOPE, scopeDescription: "Call the tools" }],
      },
      { parent: this },
    );
    this.scope = interpolate`${server.identifier}/${SCOPE}`;
    const client = new aws.cognito.UserPoolClient(
      `${name}-client`,
      {
        name,
        userPoolId: pool.id,
        generateSecret: true,
        allowedOauthFlowsUserPoolClient: true,
        allowedOauthFlows: ["client_credentials"],
        allowedOauthScopes: [this.scope],
        explicitAuthFlows: [],
        accessTokenValidity: TOKEN_MINUTES,
        tokenValidityUnits: { accessToken: "minutes" },
        enableTokenRevocation: true,
        preventUserExistenceErrors: "ENABLED",
      },
      { parent: this },
    );
    this.poolArn = pool.arn;
    this.clientId = client.id;
    this.clientSecret = secret(client.clientSecret);
    this.tokenUrl = interpolate`https://${domain.domain}.auth.${place.region}.amazoncognito.com/oauth2/token`;
    this.discoveryUrl = interpolate`https://${pool.endpoint}/.well-known/openid-configuration`;
    this.registerOutputs({ clientId: this.clientId, tokenUrl: this.tokenUrl });
  }
}

/** Domains are unique in a region, for all accounts, and must not contain "aws", "amazon" or "cognito": a hash has no such word. */
function domainOf(name: string, { account }: Place): Output<string> {
  return account.apply((id) => `vep-${createHash("sha256").update(`${id}/${name}`).digest("hex").slice(0, 20)}`);
}
