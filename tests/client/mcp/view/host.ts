/** The script of a page that stands for a client with MCP Apps: the official host side, and a sandboxed frame. */
import * as hostSide from "@modelcontextprotocol/ext-apps/app-bridge";
import type { CallToolResult, ReadResourceResult } from "@modelcontextprotocol/sdk/types.js";

/** The host's side of the library. Stated here, because TypeScript cannot resolve all of its types. */
interface HostSide {
  readonly AppBridge: new (client: null, info: object, able: object, options: object) => Bridge;
  readonly PostMessageTransport: new (target: Window, source: Window) => object;
}
interface Bridge {
  oncalltool: (params: unknown) => Promise<CallToolResult>;
  onreadresource: (params: unknown) => Promise<ReadResourceResult>;
  onupdatemodelcontext: (params: unknown) => Promise<object>;
  ondownloadfile: (params: unknown) => Promise<object>;
  oninitialized: () => void;
  sendToolResult(answer: CallToolResult): Promise<void>;
  connect(transport: object): Promise<void>;
}

const { AppBridge, PostMessageTransport } = hostSide as unknown as HostSide;

declare global {
  interface Window {
    /** Given by the test: what the server of the view answers, and what the view asks of its host. */
    readonly callTool: (params: unknown) => Promise<CallToolResult>;
    readonly readResource: (params: unknown) => Promise<ReadResourceResult>;
    readonly keep: (what: string, params: unknown) => Promise<void>;
    /** Shows a view, and gives it the answer of a tool. */
    openView: (html: string, able: object, answer: CallToolResult) => Promise<void>;
  }
}

window.openView = async (html, able, answer) => {
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts");
  frame.style.cssText = "width:1100px;height:950px;border:0";
  document.body.append(frame);
  const inner = frame.contentWindow;
  if (inner === null) throw new Error("The frame has no window.");
  const bridge = new AppBridge(null, { name: "tests", version: "1" }, able, {
    hostContext: { theme: "dark" },
  });
  bridge.oncalltool = (params) => window.callTool(params);
  bridge.onreadresource = (params) => window.readResource(params);
  bridge.onupdatemodelcontext = async (params) => {
    await window.keep("context", params);
    return {};
  };
  bridge.ondownloadfile = async (params) => {
    await window.keep("file", params);
    return {};
  };
  bridge.oninitialized = () => {
    void bridge.sendToolResult(answer);
  };
  await bridge.connect(new PostMessageTransport(inner, inner));
  frame.srcdoc = html;
};
