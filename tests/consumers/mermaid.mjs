// Parses mermaid files with mermaid's own parser, as a page that shows them would; exits 1 with a line for each that it
// refuses. `make check-formats` installs the packages under build/consumers.
//
//   node tests/consumers/mermaid.mjs build/consumers FILE.mmd...
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [packages, ...files] = process.argv.slice(2);
const require = createRequire(resolve(packages, 'package.json'));
const { JSDOM } = require('jsdom');

// The parser cleans texts with the help of a document.
globalThis.window = new JSDOM('').window;
globalThis.document = window.document;
const { default: mermaid } = await import(pathToFileURL(resolve(packages, 'node_modules/mermaid/dist/mermaid.core.mjs')));
mermaid.initialize({ startOnLoad: false });

// What the parser has understood: a note that is taken for something else, or dropped, is a fault too.
async function check(file) {
    const text = await readFile(file, 'utf8');
    const lines = text.split('\n').filter((line) => line.trim());
    const diagram = await mermaid.mermaidAPI.getDiagramFromText(text);
    const participants = lines.filter((line) => line.startsWith('    participant ')).length;
    const drawn = lines.filter((line) => /^ {4}(Note over |n\d+-)/.test(line)).length;
    const database = diagram.db;
    if (diagram.type !== 'sequence') throw new Error(`taken for a ${diagram.type}`);
    if (database.getActorKeys().length !== participants)
        throw new Error(`${database.getActorKeys().length} participants, not ${participants}`);
    if (database.getMessages().length !== drawn) throw new Error(`${database.getMessages().length} rows, not ${drawn}`);
    if (lines.length !== 2 + participants + drawn) throw new Error('a line is neither participant, note nor message');
}

let failures = 0;
for (const file of files) {
    try {
        await check(file);
    } catch (error) {
        console.error(`${file}: ${String(error.message).split('\n').join(' | ')}`);
        failures++;
    }
}
process.exit(failures || !files.length ? 1 : 0);
