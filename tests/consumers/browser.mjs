// Headless Chromium over the DevTools protocol, by a pair of pipes (--remote-debugging-pipe): no package is needed, and
// no port. One browser, one page at a time.

import { spawn } from 'node:child_process';
import { once } from 'node:events';

export class Browser {
  #process;
  #pending = new Map();
  #number = 0;
  #listeners = [];
  #failure = null;

  constructor(program, profile) {
    const flags = ['--headless=new', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--no-first-run',
      '--disable-dev-shm-usage', `--user-data-dir=${profile}`, '--remote-debugging-pipe', 'about:blank'];
    this.#process = spawn(program, flags, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
    this.#process.on('error', (error) => this.#end(error));
    this.#process.stdio[3].on('error', () => {}); // the exit tells
    this.#process.on('exit', (code) => this.#end(new Error(`${program} ended with ${code}`)));
    let rest = '';
    this.#process.stdio[4].setEncoding('utf8').on('data', (data) => {
      const lines = (rest + data).split('\0');
      rest = lines.pop();
      lines.forEach((line) => this.#receive(JSON.parse(line)));
    });
  }

  #end(error) {
    this.#failure ??= error;
    for (const { reject } of this.#pending.values())
      reject(error);
    this.#pending.clear();
  }

  #receive(message) {
    const waiting = this.#pending.get(message.id);
    if (!waiting) {
      this.#listeners.forEach((listener) => listener(message));
      return;
    }
    this.#pending.delete(message.id);
    if (message.error)
      waiting.reject(new Error(`${waiting.method}: ${message.error.message}`));
    else
      waiting.resolve(message.result);
  }

  send(method, params = {}, sessionId = undefined) {
    if (this.#failure)
      return Promise.reject(this.#failure);
    const id = ++this.#number;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject, method });
      this.#process.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  }

  listen(listener) {
    this.#listeners.push(listener);
  }

  async close() {
    const ended = once(this.#process, 'exit').catch(() => {});
    await this.send('Browser.close').catch(() => {});
    if (!this.#failure)
      await ended;
  }

  // A page of that size, in a browser context of its own.
  async page(width, height) {
    const { targetId } = await this.send('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await this.send('Target.attachToTarget', { targetId, flatten: true });
    const page = new Page(this, sessionId);
    for (const domain of ['Page', 'Runtime', 'Log', 'Network'])
      await page.send(`${domain}.enable`);
    await page.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false });
    return page;
  }
}

class Page {
  problems = []; // whatever the console was told, and exceptions
  requests = []; // addresses, the page's own too
  #loaded = () => {};

  constructor(browser, session) {
    this.browser = browser;
    this.session = session;
    browser.listen((message) => {
      if (message.sessionId === session)
        this.#hear(message.method, message.params);
    });
  }

  #hear(method, params) {
    if (method === 'Runtime.exceptionThrown')
      this.problems.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
    else if (method === 'Runtime.consoleAPICalled')
      this.problems.push(`console.${params.type}: ${params.args.map((argument) => argument.value).join(' ')}`);
    else if (method === 'Log.entryAdded')
      this.problems.push(`${params.entry.level}: ${params.entry.text}`);
    else if (method === 'Network.requestWillBeSent')
      this.requests.push(params.request.url);
    else if (method === 'Page.loadEventFired')
      this.#loaded();
  }

  send(method, params) {
    return this.browser.send(method, params, this.session);
  }

  async open(url) {
    this.requests = [];
    const loaded = new Promise((resolve) => (this.#loaded = resolve));
    await this.send('Page.navigate', { url: 'about:blank' });
    await loaded;
    const again = new Promise((resolve) => (this.#loaded = resolve));
    this.requests = [];
    await this.send('Page.navigate', { url });
    await again;
  }

  // The value of an expression in the page.
  async evaluate(expression) {
    const { result, exceptionDetails } = await this.send('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true });
    if (exceptionDetails)
      throw new Error(`${exceptionDetails.exception?.description ?? exceptionDetails.text} in ${expression}`);
    return result.value;
  }

  // A key by its name: "j", "ArrowRight", "Enter".
  async press(key) {
    const codes = { ArrowLeft: 37, ArrowUp: 38, ArrowRight: 39, ArrowDown: 40, Home: 36, End: 35, Enter: 13, Escape: 27, Tab: 9 };
    const text = key.length === 1 ? key : key === 'Enter' ? '\r' : undefined;
    const params = { key, windowsVirtualKeyCode: codes[key] ?? key.toUpperCase().charCodeAt(0), text };
    await this.send('Input.dispatchKeyEvent', { type: text ? 'keyDown' : 'rawKeyDown', ...params });
    await this.send('Input.dispatchKeyEvent', { type: 'keyUp', ...params, text: undefined });
  }

  async type(text) {
    for (const key of text)
      await this.press(key);
  }

  // A click in the middle of the first element that matches.
  async click(selector) {
    const at = await this.evaluate(`(() => { const box = document.querySelector(${JSON.stringify(selector)}).getBoundingClientRect();
      return { x: box.x + box.width / 2, y: box.y + box.height / 2 }; })()`);
    await this.clickAt(at.x, at.y);
  }

  async clickAt(x, y) {
    for (const type of ['mouseMoved', 'mousePressed', 'mouseReleased'])
      await this.send('Input.dispatchMouseEvent', { type, x, y, button: type === 'mouseMoved' ? 'none' : 'left', clickCount: 1 });
  }

  async theme(scheme) {
    await this.send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: scheme }] });
  }

  async screenshot() {
    const { data } = await this.send('Page.captureScreenshot', { format: 'png' });
    return Buffer.from(data, 'base64');
  }

  async pdf() {
    const { data } = await this.send('Page.printToPDF', { printBackground: true, landscape: true });
    return Buffer.from(data, 'base64');
  }
}
