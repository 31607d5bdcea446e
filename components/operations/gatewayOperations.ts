import { interpolate, type Input, type Output } from "@pulumi/pulumi";
import type { Alarm } from "./alarm.js";
import type { Graph } from "./graph.js";

/**
 * Asks for a metric of a gateway of Bedrock AgentCore over all its operations, methods and tools, which are dimensions too.
 *
 * @param call such as `SUM(Throttles)`
 * @see https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/observability-gateway-metrics.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-metrics-insights-querylanguage.html
 */
function query(call: string, gatewayArn: Input<string>): Output<string> {
  return interpolate`SELECT ${call} FROM "AWS/Bedrock-AgentCore" WHERE Resource = '${gatewayArn}'`;
}

/** The alarms of the gateway for agents. */
export function gatewayAlarms(gatewayArn: Input<string>): Alarm[] {
  return [
    {
      id: "gateway-errors",
      alarmDescription:
        "The gateway for agents failed on its side or could not call the tools: agents got an error instead of an answer. See the alarms and the log of the tools' function, then the role of the gateway.",
      measured: {},
      expression: query("SUM(SystemErrors)", gatewayArn),
      period: 300,
      evaluationPeriods: 1,
      threshold: 1,
    },
    {
      id: "gateway-throttles",
      alarmDescription:
        "The gateway for agents has refused calls for 10 minutes, because too many came at once: agents must repeat them. Ask AWS for a higher quota of the gateway, or let fewer agents run.",
      measured: {},
      expression: query("SUM(Throttles)", gatewayArn),
      period: 300,
      evaluationPeriods: 2,
      threshold: 1,
    },
  ];
}

/** The graphs of the gateway for agents. */
export function gatewayGraphs(gatewayArn: Input<string>): Graph[] {
  return [
    {
      title: "Gateway for agents: calls",
      lines: [],
      expressions: [
        { expression: query("SUM(Invocations)", gatewayArn), label: "calls" },
        { expression: query("SUM(UserErrors)", gatewayArn), label: "refused" },
        { expression: query("SUM(SystemErrors)", gatewayArn), label: "failed" },
        { expression: query("SUM(Throttles)", gatewayArn), label: "throttled" },
      ],
    },
    {
      title: "Gateway for agents: latency (ms)",
      lines: [],
      expressions: [{ expression: query("MAX(Latency)", gatewayArn), label: "longest" }],
    },
  ];
}
