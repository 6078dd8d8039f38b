// SPDX-License-Identifier: BSD-2-Clause
//
// Runs that nobody made, as large as those of a fleet.
//
//	node check_runs.mjs FOLDER RUNS CASES
import { mkdirSync, rmSync, writeFileSync } from "fs";

const [, , folder, runs, cases] = process.argv;
const releases = ["10.13", "10.14", "10.15", "11", "12", "13", "13.3", "14",
    "14.4", "15", "15.4", "15.5", "16", "17", "18", "18.1", "18.2", "18.3",
    "19", "19.1", "19.2", "20", "21", "22", "23"];

function makeCase(n, run)
{
	const age = run >> 1, page = run % 2 ? 16384 : 4096;
	const skipped = n % 97 === 0;
	const other = n % 10 === 0 && (n * 7) % 15 < age;
	const answer = (call, text) => ({ call, answer: text, verdict: "pass" });
	return {
		routine: "routine_" + Math.floor(n * 26 / cases),
		id: "behaviour-" + n,
		name: `condition_number_${n}_has_this_outcome__trap`,
		route: "trap",
		program: "tests/some_test",
		verdict: skipped ? "skipped" : n % 211 === run ? "failed" : "passed",
		reason: skipped ? "needs another processor" : "",
		seconds: 0.001,
		source: `xnu-11417.121.6 osfmk/vm/vm_map.c, function_${n % 60}()`,
		sentence: `The kernel does with argument ${n} what this sentence, ` +
		    "as long as those of the suite, says that it does.",
		answers: skipped ? [] : [
			answer(`vm->routine_${n % 40}(self, &address, ${n} * mt_page, ` +
			    "VM_FLAGS_ANYWHERE | TAG(240))",
			    other ? "KERN_NO_SPACE (3)" : "KERN_SUCCESS (0)"),
			answer(`region at hole + ${n % 50} * mt_page`, "address=0 size=0x" +
			    (page * (1 + n % 90)).toString(16) +
			    " user_tag=VM_MEMORY_APPLICATION_SPECIFIC_1 (240)"),
			answer("layout at hole", "." + "ab"[n % 2] + ".")]
	};
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (let run = 0; run < Number(runs); run++)
	writeFileSync(`${folder}/${run}.json`, JSON.stringify({
		format: "mach-vm-tests run", version: 1,
		fingerprint: { system: "macos", release: releases[run >> 1],
			build: "24F" + run, arch: run % 2 ? "arm64" : "x86_64" },
		start: 1700000000000000 + run * 3600000000,
		results: Array.from({ length: Number(cases) }, (_, n) =>
		    makeCase(n, run))
	}));
