// Visits with one browser, until nothing more is asked: a line of JSON in (`url`, `categories` and Lighthouse's settings), a line
// out, which is its result or has an `error`. Starting a browser and reading Lighthouse takes as long as a visit, and looking for
// what gives no points a fifth of it.
// Run as: node lighthouse.mjs NODE_MODULES CHROMIUM FLAG...
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [modules, chromePath, ...chromeFlags] = process.argv.slice(2);
const from = async (path) => import(pathToFileURL(`${modules}/${path}`));
const { default: lighthouse } = await from("lighthouse/core/index.js");
const { default: usual } = await from("lighthouse/core/config/default-config.js");
const { launch } = await from("chrome-launcher/dist/index.js");

let chrome = null;
const scored = (category) => usual.categories[category].auditRefs.filter(({ weight }) => weight).map(({ id }) => id);
const visit = async ({ url, categories, ...settings }) => {
  chrome ??= await launch({ chromePath, chromeFlags, logLevel: "silent" });
  const onlyAudits = categories.flatMap(scored);
  const flags = { port: chrome.port, output: "json", logLevel: "silent", onlyAudits, ...settings };
  const { lhr } = await lighthouse(url, flags);
  if (lhr.runtimeError) throw new Error(`${lhr.runtimeError.code}: ${lhr.runtimeError.message}`);
  return lhr;
};

for await (const line of createInterface({ input: process.stdin })) {
  let said;
  try {
    said = await visit(JSON.parse(line));
  } catch (error) {
    said = { error: String(error) };
    chrome?.kill(); // whatever is wrong with it does not reach the next visit
    chrome = null;
  }
  process.stdout.write(JSON.stringify(said) + "\n");
}
chrome?.kill();
