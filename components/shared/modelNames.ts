/** Names of what guards the model versions of a stack. */
export function modelNames(prefix: string): { readonly guard: string } {
  return { guard: `${prefix}-model-guard` };
}

/** Name of the alarm that rolls an update of an endpoint back, fixed so that policies can name it before it exists. */
export function rollbackAlarmName(endpointName: string): string {
  return `${endpointName}-bad-image`;
}

/** Names of the alarms of a version, fixed so that the guard knows them. */
export function guardAlarmNames(endpointName: string): { readonly failures: string; readonly slow: string } {
  return { failures: `${endpointName}-failing`, slow: `${endpointName}-slow` };
}
