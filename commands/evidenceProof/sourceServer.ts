import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { sourceUrlVariable } from "../../contract/environment.js";
import { readAll, sendJson } from "../../local/twin/http.js";
import { listen, LOOPBACK } from "../../local/twin/processes/ports.js";
import { PROOF_SOURCES, type Behaviour, type ProofProtein, type ProofSource } from "./proofProteins.js";
import {
  alphafoldAnswer,
  clinvarRecord,
  geneId,
  pubmedRecord,
  targetAnswer,
  trialsAnswer,
  uniprotAnswer,
  variationAnswer,
} from "./sourceAnswers.js";

/** A server on the loopback address that answers as the public sources do, and fails where a protein says so. */
export interface SourceServer {
  /** The variables that let all sources be asked here. */
  readonly environment: Readonly<Record<string, string>>;
  /** Requests that it could not understand. */
  readonly unknown: readonly string[];
  close(): void;
}

/**
 * Starts a server for some proteins.
 *
 * @param silent Accessions of proteins for which no source answers. Default: none.
 */
export async function startSourceServer(
  proteins: readonly ProofProtein[],
  silent: readonly string[] = [],
): Promise<SourceServer> {
  const unknown: string[] = [];
  const server = createServer((request, response) => {
    void answer(request, response, { proteins, silent, unknown }).catch((error: unknown) => {
      unknown.push(String(error));
      response.destroy();
    });
  });
  const port = await listen(server);
  return {
    environment: Object.fromEntries(
      PROOF_SOURCES.map((source) => [sourceUrlVariable(source), `http://${LOOPBACK}:${port}/${source}`]),
    ),
    unknown,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** What a server knows and notes. */
interface Knowledge {
  readonly proteins: readonly ProofProtein[];
  readonly silent: readonly string[];
  readonly unknown: string[];
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { proteins, silent, unknown }: Knowledge,
): Promise<void> {
  const body = (await readAll(request)).toString();
  const url = new URL(request.url ?? "/", `http://${LOOPBACK}`);
  const source = PROOF_SOURCES.find((name) => url.pathname.startsWith(`/${name}/`));
  if (source !== undefined && url.pathname.endsWith("/einfo.fcgi")) {
    // Asked once for all proteins: it never fails.
    const dbinfo = [{ dbname: source, dbbuild: "Build1", count: "1", lastupdate: "2026/09/26 04:34" }];
    sendJson(response, 200, { header: { type: "einfo", version: "0.3" }, einforesult: { dbinfo } });
    return;
  }
  const asked = decodeURIComponent(`${url.pathname}${url.search.replaceAll("+", " ")} ${body}`);
  const protein = source && proteins.find((one) => isAbout(one, asked, url));
  if (source === undefined || protein === undefined) {
    unknown.push(`${request.method ?? ""} ${asked}`);
    sendJson(response, 404, {});
    return;
  }
  if (silent.includes(protein.accession)) return;
  const behaviour = protein.behaviours[source];
  if (behaviour !== "answers") fail(behaviour, response);
  else if (source === "rcsb") response.writeHead(204).end();
  else sendJson(response, 200, contentOf(source, protein, url));
}

/** Whether a request is about a protein: it names the accession, the gene, or the id of its record. */
function isAbout(protein: ProofProtein, asked: string, url: URL): boolean {
  if (url.pathname.endsWith("/esummary.fcgi")) return url.searchParams.get("id") === String(protein.number);
  const names = [protein.accession, `"${protein.gene}"`, geneId(protein), protein.sequence];
  return names.some((name) => asked.includes(name));
}

function contentOf(source: ProofSource, protein: ProofProtein, url: URL): object {
  const isSummary = url.pathname.endsWith("/esummary.fcgi");
  const id = String(protein.number);
  const found = {
    header: { type: "esearch", version: "0.3" },
    esearchresult: { count: "1", retmax: "1", retstart: "0", idlist: [id] },
  };
  const summary = (record: object): object => ({
    header: { type: "esummary", version: "0.3" },
    result: { uids: [id], [id]: record },
  });
  switch (source) {
    case "uniprot":
      return uniprotAnswer(protein);
    case "variation":
      return variationAnswer(protein);
    case "clinvar":
      return isSummary ? summary(clinvarRecord(protein)) : found;
    case "alphafold":
      return alphafoldAnswer(protein);
    case "pubmed":
      return isSummary ? summary(pubmedRecord(protein)) : found;
    case "opentargets":
      return targetAnswer(protein);
    case "trials":
      return trialsAnswer(protein);
    case "rcsb":
      return {};
  }
}

function fail(behaviour: Exclude<Behaviour, "answers">, response: ServerResponse): void {
  switch (behaviour) {
    case "cut off":
      response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
      response.write("{");
      response.destroy();
      return;
    case "no JSON":
      response.writeHead(200, { "content-type": "text/html" }).end("<html>maintenance</html>");
      return;
    case "other form":
      sendJson(response, 200, { unexpected: true });
      return;
    case "404":
    case "429":
    case "500":
      sendJson(response, Number(behaviour), { error: "synthetic failure" });
  }
}
