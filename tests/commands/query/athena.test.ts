import {
  AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  InvalidRequestException,
  StartQueryExecutionCommand,
} from "@aws-sdk/client-athena";
import { mockClient } from "aws-sdk-client-mock";
import { expect } from "chai";
import { queryAthena } from "../../../commands/query/athena.js";
import { asJson, asTable } from "../../../commands/query/rows.js";

const WORKGROUP = "dev-protein-agent-results";

const row = (...values: (string | undefined)[]) => ({
  Data: values.map((value) => (value === undefined ? {} : { VarCharValue: value })),
});

describe("A query in Athena", () => {
  const athena = new AthenaClient({ region: "us-east-1" });
  const mock = mockClient(athena);
  let waits: number[];

  beforeEach(() => {
    mock.reset();
    waits = [];
    mock.on(StartQueryExecutionCommand).resolves({ QueryExecutionId: "q" });
  });

  const query = () =>
    queryAthena(athena, {
      sql: "SELECT name, llr FROM results",
      workgroup: WORKGROUP,
      wait: (ms) => Promise.resolve(waits.push(ms)),
    });
  const end = (state: "SUCCEEDED" | "FAILED", reason?: string) => {
    mock
      .on(GetQueryExecutionCommand)
      .resolvesOnce({ QueryExecution: { Status: { State: "QUEUED" } } })
      .resolvesOnce({ QueryExecution: { Status: { State: "RUNNING" } } })
      .resolves({
        QueryExecution: { Status: { State: state, ...(reason === undefined ? {} : { StateChangeReason: reason }) } },
      });
  };

  it("runs in the workgroup and its database, and gives all pages with numbers and nulls", async () => {
    end("SUCCEEDED");
    const ResultSetMetadata = {
      ColumnInfo: [
        { Name: "name", Type: "varchar" },
        { Name: "llr", Type: "double" },
      ],
    };
    mock
      .on(GetQueryResultsCommand)
      .resolvesOnce({ NextToken: "2", ResultSet: { ResultSetMetadata, Rows: [row("name", "llr"), row("a", "-1.5")] } })
      .resolvesOnce({ ResultSet: { ResultSetMetadata, Rows: [row(undefined, "2.0E-4")] } });

    const rows = await query();

    expect(rows).to.deep.equal({
      columns: ["name", "llr"],
      rows: [
        ["a", -1.5],
        [null, 0.0002],
      ],
    });
    expect(mock.commandCalls(StartQueryExecutionCommand)[0]?.args[0].input).to.deep.equal({
      QueryString: "SELECT name, llr FROM results",
      WorkGroup: WORKGROUP,
      QueryExecutionContext: { Database: "dev_protein_agent_results" },
    });
    expect(waits).to.deep.equal([200, 400]);
  });

  it("gives the reason of a failed query in one line", async () => {
    end("FAILED", "COLUMN_NOT_FOUND: line 1:8: Column 'nam' cannot be resolved\n or requester is not authorized");

    const error: unknown = await query().catch((failed: unknown) => failed);

    expect(String(error)).to.equal(
      "QueryError: failed: COLUMN_NOT_FOUND: line 1:8: Column 'nam' cannot be resolved or requester is not authorized",
    );
  });

  it("gives the reason why Athena refuses a query in one line", async () => {
    const message = "line 1:1: mismatched input 'SELEC'.\nExpecting: 'SELECT'";
    mock.on(StartQueryExecutionCommand).rejects(new InvalidRequestException({ message, $metadata: {} }));

    const error: unknown = await query().catch((failed: unknown) => failed);

    expect(String(error)).to.equal("QueryError: line 1:1: mismatched input 'SELEC'. Expecting: 'SELECT'");
  });
});

describe("The rows of a query", () => {
  const rows = {
    columns: ["name", "llr"],
    rows: [
      ["alpha", 1.23456789],
      [null, -10],
    ],
  } as const;

  it("are printed as a table with numbers to the right", () => {
    expect(asTable(rows)).to.equal(["name      llr", "alpha  1.2346", "          -10", "(2 rows)"].join("\n"));
  });

  it("are printed as JSON with every digit", () => {
    expect(JSON.parse(asJson(rows))).to.deep.equal([
      { name: "alpha", llr: 1.23456789 },
      { name: null, llr: -10 },
    ]);
  });
});
