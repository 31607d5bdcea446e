import type * as aws from "@pulumi/aws";
import { toolSchemas, type JsonSchema } from "../../contract/toolSchemas.js";

type GatewayTool = aws.types.input.bedrock.AgentcoreGatewayTargetTargetConfigurationMcpLambdaToolSchemaInlinePayload;

/** What a gateway knows of a value: its type and words, the items of a list, and the properties of an object. */
interface Element {
  readonly type: string;
  readonly description?: string;
  readonly items?: Element;
  readonly properties?: (Element & { readonly name: string; readonly required: boolean })[];
}

/** Levels below the argument or the answer that a gateway's schema can have. */
const LEVELS = 2;

/**
 * The tools as a gateway of AgentCore takes them. Its schemas have types, properties and what is required, and no choices,
 * limits or defaults: those are added to the words.
 *
 * @param options.uploads whether the stack takes FASTA files
 * @see https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_SchemaDefinition.html
 */
export function gatewayTools({ uploads }: { readonly uploads: boolean }): GatewayTool[] {
  return toolSchemas()
    .filter(({ name }) => uploads || name !== "submit_fasta")
    .map(({ name, description, inputSchema, outputSchema }) => ({
      name,
      description,
      inputSchema: elementOf(inputSchema, LEVELS),
      outputSchema: elementOf(outputSchema, LEVELS),
    }));
}

function elementOf(schema: JsonSchema, levels: number): Element {
  const { type, items, properties } = firstOf(schema);
  const description = wordsOf(schema);
  const required = (firstOf(schema)["required"] ?? []) as readonly string[];
  return {
    // A value that can be null has two types.
    type: String([type].flat()[0]),
    ...(description !== "" && { description }),
    ...(levels > 0 && items !== undefined && { items: elementOf(items as JsonSchema, levels - 1) }),
    ...(levels > 0 &&
      properties !== undefined && {
        properties: Object.entries(properties as Readonly<Record<string, JsonSchema>>).map(([name, property]) => ({
          name,
          required: required.includes(name),
          ...elementOf(property, levels - 1),
        })),
      }),
  };
}

/** The first of several forms: the one that a language model is to use. */
function firstOf(schema: JsonSchema): JsonSchema {
  const [first] = (schema["anyOf"] ?? []) as readonly JsonSchema[];
  return first === undefined ? schema : firstOf(first);
}

function wordsOf(schema: JsonSchema): string {
  const { description, enum: choices, default: fallback } = { ...firstOf(schema), ...schema };
  return [
    ...(typeof description === "string" ? [description] : []),
    ...(Array.isArray(choices) ? [`one of: ${choices.join(", ")}`] : []),
    ...(fallback === undefined ? [] : [`default: ${JSON.stringify(fallback)}`]),
  ].join("; ");
}
