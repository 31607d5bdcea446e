import { expect } from "chai";
import { isLoopback, refusalOf, type Access } from "../../../client/mcp/access.js";

const TOKEN = "0123456789abcdef";
const local: Access = { loopback: true, origins: [] };
const open: Access = { loopback: false, token: TOKEN, origins: ["https://agents.example.org"] };
const bearer = { authorization: `Bearer ${TOKEN}` };

describe("access to MCP over HTTP", () => {
  for (const [what, headers, access, status] of [
    ["a program on this machine", { host: "127.0.0.1:8800" }, local, undefined],
    ["a page of this machine", { host: "localhost:8800", origin: "http://localhost:3000" }, local, undefined],
    ["a page of this machine, by IPv6", { host: "[::1]:8800", origin: "http://[::1]:3000" }, local, undefined],
    ["a page of another site", { host: "127.0.0.1:8800", origin: "https://evil.example" }, local, 403],
    ["a page whose origin only begins so", { host: "127.0.0.1", origin: "http://localhost.evil.example" }, local, 403],
    ["a page without an origin of its own", { host: "127.0.0.1", origin: "null" }, local, 403],
    ["a name that was bound to this machine", { host: "evil.example:8800" }, local, 403],
    ["no host", {}, local, 403],
    ["this machine without the token that it asks for", { host: "localhost" }, { ...local, token: TOKEN }, 401],
    ["another machine with the token", { host: "vep.example.org", ...bearer }, open, undefined],
    ["another machine without the token", { host: "vep.example.org" }, open, 401],
    ["another machine with another token", { host: "a", authorization: `Bearer ${TOKEN}0` }, open, 401],
    ["another machine with the token as a password", { host: "a", authorization: `Basic ${TOKEN}` }, open, 401],
    ["an allowed page", { host: "a", origin: "https://agents.example.org", ...bearer }, open, undefined],
    ["an allowed page without the token", { host: "a", origin: "https://agents.example.org" }, open, 401],
    [
      "the allowed page of another port",
      { host: "a", origin: "https://agents.example.org:8443", ...bearer },
      open,
      403,
    ],
    ["a page of the caller's machine", { host: "a", origin: "http://localhost:3000", ...bearer }, open, 403],
  ] as const) {
    it(`of ${what}: ${status ?? "allowed"}`, () => {
      expect(refusalOf(headers, access)?.status).to.equal(status);
    });
  }

  it("tells this machine from others", () => {
    for (const own of ["127.0.0.1", "localhost", "::1"]) expect(isLoopback(own), own).to.equal(true);
    for (const other of ["0.0.0.0", "::", "10.0.0.1", "localhost.evil.example", ""]) {
      expect(isLoopback(other), other).to.equal(false);
    }
  });
});
