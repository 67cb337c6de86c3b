"""The same scenarios as in js/scenarios.js and Clients/ClientTests.cs."""

import asyncio
import time

import grpc
from peer import failure_of

MEBIBYTE = 1 << 20
STREAMS = 2000


async def unary(peer):
    reply = await peer.unary(peer.request(payload="héllo".encode()))
    assert reply.payload.decode() == "héllo"


async def client_streaming(peer):
    reply = await peer.collect(peer.request(payload=text) for text in (b"a", b"bc", b"def"))
    assert (reply.request_count, reply.request_bytes) == (3, 6)


async def server_streaming(peer):
    replies = [reply.payload async for reply in peer.repeat(peer.request(payload=b"x", reply_count=5))]
    assert replies == [b"x"] * 5


async def duplex(peer):
    call = peer.chat()
    for i in range(10):
        await call.write(peer.request(payload=b"%d" % i))
        assert (await call.read()).payload == b"%d" % i
    await call.done_writing()
    assert await call.read() is grpc.aio.EOF
    assert await call.code() == grpc.StatusCode.OK


async def metadata(peer):
    data = bytes([0, 255, 128, 10, 44])
    call = peer.unary(
        peer.request(),
        metadata=(
            ("echo-text", "one"),
            ("echo-text", "two"),
            ("echo-data-bin", data),
            ("trail-text", "last"),
            ("trail-data-bin", data),
        ),
    )
    headers, trailers = await call.initial_metadata(), await call.trailing_metadata()
    texts = [value.strip() for text in headers.get_all("echo-text") for value in text.split(",")]
    assert texts == ["one", "two"]
    assert headers["echo-data-bin"] == data
    assert trailers["trail-text"] == "last"
    assert trailers["trail-data-bin"] == data


async def deadline(peer):
    before = await peer.cancelled()
    started = time.monotonic()
    error = await failure_of(peer.unary(peer.request(hang=True), timeout=0.2))
    assert error.code() == grpc.StatusCode.DEADLINE_EXCEEDED
    assert time.monotonic() - started >= 0.19
    assert await peer.cancelled(before + 1) == before + 1


async def cancellation(peer):
    before = await peer.cancelled()
    call = peer.repeat(peer.request(payload=b"x", reply_count=3, hang=True))
    for _ in range(3):
        assert (await call.read()).payload == b"x"
    assert call.cancel()
    assert await call.code() == grpc.StatusCode.CANCELLED
    assert await peer.cancelled(before + 1) == before + 1


async def trailers_only_error(peer):
    failure = {"code": 10, "message": "überholt: 100 %\n次"}
    error = await failure_of(peer.unary(peer.request(failure=failure)))
    assert (error.code(), error.details()) == (grpc.StatusCode.ABORTED, failure["message"])


async def error_after_replies(peer):
    call = peer.repeat(peer.request(payload=b"x", reply_count=2, failure={"code": 15, "message": "late"}))
    for _ in range(2):
        assert (await call.read()).payload == b"x"
    assert (await call.code(), await call.details()) == (grpc.StatusCode.DATA_LOSS, "late")


async def status_details(peer):
    failure = {"code": 9, "message": "no", "reason": "UNITS_EXCEEDED"}
    error = await failure_of(peer.unary(peer.request(failure=failure)))
    status = peer.messages["google.rpc.Status"].FromString(error.trailing_metadata()["grpc-status-details-bin"])
    assert (status.code, status.message) == (9, "no")
    info = peer.messages["google.rpc.ErrorInfo"]()
    assert status.details[0].Unpack(info)
    assert info.reason == "UNITS_EXCEEDED"


async def unimplemented(peer):
    error = await failure_of(peer.channel.unary_unary("/rxchain.test.v1.Echo/Nothing")(b""))
    assert error.code() == grpc.StatusCode.UNIMPLEMENTED


async def request_too_large(peer):
    error = await failure_of(peer.unary(peer.request(payload=bytes(5 * MEBIBYTE))))
    assert error.code() == grpc.StatusCode.RESOURCE_EXHAUSTED


async def reply_too_large(peer):
    error = await failure_of(peer.unary(peer.request(reply_bytes=5 * MEBIBYTE)))
    assert error.code() == grpc.StatusCode.RESOURCE_EXHAUSTED


async def gzip(peer):
    payload = b"rx" * (MEBIBYTE // 2)
    async with peer.using(compression=grpc.Compression.Gzip) as compressing:
        reply = await compressing.unary(peer.request(payload=payload, compress=True))
    assert reply.request_encoding == "gzip"
    assert reply.payload == payload


async def upload_100_mebibytes(peer):
    request = peer.request(payload=bytes(MEBIBYTE))
    reply = await peer.collect(request for _ in range(100))
    assert (reply.request_count, reply.request_bytes) == (100, 100 * MEBIBYTE)


async def download_100_mebibytes(peer):
    call = peer.repeat(peer.request(reply_bytes=MEBIBYTE, reply_count=100))
    assert sum([len(reply.payload) async for reply in call]) == 100 * MEBIBYTE


async def thousands_of_streams(peer):
    """All are open at the same time, on one connection."""
    calls = [peer.chat() for _ in range(STREAMS)]

    async def ask(call, i):
        await call.write(peer.request(payload=b"%d" % i))
        return (await call.read()).payload == b"%d" % i

    async def close(call):
        await call.done_writing()
        return await call.code() == grpc.StatusCode.OK

    assert all(await asyncio.gather(*(ask(call, i) for i, call in enumerate(calls))))
    assert all(await asyncio.gather(*(close(call) for call in calls)))
