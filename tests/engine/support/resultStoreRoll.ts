import { SAVED_QUERIES } from "../../../contract/savedQueries.js";
import type { Roll } from "./matrix.js";

/** Everything that the result store adds to a stack. */
const RESULT_STORE = [
  ...["results", "merge"].flatMap((name) => [
    `LogGroup ${name}-logs`,
    `Role ${name}-role`,
    `RolePolicy ${name}-policy`,
    `Function ${name}-function`,
  ]),
  "EventSourceMapping results-stream",
  "EventRule merge-schedule",
  "EventTarget merge-target",
  "Permission merge-permission",
  "CatalogDatabase results-database",
  ...["results", "jobs"].flatMap((table) => [
    `CatalogTable results-${table}-files`,
    `CatalogTable results-${table}-view`,
  ]),
  "Workgroup results-workgroup",
  ...Object.keys(SAVED_QUERIES).map((query) => `NamedQuery results-${query}`),
  "MetricAlarm results-delay",
  "MetricAlarm results-merge-errors",
];

/** The result store is switched on and off on a deployed stack with default settings. */
export const RESULT_STORE_ROLL: Roll = {
  title: "the result store, and none again",
  steps: [
    {
      settings: { resultsCatalog: "true" },
      calls: [
        ...RESULT_STORE.map((resource) => `create ${resource}`),
        "update Table jobs: streamEnabled, streamViewType",
        "update BucketLifecycleConfiguration data-lifecycle: rules",
        "update Dashboard dashboard: dashboardBody",
        "update CompositeAlarm pager: alarmRule",
      ],
      order: [
        "update Table jobs: streamEnabled, streamViewType",
        "create RolePolicy results-policy",
        "create Function results-function",
        "create EventSourceMapping results-stream",
      ],
    },
    {
      settings: { resultsCatalog: "false" },
      calls: [
        ...RESULT_STORE.map((resource) => `delete ${resource}`),
        "update Table jobs: streamEnabled, streamViewType",
        "update BucketLifecycleConfiguration data-lifecycle: rules",
        "update Dashboard dashboard: dashboardBody",
        "update CompositeAlarm pager: alarmRule",
      ],
      order: ["delete EventSourceMapping results-stream", "delete Function results-function"],
    },
  ],
};
