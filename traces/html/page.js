/* The page: header, controls, the list of events beside the diagram, the keyboard, the address. */

const page = { trace: null, diagram: null, stop: null, found: null, index: null, timer: 0, rows: [] };

function byId(id) {
  return document.getElementById(id);
}

/* ---- Header ---- */

function fillHeader(trace) {
  const { header } = trace;
  const verdict = verdictOf(trace);
  document.title = `${header.protocol}: ${header.property ?? ''} ${verdict.short}`;
  byId('protocol').textContent = header.protocol;
  byId('protocol').title = trace.data.title;
  byId('property').textContent = header.property ?? 'a sample';
  byId('claim').textContent = trace.data.claim ?? (header.property ? '' : trace.data.title);
  byId('verdict').textContent = verdict.short;
  byId('verdict').className = verdict.kind;
  byId('explanation').textContent = verdict.tells ? trace.data.end.reason : verdict.long;
  byId('run').append(...runFacts(trace).flatMap(([name, value, title]) => [html('dt', {}, name), html('dd', { title }, value)]));
}

function pairs(object) {
  return Object.entries(object).map(([name, value]) => `${name}=${value}`).join(' ') || 'none';
}

function runFacts(trace) {
  const { header } = trace;
  const networks = { bag: ` (${header.copies === 1 ? '1 copy' : `${header.copies} copies`})`, fifo: ` (capacity ${header.capacity})` };
  const mutants = Object.entries(trace.data.mutants);
  const facts = [
    ['options', pairs(header.options)],
    ['mutants', mutants.map(([name]) => name).join(' ') || 'none', mutants.map(([name, text]) => `${name}: ${text}`).join('\n')],
    ['network', header.network + (networks[header.network] ?? '')],
    ['budgets', pairs(header.budgets)],
  ];
  if (header.plugin)
    facts.push(['protocol', header.plugin]);
  return header.seed === null ? facts : [...facts, ['seed', String(header.seed)]];
}

/* ---- The list of events ---- */

function rowOf(stop) {
  const label = labelOf(page.trace, stop);
  const event = eventOf(stop);
  const colour = event?.received === undefined ? '' : colourOf(page.diagram, page.trace.messages[event.received]);
  const [, name, rest] = /^(initial state|timer [^ ]+|[^ {]*)(.*)$/s.exec(label.what);
  const text = html('span', { class: 'text' },
    label.tag ? html('b', { class: `tag ${label.tag}` }, label.tag) : '', label.tag ? ' ' : '',
    html('span', { class: `what ${colour}` }, html('b', {}, name), rest), label.what ? ' ' : '', html('span', { class: 'who' }, label.who));
  const button = html('button', { type: 'button', tabindex: '-1', title: event?.text },
    html('span', { class: 'number' }, stop.index >= page.trace.zero ? String(stop.number) : ''), text);
  button.addEventListener('click', () => select(stop.index));
  return html('li', { class: isBad(page.trace, stop) || (event && event.result !== 'step') ? 'bad' : undefined }, button);
}

function fillRows() {
  page.rows = page.trace.stops.map(rowOf);
  byId('rows').replaceChildren(...page.rows);
  const verdict = verdictOf(page.trace);
  byId('ending').className = verdict.kind;
  byId('ending').textContent = verdict.long + (verdict.tells && page.trace.data.end.reason ? `: ${page.trace.data.end.reason}` : '');
  byId('ending').hidden = verdict.kind === 'plain' && !verdict.long;
}

/* ---- The diagram in the page ---- */

function drawAll(width = byId('diagram').clientWidth) {
  const { diagram } = page;
  const labels = widthOfLabels(diagram, width);
  byId('rows').style.width = `${labels}px`;
  const root = drawDiagram(diagram, width - labels);
  byId('canvas').querySelector('svg')?.remove();
  byId('canvas').append(root);
  byId('lifelines').style.width = `${labels + diagram.width}px`;
  byId('lifelines').replaceChildren(html('span', { class: 'corner', style: `width:${labels}px` }, 'event'),
    ...diagram.columns.flatMap((x, node) => (x === undefined ? [] : [nameOf(node, labels + x)])));
  root.addEventListener('click', clickDiagram);
  if (page.stop)
    markDiagram(diagram, page.stop, page.found);
}

/* The lifelines take what they need, the labels the rest, within bounds. */
function widthOfLabels(diagram, width) {
  const shown = diagram.trace.nodes.length - diagram.hidden.size;
  return Math.round(Math.max(200, Math.min(470, width - MARGIN - shown * (shown > 5 ? 76 : 86))));
}

function nameOf(node, x) {
  const { name } = page.trace.nodes[node];
  const style = `left:${x}px;width:${page.diagram.column - 6}px`;
  return html('button', { type: 'button', class: 'lifeline-name', style, tabindex: '-1', title: `${name}: click to search for it`, 'data-search': name }, name);
}

function clickDiagram(event) {
  const y = event.clientY - page.diagram.root.getBoundingClientRect().top;
  select(Math.min(page.trace.last, Math.max(0, Math.floor(y / ROW))));
}

function fillLegend() {
  byId('legend').replaceChildren(...page.diagram.types.map((type, index) =>
    html('li', {}, html('button', { type: 'button', class: `colour-${index % COLOURS}`, 'data-search': type, title: `search for ${type}` }, type))));
}

function fillSigns() {
  const signs = [['deliver', 'delivery'], ['ignored', 'delivery that does nothing'], ['duplicate', 'delivery; the message stays'],
    ['timer', 'timer'], ['local', 'local event'], ['start', 'start'], ['crash', 'crash'], ['restart', 'restart'], ['reboot', 'crash and restart']];
  const sign = (text, ...shapes) => html('li', {}, svg('svg', { width: 40, height: 22, 'aria-hidden': true }, ...shapes), text);
  const line = (kind) => svg('path', { d: 'M2,11 H32', class: `line ${kind}` });
  byId('signs').replaceChildren(
    ...signs.map(([name, text]) => sign(text, svg('g', { class: 'event' }, ...glyphs[name](20, 11)))),
    sign('where it is violated', svg('circle', { cx: 20, cy: 11, r: 9, class: 'ring' })),
    sign('dropped or lost', line(''), cross(34, 11, 4)),
    sign('still in flight at the end', line('dashed'), svg('circle', { cx: 34, cy: 11, r: 2.5, class: 'tip' })),
    sign('absorbed: an equal one was in flight', line('dashed'), svg('path', { d: 'M33,7 v8', class: 'line' })),
    sign('down', svg('line', { x1: 4, x2: 36, y1: 11, y2: 11, class: 'lifeline down' })),
    sign('the sides of a partition', svg('rect', { width: 20, height: 22, class: 'side one' }), svg('rect', { x: 20, width: 20, height: 22, class: 'side other' })));
}

/* ---- Stepping ---- */

function select(index) {
  const { trace } = page;
  const stop = trace.stops[Math.max(0, Math.min(trace.last, index))];
  if (page.stop)
    markRow(page.stop.index, false);
  page.stop = stop;
  markRow(stop.index, true);
  markDiagram(page.diagram, stop, page.found);
  fillPanel(byId('panel'), page.diagram, stop);
  byId('slider').value = stop.index;
  byId('slider').setAttribute('aria-valuetext', titleOf(trace, stop));
  byId('number').value = stop.index >= trace.zero ? String(stop.number) : '';
  byId('first').disabled = byId('previous').disabled = stop.index === 0;
  byId('last').disabled = byId('next').disabled = stop.index === trace.last;
  byId('announcer').textContent = `${titleOf(trace, stop)}: ${byId('panel').querySelector('.event').textContent}`;
  document.body.dataset.stop = stop.index;
  showMatches();
  keepHash(stopHash(trace, stop));
  reveal(stop.index);
}

function markRow(index, isCurrent) {
  const button = page.rows[index].querySelector('button');
  page.rows[index].classList.toggle('current', isCurrent);
  button.tabIndex = isCurrent ? 0 : -1;
  if (isCurrent)
    button.setAttribute('aria-current', 'step');
  else
    button.removeAttribute('aria-current');
}

function keepHash(hash) {
  if (location.hash !== `#${hash}`)
    history.replaceState(null, '', `#${hash}`);
}

/* Scrolls only when the row, with one more on either side, is out of sight: a little, or so far that it is in the
 * middle; at the end so far that the outcome is seen too. */
function reveal(index) {
  const pane = byId('diagram');
  const height = pane.clientHeight - byId('lifelines').offsetHeight - byId('legend').offsetHeight;
  const isLast = index === page.trace.last;
  const above = pane.scrollTop - (index - 1) * ROW;
  const below = (index + 2) * ROW + (isLast ? byId('ending').offsetHeight + ROW : 0) - pane.scrollTop - height;
  if (above <= 0 && below <= 0)
    return;
  if (Math.max(above, below) > 3 * ROW && !isLast)
    pane.scrollTop = (index + 0.5) * ROW - height / 2;
  else
    pane.scrollTop += above > 0 ? -above : below;
}

function move(by) {
  select(page.stop.index + by);
}

function play(on) {
  clearInterval(page.timer);
  page.timer = on ? setInterval(() => (page.stop.index === page.trace.last ? play(false) : move(1)), 700) : 0;
  byId('play').setAttribute('aria-pressed', String(on));
  byId('play').textContent = on ? 'stop' : 'play';
  if (on && page.stop.index === page.trace.last)
    select(0);
}

/* ---- Searching ---- */

function search(query) {
  page.index ??= makeIndex(page.trace);
  page.found = findAll(page.index, query);
  page.rows.forEach((row, index) => row.classList.toggle('found', Boolean(page.found?.stops.has(index))));
  markDiagram(page.diagram, page.stop, page.found);
  showMatches();
}

function showMatches() {
  const stops = [...(page.found?.stops ?? [])];
  const place = stops.indexOf(page.stop.index) + 1;
  byId('matches').textContent = !page.found ? '' : !stops.length ? 'no match' : `${place || '–'}/${stops.length}`;
  byId('matches').classList.toggle('bad', Boolean(page.found && !stops.length));
}

function goToMatch(direction) {
  const stop = page.found && nextMatch(page.found, page.stop.index, direction);
  if (stop !== undefined && stop !== null)
    select(stop);
}

function searchFor(text) {
  byId('query').value = text;
  search(text);
  if (!page.found?.stops.has(page.stop.index))
    goToMatch(1);
}

/* ---- Which nodes, which field ---- */

function fillChoices() {
  const { trace, diagram } = page;
  byId('track').append(html('option', { value: '' }, '(nothing)'), ...trackFields(trace).map((name) => html('option', { value: name }, name)));
  byId('track').value = diagram.track;
  byId('filter-list').append(...trace.nodes.map((node, index) => {
    const box = html('input', { type: 'checkbox' });
    box.checked = true;
    box.addEventListener('change', () => hide(index, !box.checked));
    return html('label', {}, box, ` ${node.name}`);
  }));
}

function hide(node, isHidden) {
  if (isHidden)
    page.diagram.hidden.add(node);
  else
    page.diagram.hidden.delete(node);
  page.trace.stops.forEach((stop, index) => page.rows[index].classList.toggle('aside', isAside(stop)));
  drawAll();
  select(page.stop.index);
}

/* Is it about hidden nodes only? */
function isAside(stop) {
  const movers = moversOf(page.trace, stop);
  return movers.length > 0 && movers.every((node) => page.diagram.hidden.has(node));
}

/* ---- Input ---- */

const keys = {
  ArrowRight: () => move(1), ArrowDown: () => move(1), j: () => move(1),
  ArrowLeft: () => move(-1), ArrowUp: () => move(-1), k: () => move(-1),
  Home: () => select(0), End: () => select(page.trace.last), G: () => select(page.trace.last),
  g: () => { byId('number').focus(); byId('number').select(); },
  '/': () => { byId('query').focus(); byId('query').select(); },
  n: () => goToMatch(1), N: () => goToMatch(-1),
  p: () => play(!page.timer),
  '?': () => byId('help').showModal(),
  Escape: () => { play(false); byId('filter').open = false; byId('query').value = ''; search(''); },
};

/* Is the key meant for what has the focus? Text is typed into fields, lists and the slider have their own arrows, and
 * the panel of states scrolls up and down. */
function isTakenBy(target, key) {
  if (target.closest('dialog'))
    return true;
  if (target.matches('input:not([type=range]), select'))
    return key !== 'Escape';
  if (target.matches('#slider, #splitter'))
    return /^(Arrow|Home|End)/.test(key);
  return target.closest('#panel') && /^(ArrowUp|ArrowDown|Home|End)$/.test(key);
}

function pressKey(event) {
  const action = keys[event.key];
  if (!action || event.ctrlKey || event.metaKey || event.altKey || isTakenBy(event.target, event.key))
    return;
  event.preventDefault();
  if (event.key !== 'p')
    clearInterval(page.timer);
  if (event.key === 'Escape')
    event.target.blur();
  action();
}

function goToNumber() {
  const index = stopOfHash(page.trace, `step=${byId('number').value.trim()}`);
  if (index >= 0)
    select(index);
  else
    byId('number').value = String(page.stop.number);
}

function connectControls() {
  const clicks = { first: () => select(0), previous: () => move(-1), next: () => move(1), last: () => select(page.trace.last),
    play: () => play(!page.timer), 'match-next': () => goToMatch(1), 'match-previous': () => goToMatch(-1), 'help-button': () => byId('help').showModal() };
  for (const [id, action] of Object.entries(clicks))
    byId(id).addEventListener('click', action);
  byId('slider').addEventListener('input', () => select(Number(byId('slider').value)));
  byId('number').addEventListener('change', goToNumber);
  byId('number').addEventListener('keydown', (event) => { if (event.key === 'Enter') { goToNumber(); event.target.blur(); } });
  byId('query').addEventListener('input', () => search(byId('query').value));
  byId('query').addEventListener('keydown', (event) => {
    if (event.key === 'Enter') { goToMatch(event.shiftKey ? -1 : 1); event.target.blur(); }
  });
  byId('track').addEventListener('change', () => { page.diagram.track = byId('track').value; page.diagram.trackValues = []; drawAll(); });
  document.addEventListener('click', clickSearch);
  byId('panel').addEventListener('mouseover', pointAtMessages);
  byId('panel').addEventListener('mouseleave', pointAtMessages);
  document.addEventListener('keydown', pressKey);
}

/* Names of nodes and messages that can be clicked search for themselves; a menu that is open closes. */
function clickSearch(event) {
  const target = event.target.closest('[data-search]');
  if (target)
    searchFor(target.dataset.search);
  if (!event.target.closest('#filter'))
    byId('filter').open = false;
}

/* The arrows of the messages whose line in the panel is under the mouse stand out. */
function pointAtMessages(event) {
  const item = event.type === 'mouseleave' ? null : event.target.closest('[data-messages]');
  const pointed = new Set((item?.dataset.messages ?? '').split(' '));
  page.diagram.arrows.forEach((arrows, index) =>
    arrows.forEach((arrow) => arrow.classList.toggle('pointed', pointed.has(String(index)))));
}

/* The splitter: dragged, or moved by the arrow keys. */
function setPanelWidth(width) {
  const most = document.documentElement.clientWidth * 0.75;
  const now = Math.round(Math.max(240, Math.min(most, width)));
  document.documentElement.style.setProperty('--panel', `${now}px`);
  byId('splitter').setAttribute('aria-valuenow', Math.round((100 * now) / document.documentElement.clientWidth));
}

function connectSplitter() {
  const splitter = byId('splitter');
  const right = () => document.documentElement.clientWidth;
  splitter.addEventListener('pointerdown', (event) => splitter.setPointerCapture(event.pointerId));
  splitter.addEventListener('pointermove', (event) => {
    if (splitter.hasPointerCapture(event.pointerId))
      setPanelWidth(right() - event.clientX - 4);
  });
  splitter.addEventListener('keydown', (event) => {
    const by = { ArrowLeft: 24, ArrowRight: -24 }[event.key];
    if (by)
      setPanelWidth(byId('panel').offsetWidth + by);
  });
  setPanelWidth(right() * 0.36);
  new ResizeObserver(() => requestAnimationFrame(() => drawAll())).observe(byId('diagram'));
}

/* ---- Beginning ---- */

function begin() {
  const trace = readTrace(byId('trace').textContent);
  page.trace = trace;
  page.diagram = newDiagram(trace);
  fillHeader(trace);
  fillRows();
  fillLegend();
  fillSigns();
  fillChoices();
  byId('slider').max = trace.last;
  byId('total').textContent = `of ${trace.stops[trace.last].number}`;
  drawAll();
  connectControls();
  connectSplitter();
  select(Math.max(0, stopOfHash(trace, location.hash)));
  addEventListener('beforeprint', () => drawAll(700)); /* what paper has */
  addEventListener('afterprint', () => drawAll());
  addEventListener('hashchange', () => { const stop = stopOfHash(trace, location.hash); if (stop >= 0) select(stop); });
  document.body.dataset.readyAfter = performance.now().toFixed(0);
}

begin();
