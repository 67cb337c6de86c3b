'use strict';

// The Echo service of echo.proto on grpc-js. Prints its port and ends with its input.

const grpc = require('@grpc/grpc-js');
const { Echo, Status, ErrorInfo } = require('./protos');

let cancelled = 0;
let waiting = [];

function countCancelled() {
  cancelled++;
  waiting = waiting.filter(({ count, answer }) => cancelled < count || answer());
}

function begin(call) {
  const headers = new grpc.Metadata();
  const trailers = new grpc.Metadata();
  for (const key of Object.keys(call.metadata.getMap())) {
    for (const value of call.metadata.get(key)) {
      if (key.startsWith('echo-')) headers.add(key, value);
      if (key.startsWith('trail-')) trailers.add(key, value);
    }
  }
  if (Object.keys(headers.getMap()).length > 0) call.sendMetadata(headers);
  return trailers;
}

function reply(call, request, count, bytes) {
  return {
    payload: request.replyBytes ? Buffer.alloc(request.replyBytes) : request.payload,
    requestCount: count,
    requestBytes: bytes,
    requestEncoding: call.metadata.get('grpc-encoding').join(),
  };
}

function failure({ code, message, reason }, trailers) {
  if (reason) {
    const value = ErrorInfo.serialize({ reason, domain: 'test.rxchain', metadata: {} });
    const details = [{ type_url: 'type.googleapis.com/google.rpc.ErrorInfo', value }];
    trailers.set('grpc-status-details-bin', Status.serialize({ code, message, details }));
  }
  return { code, details: message, metadata: trailers };
}

// Calls `succeed` unless the request wants the call to hang or to fail.
function end(call, request, fail, succeed, trailers) {
  if (request.hang) call.once('cancelled', countCancelled);
  else if (request.failure) fail(failure(request.failure, trailers));
  else succeed();
}

function unary(call, callback) {
  const trailers = begin(call);
  const { request } = call;
  end(call, request, callback, () => callback(null, reply(call, request, 1, request.payload.length), trailers), trailers);
}

function collect(call, callback) {
  let [count, bytes, last] = [0, 0, { payload: Buffer.alloc(0) }];
  call.on('data', (request) => {
    [count, bytes, last] = [count + 1, bytes + request.payload.length, request];
  });
  call.on('end', () => {
    const trailers = begin(call);
    end(call, last, callback, () => callback(null, reply(call, last, count, bytes), trailers), trailers);
  });
}

async function repeat(call) {
  const trailers = begin(call);
  const { request } = call;
  for (let i = 0; i < request.replyCount; i++) {
    if (!call.write(reply(call, request, 1, request.payload.length))) {
      await new Promise((resolve) => call.once('drain', resolve));
    }
  }
  end(call, request, (error) => call.emit('error', error), () => call.end(trailers), trailers);
}

function chat(call) {
  let [count, bytes, trailers] = [0, 0, new grpc.Metadata()];
  call.on('data', (request) => {
    [count, bytes] = [count + 1, bytes + request.payload.length];
    if (count === 1) trailers = begin(call);
    call.write(reply(call, request, count, bytes));
    end(call, request, (error) => call.emit('error', error), () => {}, trailers);
  });
  call.on('end', () => call.end(trailers));
}

function observe(call, callback) {
  const count = call.request.waitForCancelled;
  const answer = () => callback(null, { cancelled });
  if (cancelled >= count) answer();
  else waiting.push({ count, answer });
}

const server = new grpc.Server();
server.addService(Echo.service, { unary, collect, repeat, chat, observe });
server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  console.log(port);
});
process.stdin.resume().on('end', () => server.forceShutdown());
