/** The script of a report: draws the heatmap of the data in the page, and answers the reader. */
import type { ReportData } from "../reportData.js";
import { download } from "./download.js";
import { element } from "./elements.js";
import { showReport } from "./showReport.js";

showReport(JSON.parse(element("data", HTMLScriptElement).text) as ReportData, download);
