/**
 * The tools, resources and prompts that scenarios of the conformance suite ask for, to prove what our HTTP front carries.
 *
 * @see https://github.com/modelcontextprotocol/conformance
 */
import { setTimeout as pause } from "node:timers/promises";
import { completable } from "@modelcontextprotocol/sdk/server/completable.js";
import { McpServer, ResourceTemplate } from "@modelcontextprotocol/sdk/server/mcp.js";
import type { RequestHandlerExtra } from "@modelcontextprotocol/sdk/shared/protocol.js";
import {
  CreateMessageResultSchema,
  ElicitResultSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
  type CallToolResult,
  type ContentBlock,
  type ElicitRequestFormParams,
  type ServerNotification,
  type ServerRequest,
} from "@modelcontextprotocol/sdk/types.js";
import * as z from "zod";

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

/** One red pixel. */
const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";
/** The header of a WAV file without samples. */
const WAV = "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=";

const text = (words: string): ContentBlock => ({ type: "text", text: words });
const image: ContentBlock = { type: "image", data: PNG, mimeType: "image/png" };
const resource = (uri: string, mimeType: string, words: string): ContentBlock => ({
  type: "resource",
  resource: { uri, mimeType, text: words },
});
const answer = (...content: ContentBlock[]): CallToolResult => ({ content });

/** A server with the fixtures of the suite. */
export function fixtureServer(): McpServer {
  const server = new McpServer(
    { name: "conformance fixtures", version: "1" },
    { capabilities: { logging: {}, resources: { subscribe: true }, completions: {} } },
  );
  addContent(server);
  addConversations(server);
  addResources(server);
  addPrompts(server);
  return server;
}

function addContent(server: McpServer): void {
  const contents: Readonly<Record<string, readonly ContentBlock[]>> = {
    test_simple_text: [text("This is a simple text response for testing.")],
    test_image_content: [image],
    test_audio_content: [{ type: "audio", data: WAV, mimeType: "audio/wav" }],
    test_embedded_resource: [
      resource("test://embedded-resource", "text/plain", "This is an embedded resource content."),
    ],
    test_multiple_content_types: [
      text("Multiple content types test:"),
      image,
      resource("test://mixed-content-resource", "application/json", '{"test":"data","value":123}'),
    ],
  };
  for (const [name, content] of Object.entries(contents)) {
    server.registerTool(name, { description: "Answers with fixed content." }, () => answer(...content));
  }
  server.registerTool("test_error_handling", { description: "Fails." }, () => {
    throw new Error("This tool intentionally returns an error for testing");
  });
}

/** Tools that talk to the client while they run. */
function addConversations(server: McpServer): void {
  server.registerTool("test_tool_with_logging", { description: "Logs while it runs." }, async (extra: Extra) => {
    for (const data of ["Tool execution started", "Tool processing data", "Tool execution completed"]) {
      await extra.sendNotification({ method: "notifications/message", params: { level: "info", data } });
      await pause(50);
    }
    return answer(text("Logged."));
  });
  server.registerTool("test_tool_with_progress", { description: "Reports progress." }, async (extra: Extra) => {
    const progressToken = extra._meta?.progressToken;
    for (const progress of [0, 50, 100]) {
      if (progressToken !== undefined) {
        const params = { progressToken, progress, total: 100 };
        await extra.sendNotification({ method: "notifications/progress", params });
      }
      await pause(50);
    }
    return answer(text("Done."));
  });
  server.registerTool(
    "test_sampling",
    { description: "Asks the model of the client.", inputSchema: { prompt: z.string() } },
    async ({ prompt }, extra: Extra) => {
      const messages = [{ role: "user" as const, content: { type: "text" as const, text: prompt } }];
      // On the stream of the call: the other stream may not be open yet.
      const params = { messages, maxTokens: 100 };
      const asked = { method: "sampling/createMessage" as const, params };
      const { content } = await extra.sendRequest(asked, CreateMessageResultSchema);
      return answer(text(`LLM response: ${content.type === "text" ? content.text : content.type}`));
    },
  );
  async function asks(extra: Extra, message: string, properties: object, required: string[] = []) {
    const requestedSchema = { type: "object", properties, required } as ElicitRequestFormParams["requestedSchema"];
    const params = { message, requestedSchema };
    const { action, content } = await extra.sendRequest({ method: "elicitation/create", params }, ElicitResultSchema);
    return answer(text(`Elicitation completed: action=${action}, content=${JSON.stringify(content)}`));
  }
  server.registerTool(
    "test_elicitation",
    { description: "Asks the user.", inputSchema: { message: z.string() } },
    ({ message }, extra: Extra) =>
      asks(extra, message, { username: { type: "string" }, email: { type: "string" } }, ["username", "email"]),
  );
  server.registerTool("test_elicitation_sep1034_defaults", { description: "Asks with defaults." }, (extra: Extra) =>
    asks(extra, "Defaults", {
      name: { type: "string", default: "John Doe" },
      age: { type: "integer", default: 30 },
      score: { type: "number", default: 95.5 },
      status: { type: "string", enum: ["active", "inactive", "pending"], default: "active" },
      verified: { type: "boolean", default: true },
    }),
  );
  server.registerTool("test_elicitation_sep1330_enums", { description: "Asks with choices." }, (extra: Extra) =>
    asks(extra, "Choices", {
      untitledSingle: { type: "string", enum: OPTIONS },
      titledSingle: { type: "string", oneOf: TITLED },
      legacyEnum: { type: "string", enum: ["opt1", "opt2", "opt3"], enumNames: ["One", "Two", "Three"] },
      untitledMulti: { type: "array", items: { type: "string", enum: OPTIONS } },
      titledMulti: { type: "array", items: { anyOf: TITLED } },
    }),
  );
}

const OPTIONS = ["option1", "option2", "option3"];
const TITLED = ["value1", "value2", "value3"].map((value) => ({ const: value, title: `Title of ${value}` }));

function addResources(server: McpServer): void {
  const description = "A fixture of the suite.";
  server.registerResource("text", "test://static-text", { description, mimeType: "text/plain" }, ({ href }) => ({
    contents: [{ uri: href, mimeType: "text/plain", text: "This is the content of the static text resource." }],
  }));
  server.registerResource("binary", "test://static-binary", { description, mimeType: "image/png" }, ({ href }) => ({
    contents: [{ uri: href, mimeType: "image/png", blob: PNG }],
  }));
  server.registerResource("watched", "test://watched-resource", { description }, ({ href }) => ({
    contents: [{ uri: href, text: "watched" }],
  }));
  server.registerResource(
    "template",
    new ResourceTemplate("test://template/{id}/data", { list: undefined }),
    { description },
    ({ href }, { id }) => {
      const data = { id, templateTest: true, data: `Data for ID: ${String(id)}` };
      return { contents: [{ uri: href, mimeType: "application/json", text: JSON.stringify(data) }] };
    },
  );
  server.server.setRequestHandler(SubscribeRequestSchema, () => ({}));
  server.server.setRequestHandler(UnsubscribeRequestSchema, () => ({}));
}

function addPrompts(server: McpServer): void {
  const user = (content: ContentBlock) => ({ role: "user" as const, content });
  const description = "A fixture of the suite.";
  server.registerPrompt("test_simple_prompt", { description }, () => ({
    messages: [user(text("This is a simple prompt for testing."))],
  }));
  const argument = completable(z.string(), (value) =>
    ["paris", "park", "party"].filter((one) => one.startsWith(value)),
  );
  server.registerPrompt(
    "test_prompt_with_arguments",
    { description, argsSchema: { arg1: argument, arg2: z.string() } },
    ({ arg1, arg2 }) => ({ messages: [user(text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`))] }),
  );
  server.registerPrompt(
    "test_prompt_with_embedded_resource",
    { description, argsSchema: { resourceUri: z.string() } },
    ({ resourceUri }) => ({
      messages: [
        user(resource(resourceUri, "text/plain", "Embedded resource content for testing.")),
        user(text("Please process the embedded resource above.")),
      ],
    }),
  );
  server.registerPrompt("test_prompt_with_image", { description }, () => ({
    messages: [user(image), user(text("Please analyze the image above."))],
  }));
}
