"""Issue, claim, dispense, history: see grpc-api/samples/README.md. Usage: sample.py HOST:PORT PARTIES.json [CERT KEY CA]"""

import hashlib
import json
import os
import secrets
import subprocess
import sys
import time
from pathlib import Path

import grpc
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

ROOT = Path(__file__).resolve().parents[3]
PAYLOAD_TYPE = b"application/vnd.rxchain.event.v1"
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def load_messages():
    """Message classes out of the protos, so that no generated code has to match the installed runtime."""
    protoc = os.environ.get("PROTOC", "protoc")
    paths = ["-I", ROOT / "grpc-api/protos", "-I", ROOT / "contracts/prescriptions"]
    files = subprocess.run(
        [protoc, *paths, "--include_imports", "--descriptor_set_out=/dev/stdout", "rxchain/v1/prescriptions.proto"],
        check=True, capture_output=True).stdout
    pool = descriptor_pool.DescriptorPool()
    for file in descriptor_pb2.FileDescriptorSet.FromString(files).file:
        pool.Add(file)
    factory = message_factory.MessageFactory(pool)
    return lambda name: factory.GetPrototype(pool.FindMessageTypeByName(name))


def open_channel(address, tls):
    """In plaintext on loopback, or under mutual TLS with the files of a client certificate."""
    if not tls:
        return grpc.insecure_channel(address)
    certificate, key, authority = (Path(path).read_bytes() for path in tls)
    return grpc.secure_channel(address, grpc.ssl_channel_credentials(authority, key, certificate))


class Node:
    def __init__(self, channel, messages):
        self.channel, self.messages = channel, messages

    def call(self, method, **fields):
        message = lambda kind: self.messages(f"rxchain.v1.{kind}")
        rpc = self.channel.unary_unary(
            f"/rxchain.v1.PrescriptionService/{method}",
            request_serializer=message(f"{method}Request").SerializeToString,
            response_deserializer=message(f"{method}Response").FromString)
        return rpc(message(f"{method}Request")(**fields), timeout=30)


class Signer:
    def __init__(self, pem):
        self.key = serialization.load_pem_private_key(pem.encode(), None)
        point = self.key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
        self.key_id = hashlib.sha256(b"\x01" + point).digest()

    def sign(self, digest):
        """64 bytes r||s; of the two forms of s the lower one."""
        r, s = utils.decode_dss_signature(self.key.sign(digest, ec.ECDSA(utils.Prehashed(hashes.SHA256()))))
        return r.to_bytes(32, "big") + min(s, ORDER - s).to_bytes(32, "big")


def event_id(payload):
    """SHA-256 of the DSSE pre-authentication encoding."""
    head = b"DSSEv1 %d %s %d " % (len(PAYLOAD_TYPE), PAYLOAD_TYPE, len(payload))
    return hashlib.sha256(head + payload).digest()


def field(number, value):
    size, length = len(value), b""
    while size > 0x7F:
        length, size = length + bytes([size & 0x7F | 0x80]), size >> 7
    return bytes([number << 3 | 2]) + length + bytes([size]) + value


def act(node, network, draft, signers):
    """Prepares, checks that the node's bytes are our own, signs, submits."""
    prepared = node.call("PrepareEvent", draft=draft)
    own = type(draft)()
    own.CopyFrom(draft)
    own.network, own.sequence = network, prepared.head.sequence + 1
    own.previous_event_id = prepared.head.event_id
    own.key_ids.extend(signer.key_id for signer in signers)
    payload = own.SerializeToString(deterministic=True)
    if payload != prepared.payload or (prepared.head.sequence == 0) != draft.HasField("issue"):
        sys.exit("The node prepared another event than the one asked for: not signed.")
    digest = event_id(payload)
    signatures = b"".join(field(3, signer.sign(digest)) for signer in signers)
    envelope = field(1, PAYLOAD_TYPE) + field(2, payload) + signatures
    placed = node.call("SubmitEvent", envelope=envelope, request_id=secrets.token_hex(16))
    print(f"{draft.WhichOneof('act')}: leaf {placed.leaf_index}")


def main(address, parties_file, *tls):
    parties = json.loads(Path(parties_file).read_text())
    signer = lambda *names: [Signer(parties[name]["key"]) for name in names]
    messages = load_messages()
    node, event = Node(open_channel(address, tls), messages), messages("rxchain.events.v1.Event")
    rx, now, random = secrets.token_bytes(16), int(time.time() * 1000), secrets.token_bytes
    hospital = dict(prescription_id=rx, organisation=parties["hospital"]["name"], role="ROLE_HOSPITAL", time_ms=now,
                    responsible_id=bytes.fromhex(parties["prescriber"]["id"]))
    pharmacy = dict(prescription_id=rx, organisation=parties["pharmacy"]["name"], role="ROLE_PHARMACY", time_ms=now)
    pharmacist = dict(responsible_id=bytes.fromhex(parties["pharmacist"]["id"]))
    issue = dict(lines=[dict(commitment=random(32), units=30)], not_before_ms=now, not_after_ms=now + 86_400_000,
                 content_commitment=random(32), nominee=parties["pharmacy"]["name"])
    dispense = dict(items=[dict(fulfils_units=30, product_commitment=random(32))], content_commitment=random(32))
    network = parties["network"]
    act(node, network, event(issue=issue, **hospital), signer("hospital", "prescriber"))
    act(node, network, event(claim=dict(claim_number=1, nominee={}), **pharmacy), signer("pharmacy"))
    act(node, network, event(dispense=dispense, **pharmacy, **pharmacist), signer("pharmacy", "pharmacist"))
    for e in node.call("GetHistory", prescription_id=rx).events:
        print(f"leaf {e.leaf_index}: {e.event.WhichOneof('act')} {e.outcome}")
    prescription = node.call("GetPrescription", prescription_id=rx).prescription
    status = prescription.DESCRIPTOR.fields_by_name["status"].enum_type.values_by_number[prescription.status].name
    print(status.removeprefix("PRESCRIPTION_STATUS_"))


main(*sys.argv[1:])
