"""Echo on grpc.aio."""

import grpc


class Peer:
    def __init__(self, target, messages, **channel):
        self._target = target
        self.messages = messages
        self.channel = grpc.aio.insecure_channel(
            target, options=[("grpc.use_local_subchannel_pool", 1)], **channel
        )
        self.request = messages["rxchain.test.v1.EchoRequest"]
        self.unary = self._method("unary_unary", "Unary")
        self.collect = self._method("stream_unary", "Collect")
        self.repeat = self._method("unary_stream", "Repeat")
        self.chat = self._method("stream_stream", "Chat")

    def using(self, **channel):
        return Peer(self._target, self.messages, **channel)

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        await self.channel.close()

    async def cancelled(self, at_least=0):
        """How many hung calls the server has seen being cancelled, once there are `at_least` so many."""
        observe = self._method("unary_unary", "Observe", "ObserveRequest", "Observation")
        request = self.messages["rxchain.test.v1.ObserveRequest"](wait_for_cancelled=at_least)
        return (await observe(request, timeout=20)).cancelled

    def _method(self, kind, name, request="EchoRequest", reply="EchoReply"):
        return getattr(self.channel, kind)(
            f"/rxchain.test.v1.Echo/{name}",
            request_serializer=self.messages[f"rxchain.test.v1.{request}"].SerializeToString,
            response_deserializer=self.messages[f"rxchain.test.v1.{reply}"].FromString,
        )


async def failure_of(call):
    """The error that a call of one reply ends with."""
    try:
        await call
    except grpc.aio.AioRpcError as error:
        return error
    raise AssertionError("the call succeeded")
