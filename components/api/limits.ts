/** Most requests per second, of the API and of each API key: the tools' function takes some milliseconds for one. */
export const RATE_PER_SECOND = 20;

/** Most requests at once. */
export const BURST_REQUESTS = 40;
