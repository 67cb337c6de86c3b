// Issue, claim, dispense, history: see grpc-api/samples/README.md. Usage: sample.js HOST:PORT PARTIES.json [CERT KEY CA]
'use strict';

const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const root = path.join(__dirname, '..', '..', '..');
const definition = loader.loadSync('rxchain/v1/prescriptions.proto', {
  longs: Number,
  enums: String,
  defaults: true,
  oneofs: true,
  includeDirs: [path.join(root, 'grpc-api/protos'), path.join(root, 'contracts/prescriptions')],
});
const { PrescriptionService } = grpc.loadPackageDefinition(definition).rxchain.v1;
const Event = definition['rxchain.events.v1.Event'];

const payloadType = Buffer.from('application/vnd.rxchain.event.v1');
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

class Signer {
  constructor(pem) {
    this.key = crypto.createPrivateKey(pem);
    // A P-256 SubjectPublicKeyInfo ends with the uncompressed point.
    const point = crypto.createPublicKey(this.key).export({ type: 'spki', format: 'der' }).subarray(-65);
    this.keyId = crypto.createHash('sha256').update(Buffer.from([1])).update(point).digest();
  }

  // 64 bytes r||s over the DSSE encoding; of the two forms of s the lower one.
  sign(encoded) {
    const signature = crypto.sign('sha256', encoded, { key: this.key, dsaEncoding: 'ieee-p1363' });
    const s = BigInt(`0x${signature.toString('hex', 32)}`);
    if (s > order / 2n) signature.write((order - s).toString(16).padStart(64, '0'), 32, 'hex');
    return signature;
  }
}

// The DSSE pre-authentication encoding: what is signed. Its SHA-256 is the event id.
function dsse(payload) {
  return Buffer.concat([Buffer.from(`DSSEv1 ${payloadType.length} ${payloadType} ${payload.length} `), payload]);
}

function field(number, value) {
  const head = [(number << 3) | 2];
  let size = value.length;
  for (; size > 0x7f; size >>= 7) head.push((size & 0x7f) | 0x80);
  return Buffer.concat([Buffer.from([...head, size]), value]);
}

function call(client, method, request) {
  const deadline = Date.now() + 30_000;
  return new Promise((resolve, reject) => {
    client[method](request, { deadline }, (error, reply) => (error ? reject(error) : resolve(reply)));
  });
}

// Prepares, checks that the node's bytes are our own, signs, submits.
async function act(client, network, name, draft, signers) {
  const prepared = await call(client, 'prepareEvent', { draft });
  const { sequence, eventId } = prepared.head;
  const own = { ...draft, network, sequence: sequence + 1, keyIds: signers.map((signer) => signer.keyId) };
  if (sequence > 0) own.previousEventId = eventId;
  const payload = Event.serialize(own);
  if (!payload.equals(prepared.payload) || (sequence === 0) !== (name === 'issue')) {
    throw new Error('The node prepared another event than the one asked for: not signed.');
  }
  const encoded = dsse(payload);
  if (!crypto.createHash('sha256').update(encoded).digest().equals(prepared.eventId)) {
    throw new Error('The node computed another event id.');
  }
  const signatures = signers.map((signer) => field(3, signer.sign(encoded)));
  const envelope = Buffer.concat([field(1, payloadType), field(2, payload), ...signatures]);
  const placed = await call(client, 'submitEvent', { envelope, requestId: crypto.randomUUID() });
  console.log(`${name}: leaf ${placed.leafIndex}`);
}

// In plaintext on loopback, or under mutual TLS with the files of a client certificate.
function credentials(tls) {
  if (tls.length === 0) return grpc.credentials.createInsecure();
  const [certificate, key, authority] = tls.map((file) => fs.readFileSync(file));
  return grpc.credentials.createSsl(authority, key, certificate);
}

async function main(address, partiesFile, ...tls) {
  const parties = JSON.parse(fs.readFileSync(partiesFile, 'utf8'));
  const signers = (...names) => names.map((name) => new Signer(parties[name].key));
  const client = new PrescriptionService(address, credentials(tls));
  const random = crypto.randomBytes;
  const prescriptionId = random(16);
  const now = Date.now();
  const by = (organisation, role, practitioner) => ({
    prescriptionId,
    organisation: parties[organisation].name,
    role,
    timeMs: now,
    ...(practitioner && { responsibleId: Buffer.from(parties[practitioner].id, 'hex') }),
  });
  // Fields of proto3 that hold their default are left out: a signed event has one encoding.
  const issue = {
    lines: [{ commitment: random(32), units: 30 }],
    notBeforeMs: now,
    notAfterMs: now + 86_400_000,
    contentCommitment: random(32),
    nominee: parties.pharmacy.name,
  };
  const dispense = { items: [{ fulfilsUnits: 30, productCommitment: random(32) }], contentCommitment: random(32) };
  const does = (name, draft, ...names) =>
    act(client, parties.network, name, draft, signers(...names));

  await does('issue', { ...by('hospital', 'ROLE_HOSPITAL', 'prescriber'), issue }, 'hospital', 'prescriber');
  await does('claim', { ...by('pharmacy', 'ROLE_PHARMACY'), claim: { claimNumber: 1, nominee: {} } }, 'pharmacy');
  await does('dispense', { ...by('pharmacy', 'ROLE_PHARMACY', 'pharmacist'), dispense }, 'pharmacy', 'pharmacist');
  const history = await call(client, 'getHistory', { prescriptionId });
  for (const e of history.events) console.log(`leaf ${e.leafIndex}: ${e.event.act} ${e.outcome}`);
  const { prescription } = await call(client, 'getPrescription', { prescriptionId });
  console.log(prescription.status.replace('PRESCRIPTION_STATUS_', ''));
}

main(...process.argv.slice(2));
