// Fills templates with Microsoft's own engine: one JSON object {template, data} a line in, one card a line out.
const { createRequire } = require("node:module");
const { join } = require("node:path");
const { createInterface } = require("node:readline");

const installed = createRequire(join(__dirname, "../../bot/rehearsal/package.json"));
const { Template } = installed("adaptivecards-templating");

createInterface({ input: process.stdin }).on("line", (line) => {
  const { template, data } = JSON.parse(line);
  console.log(JSON.stringify(new Template(template).expand({ $root: data })));
});
