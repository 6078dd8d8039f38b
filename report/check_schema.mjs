// SPDX-License-Identifier: BSD-2-Clause
//
// JSON that mach-vm-report wrote, against the schemas: ours and CTRF's.
//
//	node check_schema.mjs FOLDER OUR-SCHEMA
import { readdirSync, readFileSync } from "fs";
import { createRequire } from "module";

const require = createRequire(import.meta.url);
const formats = require("ajv-formats");
const [, , folder, ourSchema] = process.argv;
const read = path => JSON.parse(readFileSync(path, "utf8"));

function validator(Ajv, schema)
{
	const ajv = new Ajv({ strict: false });
	formats(ajv);
	return ajv.compile(read(schema));
}

function judge(words, validate, value, wanted)
{
	const good = validate(value);
	const why = good ? "no error" : validate.errors.map(e =>
	    e.instancePath + " " + e.message).join("; ").slice(0, 300);
	console.log(good === wanted ? "ok " + words :
	    "failed " + words + ": " + why);
}

const ours = validator(require("ajv/dist/2020"), ourSchema);
const ctrf = validator(require("ajv"),
    folder + "/node_modules/ctrf/dist/ctrf-schema-0.0.json");

for (const file of readdirSync(folder)) {
	const path = folder + "/" + file;
	if (/^(run-.*|bundle|export|wrong)\.json$/.test(file))
		judge(file + " follows run.schema.json", ours, read(path), true);
	else if (/\.ctrf$/.test(file))
		judge(file + " follows CTRF's schema", ctrf, read(path), true);
}

// The schemas do refuse.
const run = read(folder + "/wrong.json"), report = read(folder + "/wrong.ctrf");
for (const [words, spoil] of [
	["a verdict that is none", r => { r.results[0].verdict = "fine"; }],
	["another version", r => { r.version = 2; }],
	["a result without answers", r => { delete r.results[0].answers; }],
	["a key that no document tells of", r => { r.results[0].colour = 1; }]]) {
	const bad = structuredClone(run);
	spoil(bad);
	judge("run.schema.json refuses " + words, ours, bad, false);
}
report.results.tests[0].status = "fine";
judge("CTRF's schema refuses a status that is none", ctrf, report, false);

// What CTRF counts is what the run has.
const summary = read(folder + "/wrong.ctrf").results.summary;
const counts = [7, 2, 2, 0, 1, 2].join();
const said = ["tests", "passed", "failed", "pending", "skipped", "other"]
    .map(k => summary[k]).join();
console.log(said === counts ? "ok CTRF's summary counts" :
    "failed CTRF's summary counts: " + said + ", must be " + counts);
