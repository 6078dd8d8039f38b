// SPDX-License-Identifier: BSD-2-Clause
//
// How large many.html of FOLDER is, and how soon it can be read and used: the
// size is judged, the times are told (1 s is meant), as machines are shared.
//
//	CHROMIUM=program node check_speed.mjs FOLDER
import { statSync } from "fs";
import { chromium } from "playwright-core";

const folder = process.argv[2], file = folder + "/many.html";
const LARGEST = 5e6;		/* bytes */

function judge(words, good, found)
{
	console.log((good ? "ok " : "failed ") + words + ": " + found);
}

const size = statSync(file).size;
judge("50 runs of 2,500 cases are smaller than 5 MB", size < LARGEST,
    size + " bytes");
const browser = await chromium.launch({
	executablePath: process.env.CHROMIUM,
	args: ["--no-sandbox", "--disable-gpu"]
});
const times = [];
let filter = 0, whole = 0;
for (let i = 0; i < 3; i++) {
	const page = await browser.newPage({
		viewport: { width: 1280, height: 900 } });
	const start = Date.now();
	await page.goto("file://" + file);
	await page.evaluate(() => new Promise(r => requestAnimationFrame(() =>
	    requestAnimationFrame(r))));
	times.push(Date.now() - start);
	if (i === 2) {
		await page.waitForFunction(() => drawn === shown.length,
		    null, { timeout: 60000 });
		whole = Date.now() - start;
		const first = Date.now();
		await page.fill("#q", "kern_no_space");
		await page.evaluate(() => new Promise(requestAnimationFrame));
		filter = Date.now() - first;
	}
	await page.close();
}
await browser.close();
const opened = times.sort((a, b) => a - b)[1];
console.log(`note 50 runs of 2,500 cases: ${size} bytes, opened in ${opened} ms, ` +
    `all 125,000 cells after ${whole} ms, filtered in ${filter} ms`);
