// SPDX-License-Identifier: BSD-2-Clause
//
// What the checks of pages share: headless Chromium, which the environment's
// CHROMIUM names, and tests that print "ok WORDS" or "failed WORDS: why".
import { chromium } from "playwright-core";

const browser = await chromium.launch({
	executablePath: process.env.CHROMIUM,
	args: ["--no-sandbox", "--disable-gpu"]
});
let problems = [];

export const close = () => browser.close();

// The page at url.  A message on its console, an error, a dialog or a request
// for what does not begin with own fails the test.
export async function visit(url, own, options)
{
	const context = await browser.newContext({
		viewport: { width: 1280, height: 900 }, ...options });
	const page = await context.newPage();
	page.setDefaultTimeout(60000);
	page.on("console", m => problems.push("console: " + m.text()));
	page.on("pageerror", e => problems.push("error: " + e));
	page.on("dialog", d => { problems.push("dialog"); d.dismiss(); });
	page.on("request", r => r.url().startsWith(own) ||
	    r.url() === "data:," || problems.push("asks for " + r.url()));
	await page.goto(url);
	return page;
}

export function equal(found, wanted, what = "")
{
	if (String(found) !== String(wanted))
		throw new Error(`${what} ${found}, must be ${wanted}`);
}

export function ensure(condition, what)
{
	if (!condition)
		throw new Error(what);
}

export async function test(words, body)
{
	problems = [];
	try {
		await body();
		if (problems.length > 0)
			throw new Error(problems.join("; ").slice(0, 300));
		console.log("ok " + words);
	} catch (e) {
		console.log("failed " + words + ": " +
		    String(e.message).split("\n")[0]);
	}
	for (const context of browser.contexts())
		await context.close();
}
