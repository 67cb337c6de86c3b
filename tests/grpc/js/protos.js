'use strict';

const path = require('node:path');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const options = { longs: Number, defaults: true };
const tests = path.join(__dirname, '..', 'protos');
const googleRpc = path.join(__dirname, '..', '..', '..', 'grpc-api', 'protos');

const echo = grpc.loadPackageDefinition(loader.loadSync('echo.proto', { ...options, includeDirs: [tests] }));
const rpc = loader.loadSync(['google/rpc/status.proto', 'google/rpc/error_details.proto'], {
  ...options,
  includeDirs: [googleRpc],
});

module.exports = {
  Echo: echo.rxchain.test.v1.Echo,
  Status: rpc['google.rpc.Status'],
  ErrorInfo: rpc['google.rpc.ErrorInfo'],
};
