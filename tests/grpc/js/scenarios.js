'use strict';

// The same scenarios as in python/scenarios.py and Clients/ClientTests.cs.

const assert = require('node:assert/strict');
const grpc = require('@grpc/grpc-js');
const { drain } = require('./peer');
const { Status, ErrorInfo } = require('./protos');

const { status } = grpc;
const MEBIBYTE = 1 << 20;
const STREAMS = 2000;

const text = (value) => ({ payload: Buffer.from(value) });

async function unary(peer) {
  const { replies, error } = await peer.unary(text('héllo'));
  assert.equal(error, null);
  assert.equal(replies[0].payload.toString(), 'héllo');
}

async function client_streaming(peer) {
  const { replies } = await peer.collect(['a', 'bc', 'def'].map(text));
  assert.deepEqual([replies[0].requestCount, replies[0].requestBytes], [3, 6]);
}

async function server_streaming(peer) {
  const { replies, error } = await drain(peer.repeat({ ...text('x'), replyCount: 5 }));
  assert.equal(error, null);
  assert.deepEqual(replies.map((reply) => reply.payload.toString()), Array(5).fill('x'));
}

async function duplex(peer) {
  const call = peer.chat();
  const result = drain(call, (_, count) => (count < 10 ? call.write(text(`${count}`)) : call.end()));
  call.write(text('0'));
  const { replies, error } = await result;
  assert.equal(error, null);
  assert.deepEqual(replies.map((reply) => Number(reply.payload)), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
}

async function metadata(peer) {
  const bytes = Buffer.from([0, 255, 128, 10, 44]);
  const sent = new grpc.Metadata();
  sent.add('Echo-Text', 'one');
  sent.add('echo-text', 'two');
  sent.add('echo-data-bin', bytes);
  sent.add('trail-text', 'last');
  sent.add('trail-data-bin', bytes);
  const { headers, trailers } = await peer.unary(text(''), sent);
  assert.equal(headers.get('echo-text').join().replaceAll(' ', ''), 'one,two');
  assert.deepEqual(headers.get('echo-data-bin'), [bytes]);
  assert.deepEqual(trailers.get('trail-text'), ['last']);
  assert.deepEqual(trailers.get('trail-data-bin'), [bytes]);
}

async function deadline(peer) {
  const before = (await peer.observe({})).replies[0].cancelled;
  const started = Date.now();
  const { error } = await peer.unary({ hang: true }, undefined, { deadline: started + 200 });
  assert.equal(error.code, status.DEADLINE_EXCEEDED);
  assert.ok(Date.now() - started >= 190);
  const observed = await peer.observe({ waitForCancelled: before + 1 });
  assert.equal(observed.replies[0]?.cancelled, before + 1);
}

async function cancellation(peer) {
  const before = (await peer.observe({})).replies[0].cancelled;
  const call = peer.repeat({ ...text('x'), replyCount: 3, hang: true });
  const { replies, error } = await drain(call, (_, count) => count === 3 && call.cancel());
  assert.equal(replies.length, 3);
  assert.equal(error.code, status.CANCELLED);
  const observed = await peer.observe({ waitForCancelled: before + 1 });
  assert.equal(observed.replies[0]?.cancelled, before + 1);
}

async function trailers_only_error(peer) {
  const { replies, error } = await peer.unary({ failure: { code: status.ABORTED, message: 'überholt: 100 %\n次' } });
  assert.equal(replies.length, 0);
  assert.deepEqual([error.code, error.details], [status.ABORTED, 'überholt: 100 %\n次']);
}

async function error_after_replies(peer) {
  const failure = { code: status.DATA_LOSS, message: 'late' };
  const { replies, error } = await drain(peer.repeat({ ...text('x'), replyCount: 2, failure }));
  assert.equal(replies.length, 2);
  assert.deepEqual([error.code, error.details], [status.DATA_LOSS, 'late']);
}

async function status_details(peer) {
  const failure = { code: status.FAILED_PRECONDITION, message: 'no', reason: 'UNITS_EXCEEDED' };
  const { error } = await peer.unary({ failure });
  const details = Status.deserialize(error.metadata.get('grpc-status-details-bin')[0]);
  assert.deepEqual([details.code, details.message], [status.FAILED_PRECONDITION, 'no']);
  assert.equal(details.details[0].type_url, 'type.googleapis.com/google.rpc.ErrorInfo');
  assert.equal(ErrorInfo.deserialize(details.details[0].value).reason, 'UNITS_EXCEEDED');
}

async function unimplemented(peer) {
  const same = (value) => value;
  const error = await new Promise((resolve) =>
    peer.client.makeUnaryRequest('/rxchain.test.v1.Echo/Nothing', same, same, Buffer.alloc(0), resolve));
  assert.equal(error.code, status.UNIMPLEMENTED);
}

async function request_too_large(peer) {
  const { error } = await peer.unary({ payload: Buffer.alloc(5 * MEBIBYTE) });
  assert.equal(error.code, status.RESOURCE_EXHAUSTED);
}

async function reply_too_large(peer) {
  const { error } = await peer.unary({ replyBytes: 5 * MEBIBYTE });
  assert.equal(error.code, status.RESOURCE_EXHAUSTED);
}

async function gzip(peer) {
  const compressing = peer.with({ 'grpc.default_compression_algorithm': grpc.compressionAlgorithms.gzip });
  const payload = Buffer.alloc(MEBIBYTE, 'rx');
  const { replies, error } = await compressing.unary({ payload, compress: true });
  compressing.close();
  assert.equal(error, null);
  assert.equal(replies[0].requestEncoding, 'gzip');
  assert.ok(replies[0].payload.equals(payload));
}

async function upload_100_mebibytes(peer) {
  const request = { payload: Buffer.alloc(MEBIBYTE) };
  const { replies } = await peer.collect(Array(100).fill(request));
  assert.deepEqual([replies[0].requestCount, replies[0].requestBytes], [100, 100 * MEBIBYTE]);
}

async function download_100_mebibytes(peer) {
  let bytes = 0;
  const { error } = await drain(
    peer.repeat({ replyBytes: MEBIBYTE, replyCount: 100 }), (reply) => (bytes += reply.payload.length));
  assert.equal(error, null);
  assert.equal(bytes, 100 * MEBIBYTE);
}

// All are open at the same time, on one connection.
async function thousands_of_streams(peer) {
  const calls = Array.from({ length: STREAMS }, () => peer.chat());
  let open = 0;
  const all = calls.map((call) =>
    drain(call, () => ++open === STREAMS && calls.forEach((each) => each.end())));
  calls.forEach((call, i) => call.write(text(`${i}`)));
  const results = await Promise.all(all);
  assert.ok(results.every(({ error, replies }, i) => !error && replies[0].payload.toString() === `${i}`));
}

module.exports = {
  unary,
  client_streaming,
  server_streaming,
  duplex,
  metadata,
  deadline,
  cancellation,
  trailers_only_error,
  error_after_replies,
  status_details,
  unimplemented,
  request_too_large,
  reply_too_large,
  gzip,
  upload_100_mebibytes,
  download_100_mebibytes,
  thousands_of_streams,
};
