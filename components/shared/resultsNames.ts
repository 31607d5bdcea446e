/** Names of the result store, fixed in advance: log groups are created before their functions, and people look for them. */
export interface ResultsNames {
  /** The function that writes ended jobs. */
  readonly store: string;
  /** The function that merges the files of past days. */
  readonly merge: string;
  /** First parts of the names of the roles of both functions: IAM takes 64 characters, with those that Pulumi adds. */
  readonly roles: { readonly store: string; readonly merge: string };
  /** The workgroup of Athena. */
  readonly workgroup: string;
  /** The database of the Glue catalog: SQL reads a hyphen as a minus. */
  readonly database: string;
}

/** @param prefix first part of all names of the stack */
export function resultsNames(prefix: string): ResultsNames {
  const store = `${prefix}-results`;
  return {
    store,
    merge: `${store}-merge`,
    roles: { store, merge: `${prefix}-merge` },
    workgroup: store,
    database: store.replaceAll("-", "_"),
  };
}
