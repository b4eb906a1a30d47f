// The HTML page of a trace in its real consumer, a browser: opened, stepped through by keyboard, searched, and what it
// shows compared with what the trace file says. `make check-html` runs it.
//
//   node tests/consumers/html.mjs [--screenshots DIR]
//
// Environment: GAINSAY, the program; CHROMIUM, the browser (default: chromium).

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Browser } from './browser.mjs';

const gainsay = process.env.GAINSAY ?? 'build/release/gainsay';
const chromium = process.env.CHROMIUM ?? 'chromium';
const screenshots = process.argv[2] === '--screenshots' ? process.argv[3] : null;
const directory = mkdtempSync(join(tmpdir(), 'gainsay-html-'));

// ---- Traces ----

function makeTrace(name, ...check) {
  const path = join(directory, `${name}.trace`);
  const ran = spawnSync(gainsay, ['check', ...check, '--trace', path], { encoding: 'utf8' });
  assert.equal(ran.status, 1, `gainsay check ${check.join(' ')}: ${ran.stdout}${ran.stderr}`);
  return path;
}

// The shortest way to a goal.
function makeWitness(goal, ...check) {
  const ran = spawnSync(gainsay, ['check', ...check, '--witness', goal, directory], { encoding: 'utf8' });
  assert.ok(ran.status === 0 || ran.status === 3, `gainsay check: ${ran.stderr}`);
  return join(directory, `${goal}.trace`);
}

function readLines(path) {
  return readFileSync(path, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
}

// The same trace with a partition before one step and its end before another: that is possible at any time, and no
// shortest counterexample has them.
function spliceEvents(path, name, before) {
  const steps = [];
  const [header, ...lines] = readLines(path);
  header.budgets.partitions = 1;
  for (const line of lines) {
    if (before[line.step])
      steps.push({ step: 0, ...before[line.step], fingerprint: '0'.repeat(16) });
    steps.push(line);
  }
  let number = 0;
  for (const line of steps)
    if (line.step !== undefined)
      line.step = ++number;
  Object.assign(steps[steps.length - 1], { steps: number, digest: undefined }); // without one, it may be edited
  const edited = join(directory, `${name}.trace`);
  writeFileSync(edited, [header, ...steps].map((line) => `${JSON.stringify(line)}\n`).join(''));
  return edited;
}

// A sample of just these events, for what no shortest counterexample has. `path`: a trace whose header is taken.
function writeSample(path, name, budgets, events) {
  const [header, ...lines] = readLines(path);
  const sample = { ...header, budgets: { ...header.budgets, ...budgets }, property: null, kind: 'sample', explanation: '', monitors: undefined };
  const starts = lines.filter((line) => line.start);
  const steps = events.map((event, index) => ({ step: index + 1, ...event, fingerprint: '0'.repeat(16) }));
  const end = { end: 'sample', property: null, steps: steps.length };
  const written = join(directory, `${name}.trace`);
  writeFileSync(written, [sample, ...starts, ...steps, end].map((line) => `${JSON.stringify(line)}\n`).join(''));
  return written;
}

// The lines as the program writes them now, whatever was edited.
function printLines(path) {
  return JSON.parse(execFileSync(gainsay, ['show', path, '--format', 'json'], { encoding: 'utf8', maxBuffer: 1 << 28 }));
}

function makePage(path) {
  const page = execFileSync(gainsay, ['show', path, '--format', 'html'], { maxBuffer: 1 << 28 });
  writeFileSync(`${path}.html`, page);
  return pathToFileURL(`${path}.html`).href;
}

// ---- What a trace file says, by its own lines ----

// A JSON value as the leaves that the page has for it: {".votes[]=server0"}; places in arrays do not count.
function leaves(path, value) {
  if (Array.isArray(value))
    return value.flatMap((element) => leaves(`${path}[]`, element));
  if (value !== null && typeof value === 'object')
    return Object.entries(value).flatMap(([name, member]) => leaves(`${path}.${name}`, member));
  return [`${path}=${value === null ? 'nobody' : value}`];
}

// The page's paths in the same form.
function leafOf(path, text) {
  const plain = path.replace(/\{.*\}/g, '[]').replace(/\[\d+\]/g, '[]').replace(/\[([^\]]+)\]/g, '.$1');
  return `${plain}=${text}`;
}

// Replays the lines: what is armed, down and in flight, and the last value of every field that ever changed.
class Expected {
  fields = new Map(); // "server0.term": value
  armed = new Map();
  down = new Set();
  flight = [];

  constructor(header) {
    this.header = header;
  }

  apply(line) {
    this.changed = new Map();
    this.before = new Map(this.fields);
    for (const [node, changes] of Object.entries(line.changes ?? {}))
      this.#change(node, changes);
    if (line.event === 'drop' || line.event === 'deliver')
      this.#take(line);
    if (this.header.network === 'fifo' && (line.event === 'crash' || line.event === 'reboot'))
      this.flight = this.flight.filter((message) => !(line.nodes ?? [line.node]).some((node) => message.endsWith(`→ ${node}`)));
    for (const { from, to, message, result } of line.sent ?? [])
      if (!result)
        this.flight.push(`${message.type} ${from ?? line.start ?? (line.event === 'deliver' || line.event === 'duplicate' ? line.to : line.node)} → ${to}`);
  }

  #take({ from, to, message }) {
    const at = this.flight.indexOf(`${message.type} ${from} → ${to}`);
    assert.ok(at >= 0, `${message.type} ${from} → ${to} is in flight`);
    if (this.header.network !== 'set')
      this.flight.splice(at, 1);
  }

  #change(node, changes) {
    const names = new Set();
    for (const [name, value] of Object.entries(changes)) {
      if (name === 'timers')
        Object.entries(value).forEach(([timer, isArmed]) => this.armed.set(`${node} ${timer}`, isArmed));
      else if (name === 'up' && typeof value === 'boolean' || name === 'up_')
        value ? this.down.delete(node) : this.down.add(node);
      else
        this.fields.set(`${node}.${name}`, value);
      names.add(name === 'up' || name === 'up_' ? 'up' : name);
    }
    this.changed.set(node, names);
  }
}

// ---- What the page shows ----

const read = `(() => {
  const of = (root, selector) => [...root.querySelectorAll(selector)];
  const now = (field) => { // without what it was before
    const copy = field.cloneNode(true);
    copy.querySelectorAll('del').forEach((old) => { if (old.nextSibling?.data === ' → ') old.nextSibling.remove(); old.remove(); });
    return copy.textContent.trim();
  };
  return {
    title: document.querySelector('#panel h2').textContent,
    hash: location.hash,
    fingerprint: of(document, '.facts dt').find((dt) => dt.textContent === 'fingerprint').nextSibling.textContent,
    flight: of(document, '.flight li').map((li) => [li.querySelector('.name').textContent.split(' ')[0], ...li.querySelector('.who').textContent.split(/ → |, /)]),
    current: of(document, '#rows [aria-current]').map((row) => row.textContent),
    effects: of(document, '.effects li').map((li) => li.textContent),
    nodes: Object.fromEntries(of(document, '.card[data-node]').map((card) => [card.dataset.node, {
      down: Boolean(card.querySelector('.up-mark.down')),
      changed: of(card, '.field.changed').map((field) => [field.querySelector('dt').textContent, of(field, 'del').map((del) => del.textContent), of(field, 'ins').map((ins) => ins.textContent)]),
      up: Boolean(card.querySelector('.up-mark ins')),
      text: of(card, '.field').map(now),
      leaves: of(card, '[data-path]').map((leaf) => [leaf.dataset.path, leaf.textContent]) }])),
  };
})()`;

function checkNode(name, shown, expected, at) {
  for (const [path, value] of expected.fields) {
    if (!path.startsWith(`${name}.`))
      continue;
    const under = new RegExp(`^${path.replace(/[.*+?^\${}()|[\]\\]/g, '\\$&')}([=.[]|$)`);
    const now = shown.leaves.map(([leaf, text]) => leafOf(leaf, text)).filter((leaf) => under.test(leaf));
    assert.deepEqual(now, leaves(path, value), `${at}: ${path}`);
  }
  const armed = shown.leaves.map(([path]) => path).filter((path) => path.startsWith(`${name}.timers{`));
  const wanted = [...expected.armed].filter(([timer, isArmed]) => isArmed && timer.startsWith(`${name} `)).map(([timer]) => timer.slice(name.length + 1));
  assert.deepEqual(armed.map((path) => path.slice(name.length + 8, -1)).sort(), wanted.sort(), `${at}: timers of ${name}`);
  assert.equal(shown.down, expected.down.has(name), `${at}: ${name} is down`);
  const marked = [...shown.changed.map(([field]) => field), ...(shown.up ? ['up'] : [])];
  assert.deepEqual(marked.sort(), [...(expected.changed.get(name) ?? [])].sort(), `${at}: marks of ${name}`);
  for (const [field, gone, come] of shown.changed) {
    const [now, was] = [expected.fields.get(`${name}.${field}`), expected.before.get(`${name}.${field}`)];
    assert.ok(gone.length + come.length, `${at}: ${name}.${field}: what has changed`);
    if (field !== 'timers' && (now === null || typeof now !== 'object'))
      assert.deepEqual(come, [now === null ? 'nobody' : String(now)], `${at}: ${name}.${field}: its new value`);
    if (was !== undefined && (was === null || typeof was !== 'object'))
      assert.deepEqual(gone, [was === null ? 'nobody' : String(was)], `${at}: ${name}.${field}: its old value`);
  }
}

function checkStep(shown, line, expected, steps) {
  const at = `step ${line.step}`;
  assert.equal(shown.title, `Step ${line.step} of ${steps}`);
  assert.equal(shown.hash, `#step=${line.step}`);
  assert.equal(shown.current.length, 1);
  if (!line.misbehaved)
    assert.equal(shown.fingerprint, line.fingerprint, at);
  for (const name of Object.keys(shown.nodes))
    checkNode(name, shown.nodes[name], expected, at);
  const flight = shown.flight.flatMap(([type, from, ...to]) => to.map((receiver) => `${type} ${from} → ${receiver}`));
  assert.deepEqual(flight.sort(), expected.flight.slice().sort(), `${at}: in flight`);
  const sent = (line.sent ?? []).map(({ message }) => message.type);
  for (const type of sent)
    assert.ok(shown.effects.some((effect) => effect.includes(`sends ${type}`)), `${at}: sends ${type}`);
}

// The initial states, as the text says them: "server0, server1: state follower, term 0, ...".
function checkInitial(shown, path) {
  const text = execFileSync(gainsay, ['show', path], { encoding: 'utf8' }).replace(/\n {8,}/g, ' ');
  const block = /\ninitially\n([^]*?)\n\n/.exec(`${text}\n\n`)[1].split('\n').map((line) => line.trim());
  for (const [name, node] of Object.entries(shown.nodes)) {
    const line = block.find((candidate) => candidate.split(': ')[0].split(', ').includes(name));
    for (const field of node.text.filter((candidate) => !candidate.startsWith('timers')))
      assert.ok(line.includes(field), `initially, ${name}: "${field}" in "${line}"`);
  }
}

// Steps through the whole page by one key, from the first stop on, and checks every step.
async function stepThrough(page, path, key) {
  const [header, ...lines] = printLines(path);
  const steps = lines[lines.length - 1].steps;
  const expected = new Expected(header);
  lines.filter((line) => line.start).forEach((line) => expected.apply(line));
  await page.press('Home');
  for (let shown = await page.evaluate(read); shown.hash !== '#step=0'; shown = await page.evaluate(read))
    await page.press(key);
  checkInitial(await page.evaluate(read), path);
  for (const line of lines.filter((candidate) => candidate.step)) {
    await page.press(key);
    const shown = await page.evaluate(read);
    expected.apply(line);
    checkStep(shown, line, expected, steps);
  }
  await page.press(key);
  assert.equal(await page.evaluate('location.hash'), `#step=${steps}`, 'the last step is the last');
}

function checkQuiet(page, url) {
  assert.deepEqual(page.problems, [], 'the console stays silent');
  assert.deepEqual(page.requests, [url.replace(/#.*/, '')], 'nothing but the page is fetched');
}

// ---- The tests ----

const hash = (page) => page.evaluate('location.hash');

async function checkKeys(page) {
  await page.press('End');
  const last = await hash(page);
  await page.press('k');
  assert.notEqual(await hash(page), last);
  await page.press('ArrowDown');
  assert.equal(await hash(page), last);
  await page.press('g');
  await page.type('4');
  await page.press('Enter');
  assert.equal(await hash(page), '#step=4');
  await page.press('ArrowLeft');
  assert.equal(await hash(page), '#step=3');
  await page.press('?');
  assert.ok(await page.evaluate(`document.getElementById('help').open`));
  await page.press('Escape');
  assert.ok(!(await page.evaluate(`document.getElementById('help').open`)));
  await page.click('#next');
  assert.equal(await hash(page), '#step=4');
  await page.press('Home');
  await page.click('#rows li:nth-child(2)');
  assert.equal(await page.evaluate('document.body.dataset.stop'), '1');
  await page.evaluate(`document.getElementById('slider').focus()`);
  await page.press('ArrowRight');
  assert.equal(await page.evaluate('document.body.dataset.stop'), '2');
  await page.evaluate('document.activeElement.blur()');
  const canvas = await page.evaluate(`(({ x, y }) => ({ x, y }))(document.querySelector('#canvas svg').getBoundingClientRect())`);
  await page.clickAt(canvas.x + 5, canvas.y + 4 * 26 + 13);
  assert.equal(await page.evaluate('document.body.dataset.stop'), '4');
}

// A field's new value: as many matches as lines that say so.
async function checkSearch(page, path, field, value) {
  const hits = readLines(path).filter((line) => line.step && Object.values(line.changes ?? {}).some((changes) => changes[field] === value));
  assert.ok(hits.length >= 2, 'the trace has something to search for');
  await page.press('Home');
  await page.press('/');
  await page.type(`${field}=${value}`);
  await page.press('Enter');
  for (const line of hits) {
    assert.equal(await hash(page), `#step=${line.step}`);
    await page.press('n');
  }
  assert.equal(await hash(page), `#step=${hits[0].step}`, 'round the end');
  await page.press('N');
  assert.equal(await hash(page), `#step=${hits[hits.length - 1].step}`);
  assert.equal(await page.evaluate(`document.querySelectorAll('#rows li.found').length`), hits.length);
  await page.press('/');
  await page.type('nothing-like-this');
  assert.equal(await page.evaluate(`document.getElementById('matches').textContent`), 'no match');
  await page.press('Escape');
  assert.equal(await page.evaluate(`document.querySelectorAll('.found').length`), 0);
  await page.click('#legend button');
  assert.ok((await page.evaluate(`document.querySelectorAll('.message.found').length`)) > 0);
  await page.press('Escape');
}

async function checkFilter(page) {
  const count = () => page.evaluate(`[document.querySelectorAll('.lifeline-name').length, document.querySelectorAll('.card[data-node]').length, document.querySelectorAll('.message').length]`);
  const before = await count();
  await page.click('#filter summary');
  await page.click('#filter-list input');
  const after = await count();
  assert.equal(after[0], before[0] - 1);
  assert.equal(after[1], before[1] - 1);
  assert.ok(after[2] < before[2]);
  await page.click('#filter-list input');
  assert.deepEqual(await count(), before);
  await page.press('Escape');
}

// At 1280 pixels nothing is cut off or has to be scrolled sideways.
async function checkFits(page) {
  const sizes = await page.evaluate(`(() => { const pane = document.getElementById('diagram'), names = [...document.querySelectorAll('.lifeline-name')].map((name) => name.getBoundingClientRect());
    return { body: document.documentElement.scrollWidth, pane: pane.scrollWidth - pane.clientWidth, overlap: names.some((name, i) => i && name.left < names[i - 1].right),
      high: document.documentElement.scrollHeight }; })()`);
  assert.deepEqual(sizes, { body: 1280, pane: 0, overlap: false, high: 800 });
}

async function shoot(page, name, steps) {
  for (const scheme of screenshots ? ['light', 'dark'] : []) {
    await page.theme(scheme);
    for (const step of steps) {
      await page.evaluate(`location.hash = '#step=${step}'`);
      await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
      writeFileSync(join(screenshots, `${name}-${step}-${scheme}.png`), await page.screenshot());
    }
  }
  if (screenshots)
    writeFileSync(join(screenshots, `${name}.pdf`), await page.pdf());
  await page.theme('light');
}

async function checkPage(page, name, path, steps) {
  const url = makePage(path);
  await page.open(url);
  await stepThrough(page, path, name.length % 2 ? 'ArrowRight' : 'j');
  checkQuiet(page, url);
  await shoot(page, name, steps);
  console.log(`${name}: as the trace says, at every step`);
}

async function checkSixty(page) {
  const path = spliceEvents(makeTrace('relay', 'tests/data/plugins/relay.c'), 'sixty', {
    20: { event: 'partition', groups: [['station0', 'station1', 'station2'], ['station3', 'station4']] },
    24: { event: 'heal' },
  });
  assert.equal(readLines(path).filter((line) => line.step).length, 60);
  await checkPage(page, 'sixty', path, [0, 5, 13, 22, 32, 60]);
  await checkFits(page);
  await checkKeys(page);
  await checkSearch(page, path, 'phase', 'waiting');
  await checkFilter(page);
  const url = makePage(path);
  await page.open(`${url}#step=32`);
  assert.equal(await page.evaluate(`document.querySelector('#panel h2').textContent`), 'Step 32 of 60');
  const times = [];
  for (let i = 0; i < 3; i++) {
    await page.open(url);
    times.push(Number(await page.evaluate('document.body.dataset.readyAfter')));
  }
  assert.ok(Math.min(...times) < 1000, `ready after ${times} ms`);
  checkQuiet(page, url);
  console.log(`sixty steps, five nodes: ready after ${Math.min(...times)} ms`);
}

// Mail lost in a crash and mail to a node that is down; equal messages that are absorbed.
async function checkFaults(page) {
  const baton = (number, from, to) => ({ from: `station${from}`, to: `station${to}`, message: { type: 'baton', number, origin: `station${from}` } });
  const pass = (station) => [{ event: 'timer', node: `station${station}`, timer: 'breathe' }, { event: 'local', node: `station${station}`, name: 'pass' }];
  const relay = makeTrace('relay', 'tests/data/plugins/relay.c');
  await checkPage(page, 'lost', writeSample(relay, 'lost', { crashes: 3, reboots: 1, partitions: 1 }, [
    ...pass(0), { event: 'deliver', ...baton(1, 0, 1) }, { event: 'crash', node: 'station0' }, ...pass(1),
    { event: 'crash', node: 'station1' }, { event: 'partition', groups: [['station0', 'station3'], ['station1', 'station2', 'station4']] },
    { event: 'deliver', ...baton(2, 1, 2) }, { event: 'restart', node: 'station1' }, { event: 'reboot', node: 'station4' }]), [4, 11]);
  const votes = (type, from, to, more) => ({ event: 'deliver', from, to, message: { type, term: 1, ...more } });
  const heartbeat = { event: 'timer', node: 'server0', timer: 'heartbeat' };
  const raft = makeTrace('raft', 'raft', '--mutant', 'vote-twice', '--preset', 'one-term', '--set', 'heartbeats=1');
  await checkPage(page, 'absorbed', writeSample(raft, 'absorbed', {}, [
    { event: 'timer', node: 'server0', timer: 'election-timeout' }, votes('request-vote', 'server0', 'server1'),
    votes('request-vote-reply', 'server1', 'server0', { success: true }), votes('append-entries', 'server0', 'server2'), heartbeat]), [4, 5]);
}

async function checkHostile(page) {
  const path = makeTrace('hostile', 'tests/data/plugins/hostile_names.c', '--mutant', 'none');
  const url = makePage(path);
  await page.open(url);
  for (let i = 0; i < 5; i++)
    await page.press('j');
  for (const query of ['<img', '</script>'])
    await page.evaluate(`searchFor(${JSON.stringify(query)})`);
  const found = await page.evaluate(`[window.broken ?? 0, document.querySelectorAll('img').length, document.scripts.length,
    document.body.textContent.includes('<img src=x onerror="window.broken=1">'), document.querySelectorAll('#rows li.found').length > 0]`);
  assert.deepEqual(found, [0, 0, 2, true, true]);
  checkQuiet(page, url);
  await shoot(page, 'hostile', [3, 5]);
  console.log('hostile names: shown as text');
}

async function main() {
  if (screenshots)
    mkdirSync(screenshots, { recursive: true });
  const browser = new Browser(chromium, join(directory, 'profile'));
  try {
    const page = await browser.page(1280, 800);
    const raft = (mutant, preset) => makeTrace(mutant, 'raft', '--mutant', mutant, '--preset', preset);
    await checkPage(page, 'stale', raft('stale-votes-counted', 'quick'), [0, 2, 7]);
    await checkPage(page, 'reboot', raft('vote-not-durable', 'reboot'), [2]);
    await checkPage(page, 'duplicates', raft('duplicates-counted', 'repeated-messages'), [7, 8]);
    await checkPage(page, 'commit', makeTrace('commit', 'two-phase-commit', '--mutant', 'commit-on-one-vote'), [4, 5]);
    await checkPage(page, 'ring', makeTrace('ring', 'examples/token_ring.c', '--mutant', 'accept-old-token'), [3]);
    await checkPage(page, 'assert', makeTrace('assert', 'tests/data/plugins/failed_assert.c'), [3]);
    await checkPage(page, 'goal', makeWitness('second-leader-in-a-later-term', 'raft'), [1]);
    await checkFaults(page);
    await checkHostile(page);
    await checkSixty(page);
  } finally {
    await browser.close();
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

await main().catch((error) => {
  console.error(error);
  process.exit(1);
});
