/** Version of the HTTP API, which is the first part of every path: what a client relies on stays, or the version changes. */
export const API_VERSION = "v1";
