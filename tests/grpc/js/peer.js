'use strict';

const grpc = require('@grpc/grpc-js');
const { Echo } = require('./protos');

// Echo with promises: each call gives { replies, error, headers, trailers }.
class Peer {
  constructor(target, options = {}) {
    this.target = target;
    this.client = new Echo(target, grpc.credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1, ...options });
  }

  with(options) {
    return new Peer(this.target, options);
  }

  close() {
    this.client.close();
  }

  unary(request, metadata = new grpc.Metadata(), options = {}) {
    return this.#single((done) => this.client.unary(request, metadata, options, done));
  }

  observe(request) {
    return this.#single((done) => this.client.observe(request, { deadline: Date.now() + 20_000 }, done));
  }

  // `requests` may be any iterable; they are written as fast as the call takes them.
  async collect(requests) {
    let call;
    const result = this.#single((done) => (call = this.client.collect(done)));
    await writeAll(call, requests);
    return result;
  }

  repeat(request, metadata = new grpc.Metadata(), options = {}) {
    return this.client.repeat(request, metadata, options);
  }

  chat(metadata = new grpc.Metadata(), options = {}) {
    return this.client.chat(metadata, options);
  }

  #single(start) {
    return new Promise((resolve) => {
      const result = { replies: [], error: null };
      const settle = () => {
        if (result.settled && result.trailers) resolve(result);
      };
      const call = start((error, reply) => {
        Object.assign(result, { error, settled: true });
        if (reply) result.replies.push(reply);
        settle();
      });
      call.on('metadata', (headers) => (result.headers = headers));
      call.on('status', (status) => {
        result.trailers = status.metadata;
        settle();
      });
    });
  }
}

async function writeAll(call, requests) {
  for (const request of requests) {
    if (!call.write(request)) await new Promise((resolve) => call.once('drain', resolve));
  }
  call.end();
}

// Everything a stream of replies gives; `onReply` sees each reply as it comes.
function drain(call, onReply = () => {}) {
  return new Promise((resolve) => {
    const result = { replies: [], error: null };
    call.on('metadata', (headers) => (result.headers = headers));
    call.on('data', (reply) => {
      result.replies.push(reply);
      onReply(reply, result.replies.length);
    });
    call.on('error', (error) => (result.error = error));
    call.on('status', (status) => resolve(Object.assign(result, { trailers: status.metadata })));
  });
}

module.exports = { Peer, drain };
