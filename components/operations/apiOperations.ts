import { API_VERSION } from "../../contract/apiVersion.js";
import { apiNames } from "../shared/apiNames.js";
import type { Metric } from "../shared/metrics.js";
import type { Alarm } from "./alarm.js";
import type { Graph } from "./graph.js";

/** Longest time of the 99th percentile, in milliseconds: API Gateway gives up after 29 seconds. */
const SLOW_MS = 15_000;

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html */
function apiMetric(prefix: string, metricName: string): Metric {
  return {
    namespace: "AWS/ApiGateway",
    metricName,
    dimensions: { ApiName: apiNames(prefix).api, Stage: API_VERSION },
  };
}

/**
 * The alarms of the HTTP API.
 *
 * @param prefix first part of the names of the stack
 */
export function apiAlarms(prefix: string): Alarm[] {
  return [
    {
      id: "api-errors",
      alarmDescription: `Requests of the HTTP API were answered with 5xx: their callers got no answer, and repeat them. See ${apiNames(prefix).logGroup}, then the log of the tools' function.`,
      metric: apiMetric(prefix, "5XXError"),
      statistic: "Sum",
      period: 300,
      evaluationPeriods: 1,
      threshold: 1,
    },
    {
      id: "api-latency",
      alarmDescription: `Answers of the HTTP API take ${SLOW_MS / 1000} s and more: at 29 s callers get an error instead. See the traces of the tools' function; raise lambdaMemoryMb.`,
      metric: apiMetric(prefix, "Latency"),
      extendedStatistic: "p99",
      period: 300,
      evaluationPeriods: 2,
      threshold: SLOW_MS,
    },
  ];
}

/**
 * The graphs of the HTTP API.
 *
 * @param prefix first part of the names of the stack
 */
export function apiGraphs(prefix: string): Graph[] {
  const line = (name: string, stat: string, label: string) => ({ metric: apiMetric(prefix, name), stat, label });
  return [
    {
      title: "HTTP API: requests",
      lines: [
        line("Count", "Sum", "requests"),
        line("4XXError", "Sum", "4xx, refused"),
        line("5XXError", "Sum", "5xx, failed"),
        line("CacheHitCount", "Sum", "from the cache"),
      ],
    },
    {
      title: "HTTP API: latency (ms)",
      lines: [line("Latency", "p50", "p50"), line("Latency", "p99", "p99")],
    },
  ];
}
