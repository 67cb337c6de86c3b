'use strict';

// Runs the scenarios of scenarios.js against a server: names come in, a line each; `ok` or what failed goes out.

const readline = require('node:readline');
const { Peer } = require('./peer');
const scenarios = require('./scenarios');

const target = process.argv[2];

async function run(name) {
  const peer = new Peer(target);
  try {
    await scenarios[name](peer);
    return 'ok';
  } catch (error) {
    return JSON.stringify(error.stack ?? String(error));
  } finally {
    peer.close();
  }
}

(async () => {
  for await (const name of readline.createInterface({ input: process.stdin })) console.log(await run(name));
})();
