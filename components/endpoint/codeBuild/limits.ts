/** Longest build, in minutes. */
export const BUILD_MINUTES = 60;

/** Longest wait for other builds of the account, in minutes. */
export const QUEUE_MINUTES = 30;
