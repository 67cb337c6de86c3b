"""Message classes made from a FileDescriptorSet, so that no generated code has to match the installed runtime."""

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory


class Messages:
    def __init__(self, descriptor_set_path):
        self._pool = descriptor_pool.DescriptorPool()
        self._factory = message_factory.MessageFactory(self._pool)
        with open(descriptor_set_path, "rb") as file:
            for proto in descriptor_pb2.FileDescriptorSet.FromString(file.read()).file:
                self._pool.Add(proto)

    def __getitem__(self, full_name):
        return self._factory.GetPrototype(self._pool.FindMessageTypeByName(full_name))
